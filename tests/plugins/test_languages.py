"""Pages in another language: tied to the Swedish ones, with chrome and hints in their own words."""


def test_a_translation_and_its_original_know_each_other_and_each_has_its_own_hint(site):
    site.write("theme/templates/page.html", PAGE)
    site.page("stod.md", "Ring {telefon:jouren}.")
    site.page("en/support.md", "Call {telefon:jouren}.", Title="Support", Lang="en", Translates="stod")

    site.build()

    swedish, english = site.text("stod/index.html"), site.text("en/support/index.html")
    assert "[en:en/support/]" in swedish
    assert "[sv:stod/]" in english
    assert "<small>Samtalet syns i telefonens samtalslista.</small>" in swedish
    assert "<small>The call stays in the phone’s list of calls.</small>" in english


PAGE = """{% extends "base.html" %}{% block main %}{{ page.content|safe }}
{% for each in page.translations %}[{{ each.lang }}:{{ each.url }}]{% endfor %}{% endblock %}"""


def test_a_page_that_names_one_which_is_not_there_is_a_fault(site, report):
    site.page("en/support.md", Lang="en", Translates="stöd")
    site.page("stod.md", Next="kontakt, stod")
    site.page("de.md", Lang="de")

    assert report() == (
        "Webbplatsen byggdes inte: 3 fel att rätta.\n\n"
        "content/pages/de.md\n  rad 4, Lang: ”de” finns inte. Skriv sv eller en.\n\n"
        "content/pages/en/support.md\n  rad 5, Translates: Sidan ”stöd” finns inte. Menade du stod?\n\n"
        "content/pages/stod.md\n  rad 4, Next: Sidan ”kontakt” finns inte. Skriv till exempel stod.\n\n"
    )

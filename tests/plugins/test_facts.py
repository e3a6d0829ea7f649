"""Numbers and facts: from content/data into pages, and old ones told."""

from datetime import date

import pytest

from plugins.data import is_stale

CALL = (
    '<span class="call"><a href="tel:+4686442032">08-644 20 32</a> '
    "<small>Samtalet syns i telefonens samtalslista.</small></span>"
)


NUMBER = '<span class="call"><a href="tel:+4686442032">08-644 20 32</a></span>'
NOTE = '<span class="call"><small>Samtalet syns i telefonens samtalslista.</small></span>'


def test_a_number_and_an_address_are_put_into_the_text(site):
    site.page("stod.md", "Ring {telefon:jouren}.\n\nMejla **{ epost: jouren }**. Skriv `{telefon:jouren}`.")

    text = site.build().text("stod/index.html")

    letter = '<a href="mailto:info@qjouren.se">info@qjouren.se</a>'
    assert f"<p>Ring {CALL}.</p>" in text
    assert f"<p>Mejla <strong>{letter}</strong>. Skriv <code>{{telefon:jouren}}</code>.</p>" in text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Ring {telefon:jouren} eller skriv.", f"Ring {NUMBER} eller skriv. {NOTE}"),
        ("Ring **{telefon:jouren}** nu.", f"Ring <strong>{NUMBER}</strong> nu. {NOTE}"),
        (
            "{telefon:jouren} eller {telefon:nod}",
            f"{NUMBER} eller {NUMBER.replace('+4686442032', '112').replace('08-644 20 32', '112')} {NOTE}",
        ),
        ("## Ring {telefon:jouren} nu", f"<h2>Ring {NUMBER} nu {NOTE}</h2>"),
        ("- Ring {telefon:jouren} nu.\n    - {telefon:jouren}", f"<li>Ring {NUMBER} nu. {NOTE}<ul>"),
    ],
)
def test_what_a_call_leaves_is_told_once_and_after_the_sentence(site, written, shown):
    site.page("stod.md", written)

    assert shown in site.build().text("stod/index.html")


def test_a_number_is_put_into_a_lecture_too(site):
    site.lecture("vald.md", "Ring {telefon:jouren}.")

    assert CALL in site.build().text("forelasningar/vald/index.html")


def test_every_reference_that_leads_nowhere_is_told_at_once(site, report):
    site.page("stod.md", "{telefon:joren}\n\n{telefon:polis} {epost:oss}\n\n{telfon:jouren} {Obs: se upp}")
    site.lecture("vald.md", "{telefon:x}")

    assert report() == (
        "Webbplatsen byggdes inte: 6 fel att rätta.\n"
        "\n"
        "content/lectures/vald.md\n"
        "  rad 7: ”{telefon:x}” finns inte i content/data. Det som finns är jouren, nod och kvinnofrid.\n"
        "\n"
        "content/pages/stod.md\n"
        "  rad 5: ”{telefon:joren}” finns inte i content/data. Menade du {telefon:jouren}?\n"
        "  rad 7: ”{telefon:polis}” finns inte i content/data. Det som finns är jouren, nod och kvinnofrid.\n"
        "  rad 7: ”{epost:oss}” finns inte i content/data. Det som finns är jouren.\n"
        "  rad 9: ”{telfon:jouren}” finns inte. Menade du {telefon:jouren}?\n"
        "  rad 9: ”{Obs: se upp}” finns inte. Det som finns är {telefon:…}, {epost:…} och {diagram:…}.\n"
        "\n"
    )


def test_nothing_is_told_when_all_was_checked_within_a_year(site, capsys):
    site.build()

    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("checked", "today", "stale"),
    [
        (date(2026, 1, 11), date(2027, 1, 11), False),
        (date(2026, 1, 10), date(2027, 1, 11), True),
        (date(2024, 2, 29), date(2025, 2, 28), False),
        (date(2024, 2, 29), date(2025, 3, 1), True),
        (date(2027, 5, 1), date(2027, 1, 11), False),
    ],
)
def test_a_fact_is_old_after_twelve_months(checked, today, stale):
    assert is_stale(checked, today) is stale


def test_every_fault_in_the_data_is_told_at_once(site, report):
    site.write("content/data/telephones.toml", 'x = 1\n[nod]\nnumber = "112"\nchecked = 2025-01-01\n')
    site.write("content/data/facts.toml", '[a]\ntext = "T"\nsource = "S"\nchecked = "i går"\n[a]\n')

    assert report() == (
        "Webbplatsen byggdes inte: 4 fel att rätta.\n"
        "\n"
        "content/data/facts.toml\n"
        "  rad 5: ”[a]” finns redan på rad 1. Ta bort en av de två avdelningarna eller byt namn på den.\n"
        "\n"
        "content/data/telephones.toml\n"
        "  [jouren] saknas. Lägg tillbaka jourens eget nummer.\n"
        "  rad 1, x: ”x” står utanför alla avdelningar. Skriv [x] på en egen rad och uppgifterna under den.\n"
        "  rad 2, nod: Posten saknar name och source.\n"
        "\n"
    )


def test_a_date_that_is_none_and_a_file_that_is_missing_are_told(site, report):
    site.write("content/data/facts.toml", '[a]\ntext = "T"\nsource = "S"\nchecked = "i går"\n')
    (site.root / "content/data/organisation.toml").unlink()

    assert report() == (
        "Webbplatsen byggdes inte: 2 fel att rätta.\n"
        "\n"
        "content/data/facts.toml\n"
        "  rad 4, a.checked: ”i går” är inget datum. Skriv till exempel checked = 2025-01-31.\n"
        "\n"
        "content/data/organisation.toml\n"
        "  Filen saknas. Lägg tillbaka den.\n"
        "\n"
    )

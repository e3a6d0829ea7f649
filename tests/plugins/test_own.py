"""What another shelter changes in the look: its mark and its colours; and the pages that the theme leads to."""

import pytest


def test_the_mark_is_in_the_site_and_other_colours_stand_after_the_themes(site):
    site.write("content/look.css", ":root { --deep: #000 }")

    text = site.build().text("index.html")

    assert site.text("favicon.ico") == ""  # a tab's icon is kept on the disk
    assert "<style>:root { --deep: #000 }</style>" in text
    assert len(site.catalogue().policy.style) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "Filen saknas. Märket står överst på varje sida."),
        (b"\xff\xfe", "Filen går inte att använda. Spara den som SVG i UTF-8."),
        (b"GIF89a", "Filen är ingen SVG-bild. Spara om den som SVG."),
    ],
)
def test_a_mark_that_cannot_be_used_is_told(site, report, text, words):
    mark = site.root / "content/mark.svg"
    mark.unlink() if text is None else mark.write_bytes(text)

    assert report().startswith(f"Webbplatsen byggdes inte: 1 fel att rätta.\n\ncontent/mark.svg\n  {words}")


def test_the_pages_that_the_theme_leads_to_must_be_there(site, report):
    for name in ("webblasare", "personuppgifter"):
        (site.root / f"content/pages/{name}.md").unlink()

    assert report() == (
        "Webbplatsen byggdes inte: 2 fel att rätta.\n\n"
        "content/pages/personuppgifter.md\n"
        "  Filen saknas. Formuläret länkar dit. Skriv vad ni sparar om den som anmäler sig.\n\n"
        "content/pages/webblasare.md\n"
        "  Filen saknas. Alla sidor länkar dit. Skriv hur man surfar säkrare.\n\n"
    )


def test_the_shelters_own_number_and_the_emergency_number_must_be_there(site, report):
    site.write("content/data/telephones.toml", "")

    told = report()

    assert "[jouren] saknas. Lägg tillbaka jourens eget nummer." in told
    assert "[nod] saknas. Lägg tillbaka larmnumret." in told

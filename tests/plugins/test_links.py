"""Links within the site: each leads to a page that is there, and to a place on it."""

import pytest


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("/stot/", "”/stot/” leder inte till något på webbplatsen. Menade du /stod/?"),
        ("/helt-annat-namn/", "Skriv adressen som den står i webbläsaren."),
        ("/stod/#plass", "leder till sidan, men inget på den heter {#plass}."),
        ("{filename}/pages/stod.md#plass", "leder till sidan, men inget på den heter {#plass}."),
        ("{filename}stod.md#plass", "leder till sidan, men inget på den heter {#plass}."),
        ("#upp", "men inget på den heter {#upp}."),
        ("{filename}/pages/Stod.md", "Menade du {filename}/pages/stod.md?"),
        ("{filename}/pages/stöd.md", "Menade du {filename}/pages/stod.md?"),
        ("{filename}/pages/utkast.md", "leder till ett utkast. Publicera det, eller ta bort länken."),
        ("{filename}/lectures/utkast.md", "leder till ett utkast. Publicera det, eller ta bort länken."),
        ("{static}/images/x.pdf", "Länka till en textfil med {filename}."),
        ("{attach}x.pdf", "Länka till en textfil med {filename}."),
        ("|filename|/pages/x.md", "leder inte till någon publicerad sida."),
    ],
)
def test_a_link_that_leads_nowhere_is_told_with_the_way_out(site, report, link, words):
    site.page("stod.md", "## Plats {#plats}")
    site.page("utkast.md", Status="draft")
    site.lecture("utkast.md", Status="draft")
    site.page("om.md", f"Text.\n\n- Läs\n    - om [hur du\nfår stöd]({link}).")

    told = report()

    assert "content/pages/om.md\n  rad 9: Länken ”" in told
    assert words in told


@pytest.mark.parametrize(
    "link",
    [
        *("/stod/", "/stod/#plats", "/stod/#innehall", "#sedan", "/forelasningar/vald/", "/forelasningar/kalender.ics"),
        *("{filename}/pages/stod.md#plats", "{filename}stod.md", "{filename}/lectures/vald.md#anmalan", "/"),
    ],
)
def test_a_link_that_leads_somewhere_is_left_alone(site, link):
    site.page("stod.md", "## Plats {#plats}")
    site.lecture("vald.md")
    site.page("om.md", f"Läs om [hur du får stöd]({link}).")

    site.build()

    assert "om/index.html" in site.files()

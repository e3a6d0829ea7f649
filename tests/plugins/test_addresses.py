"""The addresses of pages and news: which names can be one, and which are taken."""

import os

import pytest

from plugins.addresses import slug_of, unfit


@pytest.mark.parametrize(
    ("file", "slug"),
    [
        ("2023-11-25-odenplan.md", "odenplan"),
        ("2022-12-kalendrar.md", "kalendrar"),
        ("2022-valet.md", "valet"),
        ("2022-13-sidor.md", "13-sidor"),
        ("valet.md", "valet"),
        ("2024-03-01.md", ""),
    ],
)
def test_the_date_first_in_a_name_is_no_part_of_the_address(file, slug):
    assert slug_of(file) == slug


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("pages/Få stöd nu.md", "Byt namn på filen till fa-stod-nu.md."),
        ("pages/stod - Kopia.md", "Filen ser ut som en kopia. Ta bort den, eller byt namn på den till stod-kopia.md."),
        ("pages/stod (1).md", "Filen ser ut som en kopia."),
        ("pages/varfor?.md", "Byt namn på filen till varfor.md."),
        ("pages/nr#1.md", "Byt namn på filen till nr-1.md."),
        ("pages/f\ufffdretag.md", "Byt namn på filen till f-retag.md."),
        ("pages/mapp.md/x.md", "Byt namn på mappen ”mapp.md” till mapp-md."),
        ("pages/900101-9802.md", "Ett personnummer får inte stå på webbplatsen."),
        ("news/2024-03-01-199001019802.md", "Ett personnummer får inte stå på webbplatsen."),
        ("pages/healthz.md", "Adressen /healthz/ används av anmälan och bygget."),
        ("pages/anmalan/x.md", "Adressen /anmalan/ används av anmälan och bygget."),
        ("pages/bilder.md", "Adressen /bilder/ används av anmälan och bygget."),
        ("news/2024-03-01 Ny lokal.md", "Byt namn på filen till 2024-03-01-ny-lokal.md."),
        ("news/2024-03-01-.md", "och ord efter datumet. Byt namn på filen till 2024-03-01-nyhet.md."),
        ("news/2024-03-01.md", "och ord efter datumet. Byt namn på filen till 2024-03-01-nyhet.md."),
    ],
)
def test_a_name_that_can_be_no_address_is_told_with_one_that_can(file, words):
    said = unfit(f"content/{file}", dated=file.startswith("news/"))

    assert words in said


@pytest.mark.parametrize("file", ["pages/stod.md", "pages/fakta/anmalan.md", "pages/siffror/2022.md", "pages/index.md"])
def test_a_name_that_can_be_one_is_left_alone(file):
    assert unfit(f"content/{file}", dated=False) is None


@pytest.mark.parametrize(
    "files",
    [
        ("news/2024-03-01-arsmote.md", "news/2025-03-01-arsmote.md"),
        ("news/2023-03-01-tv4.md", "pages/aktuellt/tv4.md"),
        ("lectures/2027-02-10-vald.md", "pages/forelasningar/vald.md"),
        ("lectures/2027-02-10-vald.md", "lectures/2027-03-10-vald.md"),
    ],
)
def test_two_files_with_one_address_are_told_of_each_other(site, report, files):
    for file in files:
        folder, _, name = file.partition("/")
        if folder == "lectures":
            site.lecture(name)
        elif folder == "pages":
            site.page(name)
        else:
            site.write(f"content/{file}", f"Title: T\nWindow: T\nSummary: {file}\nDate: 2023\n\nText.\n")

    told = report()

    assert told.startswith("Webbplatsen byggdes inte: 2 fel att rätta.")
    for file, other in (files, reversed(files)):
        assert f"content/{file}\n  Samma adress, /" in told
        assert f"får också content/{other}. Byt namn på en av filerna." in told


def test_a_name_with_letters_in_another_encoding_is_told(site, report):
    site.page("stod.md")
    path = site.root / "content/pages/stod.md"
    os.rename(path, os.fsencode(path.parent) + b"/f\xf6retag.md")

    told = report()

    assert "content/pages/f\ufffdretag.md\n  Filnamnet blir sidans adress" in told


def test_two_pages_in_english_for_one_in_swedish_are_told(site, report):
    site.page("stod.md")
    site.page("en/support.md", Lang="en", Translates="stod")
    site.page("en/help.md", Lang="en", Translates="stod")

    told = report()

    assert "rad 5, Translates: content/pages/en/help.md är också sidan ”stod” på det språket. Ändra en av dem." in told
    assert "rad 5, Translates: content/pages/en/support.md är också sidan ”stod” på det språket." in told


@pytest.mark.parametrize(
    ("lang", "words"),
    [("sv", "”stod” hör bara till en sida på ett annat språk."), ("fi", "rad 4, Lang: ”fi” finns inte.")],
)
def test_a_translation_into_no_other_language_is_told(site, report, lang, words):
    site.page("stod.md")
    site.page("tuki.md", Lang=lang, Translates="stod")

    told = report()

    assert words in told
    assert told.count("content/pages/tuki.md\n") == 1
    assert told.startswith("Webbplatsen byggdes inte: 1 fel")


def test_a_name_that_is_no_address_is_told_once(site, report):
    for name in ("2024-03-01.md", "2024-03-01-.md"):
        site.write(f"content/news/{name}", f"Title: Ny\nWindow: Nytt\nSummary: {name}\nDate: 2024-03-01\n\nText.")

    assert "Samma adress" not in report()

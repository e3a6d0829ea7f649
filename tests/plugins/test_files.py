"""Files in content that nobody would miss, but their writer."""

import os

import pytest


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("lecture/x.md", "Mappen lecture används inte. Menade du content/lectures?"),
        ("sidor/ny.md", "Mappen sidor används inte. Menade du content/pages?"),
        ("Nyheter/ny.md", "Mappen Nyheter används inte. Menade du content/news?"),
        (
            "texter/ny.md",
            "Mappen texter används inte. Flytta filen till content/pages, content/news eller content/lectures.",
        ),
        ("filer/a.pdf", "Mappen filer används inte. Flytta filen till rätt mapp i content."),
        ("ny-sida.md", "Flytta den till content/pages, content/news eller content/lectures."),
        ("bild.jpg", "Filen ligger inte i någon mapp som används. Flytta den till rätt mapp i content."),
        ("pages/text.docx", "Filen är ingen ren text. Kopiera texten till en ny fil i en textredigerare"),
        ("pages/text.html", "Filens namn slutar inte på .md, så den blir ingen sida."),
        ("news/x.MD", "Filens namn slutar inte på .md"),
        ("lectures/x.md.txt", "Filens namn slutar inte på .md"),
    ],
)
def test_a_file_that_is_not_used_is_told(site, report, path, words):
    site.write(f"content/{path}", "Title: T\n\nText.\n")

    told = report()

    assert f"content/{path}\n  " in told
    assert words in told


def test_what_systems_and_editors_leave_is_nothing_to_mention(site):
    for name in ("Thumbs.db", "desktop.ini", ".DS_Store", "._x.md", "~$stod.docx", "x.md~", "#x.md#", "Icon\r"):
        site.write(f"content/pages/{name}", b"\x00")
    site.write("content/images/.gitkeep", b"")

    site.build()

    assert not [name for name in site.files() if "x" in name.split("/")[0] and name.endswith("db")]


def test_a_lecture_among_the_pages_is_told_where_it_belongs_and_nothing_else(site, report):
    site.write(
        "content/pages/vald.md",
        "Title: T\nStart: 2027-02-10 12:00\nEnd: 13:00\nSpeaker: S\nSeats: 9\nSummary: Om makt.\n\nText.\n",
    )

    assert report() == (
        "Webbplatsen byggdes inte: 1 fel att rätta.\n\ncontent/pages/vald.md\n"
        "  Det här ser ut som en föreläsning. Flytta filen till content/lectures.\n\n"
    )


@pytest.mark.parametrize(
    "path", ["pages/x.md", "lectures/x.md", "data/facts.toml", "look.css", "mark.svg", "pages/mapp"]
)
@pytest.mark.parametrize("target", ["/dev/zero", "../..", "ingenstans"])
def test_a_link_is_never_followed(site, report, path, target):
    place = site.root / "content" / path
    place.parent.mkdir(exist_ok=True)
    place.unlink(missing_ok=True)
    place.symlink_to(target)

    assert report() == (
        f"Webbplatsen byggdes inte: 1 fel att rätta.\n\ncontent/{path}\n"
        "  Det är en genväg. Lägg själva filen eller mappen här, eller ta bort genvägen.\n\n"
    )


def test_a_pipe_is_never_opened_and_no_huge_file_is_read(site, report):
    os.mkfifo(site.root / "content/pages/ror.md")
    with site.write("content/pages/stor.md", "Title: T\n\nText.\n").open("ab") as file:
        file.truncate(10**9)

    told = report()

    assert "content/pages/ror.md\n  Det är ingen vanlig fil." in told
    assert "content/pages/stor.md\n  Filen är 1000 MB stor." in told

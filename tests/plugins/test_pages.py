"""Pages: their headers, the menu, and how they hang together."""

import re
from datetime import date

import pytest

from plugins.pages import metadata_of
from plugins.source import read


def faults_of(text):
    source, _ = read("content/pages/stod.md", text.encode())
    return [str(fault) for fault in metadata_of(source, date(2027, 1, 11))[1]]


def menu_of(text):
    return re.findall(r'href="/(.*?)/"', text.partition("<nav>")[2].partition("</nav>")[0])


def test_the_start_page_is_at_the_root_and_the_others_at_their_paths(site):
    site.page("stod.md")
    site.page("fakta/psykiskt.md")

    site.build()

    assert site.files() == [
        "404.html",
        "_headers",
        "fakta/psykiskt/index.html",
        "favicon.ico",
        "forelasningar/atom.xml",
        "forelasningar/index.html",
        "forelasningar/kalender.ics",
        "index.html",
        "personuppgifter/index.html",
        "stod/index.html",
        "webblasare/index.html",
    ]


def test_the_menu_has_the_pages_that_ask_for_it_in_their_order(site):
    site.page("om.md", Menu="main", Order="20")
    site.page("stod.md", Menu="Main", Order="3")
    site.page("kontakt.md", Menu="main")
    site.page("ge.md", Order="1")

    site.build()

    assert menu_of(site.text("index.html")) == ["stod", "om", "kontakt"]
    assert menu_of(site.text("404.html")) == menu_of(site.text("forelasningar/index.html")) == ["stod", "om", "kontakt"]


def test_a_page_knows_its_parent_and_its_children_in_order(site):
    site.page("fakta.md", Title="Fakta")
    site.page("fakta/b.md", Title="B", Order="20")
    site.page("fakta/a.md", Title="A", Order="30")

    site.build()

    assert '<p class="children">B, A</p>' in site.text("fakta/index.html")
    assert '<p class="parent">Fakta</p>' in site.text("fakta/a/index.html")


def test_a_draft_is_not_published_and_cannot_be_linked_to(site, report):
    site.page("utkast.md", Status="draft")
    site.build()
    assert "utkast/index.html" not in site.files()

    site.page("stod.md", "Se [den]({filename}utkast.md).")

    assert report() == (
        "Webbplatsen byggdes inte: 1 fel att rätta.\n"
        "\n"
        "content/pages/stod.md\n"
        "  rad 5: Länken ”{filename}utkast.md” leder till ett utkast. Publicera det, eller ta bort länken.\n"
        "\n"
    )


def test_every_fault_in_the_headers_is_told():
    text = (
        "Title: T\nWindw: W\nSummary: S\nOrder: först\nChecked: 2025-02-30\n"
        "Menu: ja\nStatus: klar\nTemplate: starta\nAudience: män\n\nText."
    )

    assert faults_of(text) == [
        "rad 2, Windw: Fältet finns inte. Menade du Window?",
        "rad 9, Audience: ”män” finns inte. Skriv utsatt, anhorig, yrkesverksam eller alla.",
        "rad 4, Order: ”först” är inget heltal. Skriv till exempel 20.",
        "rad 5, Checked: ”2025-02-30” är inget datum. Skriv till exempel 2025-01-31.",
        "rad 8, Template: ”starta” finns inte. Skriv page, start, easy, lectures, news, article eller search.",
        "rad 6, Menu: ”ja” finns inte. Skriv main, foot eller no.",
        "rad 7, Status: ”klar” finns inte. Skriv published, draft eller hidden.",
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Ingress: S", "rad 4, Ingress: Fältet finns inte. Menade du Lead?"),
        ("Målgrupp: utsatt", "rad 4, Målgrupp: Fältet finns inte. Menade du Audience?"),
        (
            "Checked: 2027-12-31",
            "rad 4, Checked: ”2027-12-31” kan inte stämma: skriv en dag mellan 2000-01-01 och i dag",
        ),
        ("Checked: 1026-01-01", "rad 4, Checked: ”1026-01-01” kan inte stämma"),
        ("Checked: 2026-W10", "rad 4, Checked: ”2026-W10” är inget datum."),
        ("Checked: 20260101", "rad 4, Checked: ”20260101” är inget datum."),
    ],
)
def test_a_field_is_read_strictly(line, words):
    (fault,) = faults_of(f"Title: T\nWindow: W\nSummary: S\n{line}\n\nText.")

    assert fault.startswith(words)


def test_a_field_that_somebody_meant_is_not_told_to_be_missing_too():
    assert faults_of("Rubrik: T\nFönster: W\nSammanfattning: S\n\nText.") == [
        "rad 1, Rubrik: Fältet finns inte. Menade du Title?",
        "rad 2, Fönster: Fältet finns inte. Menade du Window?",
        "rad 3, Sammanfattning: Fältet finns inte. Menade du Summary?",
    ]


def test_pages_and_lectures_with_faults_are_told_together_without_a_traceback(site, report):
    site.page("stod.md", Title=None)
    site.page("om.md", "[x]({filename}/pages/stod.md) ![y]({static}/images/y.jpg)")
    site.write("content/pages/gammal.md", "Title: Åsa\n".encode("latin-1"))
    site.write("content/pages/tom.md", b"")
    site.write("content/pages/bild.docx", b"PK")
    site.lecture("vald.md", "[x]({filename}../pages/sto.md) [y]({filename}trasig.md)", Seats="x")
    site.lecture("trasig.md", Seats="y")

    assert report() == (
        "Webbplatsen byggdes inte: 8 fel att rätta.\n"
        "\n"
        "content/lectures/trasig.md\n"
        "  rad 5, Seats: ”y” är inget heltal mellan 1 och 10000. Skriv bara siffror, till exempel 100.\n"
        "\n"
        "content/lectures/vald.md\n"
        "  rad 5, Seats: ”x” är inget heltal mellan 1 och 10000. Skriv bara siffror, till exempel 100.\n"
        "  rad 7: Länken ”{filename}../pages/sto.md” leder inte till någon publicerad sida. "
        "Menade du {filename}/pages/stod.md?\n"
        "\n"
        "content/pages/bild.docx\n"
        "  Filen är ingen ren text. Kopiera texten till en ny fil i en textredigerare, och spara den som .md.\n"
        "\n"
        "content/pages/gammal.md\n"
        "  rad 1: Filen är inte sparad som UTF-8. Spara om den med teckenkodningen UTF-8.\n"
        "\n"
        "content/pages/om.md\n"
        "  rad 5: Bilden ”{static}/images/y.jpg” måste ligga i content/images. Lägg filen där och skriv bara dess namn.\n"
        "\n"
        "content/pages/stod.md\n"
        "  Title: Fältet saknas. Skriv till exempel ”Title: Få stöd”.\n"
        "\n"
        "content/pages/tom.md\n"
        "  Filen är tom. Skriv fälten och texten, eller ta bort filen.\n"
        "\n"
    )


def test_links_between_pages_and_lectures_begin_at_the_root_of_the_site(site):
    site.page("stod.md", "[x]({filename}/lectures/2027-vald.md#anmalan)")
    site.lecture("2027-vald.md", "[y]({filename}../pages/stod.md) och [z]({filename}/pages/index.md)")

    site.build()

    assert '<a href="/forelasningar/vald/#anmalan">x</a>' in site.text("stod/index.html")
    lecture = site.text("forelasningar/vald/index.html")
    assert '<a href="/stod/">y</a> och <a href="/">z</a>' in lecture


def test_a_next_page_that_is_not_there_is_told_with_its_line(site, report):
    site.page("stod.md", Next="personuppgift")

    assert "rad 4, Next: Sidan ”personuppgift” finns inte. Menade du personuppgifter?" in report()

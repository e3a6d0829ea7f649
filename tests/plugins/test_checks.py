"""What is checked beside the body: the fields that are seen, summaries, and that a build tells all of it at once."""

import pytest

from plugins.checks import check, summaries
from plugins.prose import Read
from tests.plugins.texts import DATA, bare, prose

FILE = "content/pages/stod.md"


def found(**headers):
    source = bare("Text.", **headers)
    return [(fault.line, fault.words) for fault in check(Read(source=source, text=prose().text(source.body)), DATA)]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("Lead", "Ring {telefon:jouren} nu.", "Fältet är ren text: skriv numret i texten under i stället."),
        ("Summary", "Möte: https://zoom.us/j/123456", "Vägen in i ett möte får inte stå"),
        ("Summary", "Hon är född 850101-1234.", "Ett personnummer får inte stå på webbplatsen."),
        ("Title", "Ett **fet** ord", "syns som det står, för fältet är ren text."),
        ("Title", "[Stöd](/stod/)", "”[Stöd](/stod/)” syns som det står, för fältet är ren text."),
        ("Title", "<script>alert(1)</script>", "”<script>” syns som det står, för fältet är ren text."),
        ("Title", "Så *hjälper* vi", "”*hjälper*” syns som det står"),
        ("Title", "Mat &amp; dryck", "”&amp;” syns som det står"),
        ("Sources", "https://www.bra.se", "Skriv bara orden, utan tecken och adresser."),
        ("Speaker", "Anna, anna@exempel.se", "Adressen ”anna@exempel.se” finns inte i content/data."),
        ("Sources", "Ring 08-123 45 67", "Numret ”08-123 45 67” finns inte"),
        ("Window", "Hjälp mot mäns våld", "”våld” syns på webbläsarens flik och i historiken. Skriv neutralt"),
    ],
)
def test_a_field_that_is_seen_is_checked_as_the_body_is(field, value, words):
    (fault, *_) = found(**{"Order": "1", field: value})

    assert fault[0] == 2
    assert words in fault[1]


@pytest.mark.parametrize("title", ["Gratis* och 5 * 3 * 2", "fil_namn_x", "Mat & dryck; 3 & 4"])
def test_signs_that_mark_nothing_may_stand_in_a_field(title):
    assert found(Title=title) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Title", "A & B <3, 5 > 4 och (så)"),
        ("Sources", "Prop. 2020/21:217; BrB 4:4 a; Qjourens årsrapport 2023"),
        ("Window", "Stöd"),
        ("Summary", "År 2023 kom 1 117 personer till 8 föreläsningar, 09-16 varje dag."),
        ("Join", "https://zoom.us/j/123456"),  # never published
    ],
)
def test_nothing_is_said_of_a_field_that_is_right(field, value):
    assert found(**{field: value}) == []


def test_a_page_for_professionals_may_name_its_subject_on_the_tab():
    assert found(Window="Våld i nära relationer", Audience="yrkesverksam") == []


def test_a_summary_is_short_and_no_other_has_it():
    first = bare(Title="Ett", Summary="Så når du oss.")
    second = bare(file="content/pages/b.md", Title="Två", Summary="Så når du oss.")
    long = bare(file="content/pages/c.md", Summary="x" * 201)
    rerun = bare(file="content/lectures/d.md", Summary="Så når du oss.")

    assert [(fault.file, fault.line, fault.words) for fault in summaries([first, second, long, rerun])] == [
        ("content/pages/b.md", 2, f"Sammanfattningen står också i {FILE}. Skriv något som skiljer sidorna åt."),
        ("content/pages/c.md", 1, "Sammanfattningen har 201 tecken. Korta den till 200."),
    ]


def test_a_build_tells_all_of_them_at_once_with_the_other_faults(site, report):
    site.page("stod.md", "#### Rubrik\n\n[här]({filename}/pages/borta.md) och 08-123 45 67")
    site.lecture("vald.md", "[klicka här](/stod/#nej)")

    told = report()

    assert told.startswith("Webbplatsen byggdes inte: 6 fel att rätta.\n")
    assert [line for line in told.splitlines() if line.startswith("  rad")] == [
        "  rad 7: Länken ”/stod/#nej” leder till sidan, men inget på den heter {#nej}.",
        "  rad 7: Länken heter bara ”klicka här”. Skriv vart den leder, till exempel [hur du får stöd](…).",
        "  rad 5: Rubriken hoppar över en nivå. Skriv ## framför ”Rubrik”.",
        "  rad 7: Länken ”{filename}/pages/borta.md” leder inte till någon publicerad sida. "
        "Skriv till exempel {filename}/pages/stod.md.",
        "  rad 7: Numret ”08-123 45 67” finns inte i content/data/telephones.toml. Lägg till det där med källa.",
        "  rad 7: Länken heter bara ”här”. Skriv vart den leder, till exempel [hur du får stöd](…).",
    ]


def test_a_broken_link_between_files_hides_nothing_and_is_told_in_words_on_a_site_with_a_search(site, report):
    site.write("theme/templates/search.html", '{% extends "base.html" %}')
    site.page("sok.md", Title="Sök", Window="Sök", Template="search")
    site.page("stod.md", "Läs [mer om stöd]({filename}/pages/stodd.md).\n\n900101-1234")
    site.page("om.md", "![x]({static}/images/torget.jpg) [mer om oss](|filename|/pages/omm.md)")

    told = report()

    assert "Traceback" not in told
    assert "rad 5: Länken ”{filename}/pages/stodd.md” leder inte till någon publicerad sida." in told
    assert "rad 7: Ett personnummer får inte stå på webbplatsen. Ta bort det." in told
    assert "rad 5: Bilden ”{static}/images/torget.jpg” måste ligga i content/images." in told
    assert "rad 5: Länken ”|filename|/pages/omm.md” leder inte till någon publicerad sida." in told


def test_what_nobody_foresaw_is_a_sentence_and_the_trace_comes_after_the_other_faults(site, report, monkeypatch):
    site.page("stod.md", "UTLÖS")
    site.page("om.md", "[här](/)")
    monkeypatch.setattr("plugins.prose.inspect", _failing)

    told = report()

    assert "content/pages/stod.md\n  Ett fel i koden, inte i texten, gör att filen inte går att läsa." in told
    assert "rad 5: Länken heter bara ”här”." in told
    assert told.index("rad 5") < told.index("Traceback (most recent call last)")
    assert "ZeroDivisionError: med avsikt" in told


def _failing(body, *arguments, **options):
    from plugins.inspection import inspect

    if "UTLÖS" in body:
        raise ZeroDivisionError("med avsikt")
    return inspect(body, *arguments, **options)

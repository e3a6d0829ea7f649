"""What is checked in every text: each slip told with its line and the way out, and nothing said of what is right."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.checks import check, stale, summaries
from plugins.data import Data
from plugins.source import Header, Source

FILE = "content/pages/stod.md"
DATA = Data(
    org={"email": "info@testjouren.se"},
    phones={"jouren": {"number": "08-644 20 32", "tel": "+4686442032", "name": "Testjouren"}},
)
PUBLISHED = {"/": (), "/stod/": ("plats", "innehall"), "/forelasningar/": ()}


def source(body="", file=FILE, **headers):
    told = tuple(Header(name.replace("_", " "), value, line) for line, (name, value) in enumerate(headers.items(), 1))
    return Source(file=file, headers=told, body=body, body_line=len(told) + 2)


def found(body):
    return [fault.words for fault in check(source(body), DATA, PUBLISHED)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[här](/stod/)", "Länken heter bara ”här”."),
        ("Se [**Läs mer**.](/stod/)", "Länken heter bara ”**Läs mer**.”."),
        ("[www.polisen.se](https://polisen.se)", "visar en adress. Skriv med ord vart den leder."),
        ("[Polisen](http://polisen.se)", "”http://polisen.se” är inte säker."),
        ("[Polisen] (https://polisen.se)", "Ta bort mellanslaget i ”[Polisen] (https:”"),
        ("[Polisen](polisen.se)", "”polisen.se” går inte att använda."),
        ("[Stöd](/stot/)", "”/stot/” leder inte till något på webbplatsen. Menade du /stod/?"),
        ("[Stöd](/helt-annat-namn/)", "Skriv adressen som den står i webbläsaren."),
        ("[Stöd](/stod/#plass)", "men inget på den heter {#plass}."),
        ("[Upp](#upp)", "”#upp” leder ingenstans"),
        ("# Rubrik", "Sidans rubrik står i fältet Title. Skriv ## framför ”Rubrik”."),
        ("### Rubrik", "Rubriken hoppar över en nivå. Skriv ## framför ”Rubrik”."),
        ("## Ett\n\n#### Två", "Rubriken hoppar över en nivå. Skriv ### framför ”Två”."),
        ("##Rubrik", "Skriv ett mellanslag efter ##, annars blir det ingen rubrik: ”##Rubrik”."),
        ("##", "Rubriken är tom."),
        ("## VIKTIGT", "Skriv inte hela rubriken med stora bokstäver"),
        ("## Ett\n\n## Två\n\n## ETT", "Rubriken ”ETT” står redan på rad 2."),
        ("Text\n- punkt", "Listan behöver en tom rad före"),
        ("Text\n1. punkt", "Listan behöver en tom rad före"),
        ("<div class='x'>", "Skriv Markdown i stället för HTML: ”<div class='x'>”."),
        ("TODO: skriv klart", "Texten är inte färdig: ”TODO”."),
        ("Möte: https://zoom.us/j/123", "Länken till ett möte får inte stå i en text"),
        ("Ett **viktigt ord.", "En fet text börjar men slutar inte."),
        ("Ring 08-644 20 32.", "Skriv {telefon:jouren} i stället för ”08-644 20 32”"),
        ("Ring +46 8-644 20 32.", "Skriv {telefon:jouren} i stället"),
        ("Ring 08-123 45 67.", "Numret ”08-123 45 67” finns inte i content/data/telephones.toml."),
        ("Mejla info@testjouren.se.", "Skriv {epost:jouren} i stället för ”info@testjouren.se”."),
        ("Mejla anna@exempel.se.", "”anna@exempel.se” finns inte i content/data."),
        ("Hon är född 850101-1234.", "Ett personnummer får inte stå på webbplatsen."),
    ],
)
def test_a_slip_is_told_with_the_way_out(text, words):
    told = found(text)

    assert len(told) == 1, told
    assert words in told[0]


@pytest.mark.parametrize(
    "text",
    [
        "[hur du får stöd](/stod/#plats), [början](/stod/#innehall) och [sidan]({filename}/pages/stod.md)",
        "[Polisens sida](https://polisen.se), [numret](tel:112) och ![en bild](bild.jpg)",
        "## Ett\n\n### Två\n\n## Tre\n\n### Fyra {#fyra}\n\n[dit](#fyra)",
        "## FREDA",  # a name of five letters
        "Text.\n\n- punkt\n- punkt till\n  som fortsätter\n- en till\n\n1. ett\n2. två",
        "| År | Antal |\n|---|---|\n| 2022 | 1 117 |",
        "1 117 personer, 2022-12-31, org.nr 802471-7236, bankgiro 403-2850, 104 35 Stockholm",
        "5 < 7 och 7 > 5, <br> och `<div>`, `08-123 45 67`",
        "```\n# inte en rubrik\n<div>\n```",
        "    <div> 08-123 45 67",
        "**fet** och **fet\növer raden** men ***båda***",
        "2023–2024 arbetade 13–14 volontärer 2,5 timmar. Lagen (2021:1080), BrB 4:4 a, 2–3 år.",
        "{telefon:jouren} {epost:jouren} @qjouren",
    ],
)
def test_nothing_is_said_of_what_is_right(text):
    assert found(text) == []


def test_the_line_is_the_one_in_the_file():
    (fault,) = check(source("Text.\n\n[här](/stod/)", Title="Stöd", Window="Stöd"), DATA, PUBLISHED)

    assert (fault.file, fault.line) == (FILE, 6)


def test_a_summary_is_short_and_no_other_has_it():
    first = source(Title="Ett", Summary="Så når du oss.")
    second = source(file="content/pages/b.md", Title="Två", Summary="Så når du oss.")
    long = source(file="content/pages/c.md", Summary="x" * 201)
    rerun = source(file="content/lectures/d.md", Summary="Så når du oss.")

    assert [(fault.file, fault.line, fault.words) for fault in summaries([first, second, long, rerun])] == [
        ("content/pages/b.md", 2, f"Sammanfattningen står också i {FILE}. Skriv något som skiljer sidorna åt."),
        ("content/pages/c.md", 1, "Sammanfattningen har 201 tecken. Korta den till 200."),
    ]


def test_a_page_that_was_checked_long_ago_is_told():
    old, new, never = source(Checked="2025-08-31"), source(Checked="2026-02-01"), source(Checked="")

    assert stale([old, new, never], date(2027, 1, 11)) == [f"{FILE} (2025-08-31)"]


def test_of_many_the_oldest_are_told_first_and_the_rest_counted():
    many = [source(file=f"content/pages/{day}.md", Checked=f"2025-03-{day}") for day in range(19, 9, -1)]

    told = stale(many, date(2027, 1, 11))

    assert told == [*(f"content/pages/{day}.md (2025-03-{day})" for day in range(10, 15)), "och 5 texter till"]


@given(st.text(alphabet=st.sampled_from("#*_[](){}<>`-1.0 8@/:\n\taåX|!~=+\\"), max_size=200))
def test_any_text_can_be_checked(text):
    assert all(isinstance(words, str) for words in found(text))


def test_a_build_tells_all_of_them_at_once_with_the_other_faults(site, report):
    site.page("stod.md", "#### Rubrik\n\n[här]({filename}/pages/borta.md) och 08-123 45 67")
    site.lecture("vald.md", "[klicka här](/stod/#nej)")

    told = report()

    assert told.startswith("Webbplatsen byggdes inte: 6 fel att rätta.\n")
    assert [line for line in told.splitlines() if line.startswith("  rad")] == [
        "  rad 7: Länken heter bara ”klicka här”. Skriv vart den leder, till exempel [hur du får stöd](…).",
        "  rad 7: Länken ”/stod/#nej” leder till sidan, men inget på den heter {#nej}.",
        "  rad 5: Rubriken hoppar över en nivå. Skriv ## framför ”Rubrik”.",
        "  rad 7: Länken ”{filename}/pages/borta.md” leder inte till någon publicerad sida. "
        "Menade du {filename}/pages/stod.md?",
        "  rad 7: Länken heter bara ”här”. Skriv vart den leder, till exempel [hur du får stöd](…).",
        "  rad 7: Numret ”08-123 45 67” finns inte i content/data/telephones.toml. Lägg till det där med källa.",
    ]


def test_old_pages_are_told_and_the_site_is_built(site, capsys):
    site.page("stod.md", Checked="2025-01-01")

    site.build()

    assert "content/pages/stod.md (2025-01-01)" in capsys.readouterr().err

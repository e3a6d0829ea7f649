"""What another shelter changes in the look: its mark and its colours; and the pages that the theme leads to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from plugins import look, mark
from tests.support import ROOT


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
        (b"\xff\xfe", "Filen är sparad som UTF-16, som Anteckningar kallar ”Unicode”."),
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


TOKENS = (ROOT / "theme/static/tokens.css").read_text("utf-8")
EXAMPLE = ":root { --accent: #17594d }"


def told_of_look(text: str) -> list[str]:
    return [str(fault) for fault in look.check("content/look.css", text, TOKENS)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":root{--deep:#000}",
        "/* { */\n:root { --deep: #123f37; --accent: #FFF; }\n",
        ":root { --serif: Georgia, 'Times New Roman', serif; --title: clamp(1.75rem, 1.3rem + 2vw, 2.6rem) }",
        "@media (prefers-color-scheme: dark) { :root { --deep: #000 } }",
        "@media screen and (prefers-color-scheme: dark) { :root { --deep: #000 } } :root { --glow: #fff }",
        (ROOT / "docs/annan-jour/content/look.css").read_text("utf-8"),
    ],
)
def test_other_colours_than_the_themes_are_no_fault(text):
    assert told_of_look(text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "@import url(https://fonts.example/a.css);",
            "”@import url(https://fonts.example/a.css)” hämtar något från en annan plats. "
            "Ta bort det: sidorna ska inte lämna spår där.",
        ),
        (":root { --deep: url(x.png) }", "”--deep: url(x.png)” hämtar något från en annan plats."),
        (":root { --deep: #123f37", "”:root” är inte avslutat. Skriv } efter det."),
        (":root { --deep: #123f37 } }", "Det finns en } för mycket. Ta bort den."),
        (":root { --dep: #123f37 }", "”--dep” finns inte i temat. Menade du --deep?"),
        (":root { --qqqqqq: #123f37 }", "”--qqqqqq” finns inte i temat. Namnen står i theme/static/tokens.css."),
        (":root { color: #123f37 }", "”color” finns inte i temat."),
        (":root { --deep: grön }", "”grön” är ingen färg. Skriv # och tre eller sex tecken"),
        (":root { --deep: #12345 }", "”#12345” är ingen färg."),
        (":root { --deep }", "”--deep” är ingen färg. Skriv namn, kolon och färg: --accent: #17594d;"),
        (":root { --deep: #000 --glow: #fff }", "Det saknas ett semikolon före ”--glow: #fff”."),
        (":root { --side: expression(x) }", "”expression(x)” kan --side inte vara. I temat är det 1rem."),
        (".leave { display: none }", f"”.leave” får inte stå här. Bara färger får bytas, så här: {EXAMPLE}"),
        ("@media print { :root { --deep: #000 } }", "”@media print” får inte stå här."),
        ("--deep: #000;", f"”--deep: #000” får inte stå här. Skriv det i :root, så här: {EXAMPLE}"),
        ("/* :root { --deep: #000 }", "Kommentaren är inte avslutad. Skriv */ efter den."),
        ("/* </style> */", "Tecknet < får inte stå i filen. Ta bort det."),
    ],
)
def test_what_is_no_colour_of_the_theme_is_told(text, told):
    assert told_of_look(f"/* Våra\nfärger */\n{text}")[0].startswith(f"rad 3: {told}")


def test_a_byte_order_mark_does_not_hide_the_first_colours(site):
    site.write("content/look.css", b"\xef\xbb\xbf:root { --deep: #000 }")

    assert "<style>:root { --deep: #000 }</style>" in site.build().text("index.html")


def test_the_look_the_mark_and_the_texts_are_told_together(site, report):
    site.write("content/look.css", ":root { --dep: #000 }")
    site.write("content/mark.svg", "<svg><script/></svg>")
    site.page("stod.md", "{telefon:joren}")

    told = report()

    assert told.startswith("Webbplatsen byggdes inte: 3 fel att rätta.")
    assert "content/look.css\n  rad 1: ”--dep” finns inte i temat. Menade du --deep?" in told
    assert "content/mark.svg\n  rad 1: ”<script>” får inte stå i märket. Märket får inte innehålla program." in told


SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'
PROGRAM = '<?xml version="1.0"?>\n<!-- Gjord i ett program -->\n'


def told_of_mark(text: str) -> list[str]:
    return [str(fault) for fault in mark.check("content/mark.svg", text)]


@pytest.mark.parametrize(
    "text",
    [
        "<svg/>",
        f'{PROGRAM}{SVG}<title>Jouren</title><path d="M1 1" fill="#000"/></svg>',
        f'{SVG}<linearGradient id="a"><stop offset="1" stop-color="#000"/></linearGradient>'
        '<linearGradient id="b" xlink:href="#a"/><rect fill="url(#b)" xml:space="preserve"/></svg>',
        (ROOT / "content/mark.svg").read_text("utf-8"),
        (ROOT / "docs/annan-jour/content/mark.svg").read_text("utf-8"),
    ],
)
def test_a_mark_of_shapes_is_no_fault_and_stands_in_the_page_without_what_only_xml_reads(text):
    assert told_of_mark(text) == []
    assert mark.shapes(text).startswith("<svg")
    assert "<?" not in mark.shapes(text)
    assert "<!" not in mark.shapes(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{SVG}\n<style>.a{{fill:red}}</style></svg>", "rad 2: ”<style>” får inte stå i märket. Färgerna ska stå i formerna. "
         "I Illustrator: Arkiv, Exportera, SVG, och vid Styling (Formatering) välj Presentation Attributes."),
        (f'{SVG}<path class="a"/></svg>', "rad 1: ”class” har ingen verkan på webbplatsen. Färgerna ska stå i formerna."),
        (f"{SVG}<script>1</script></svg>", "rad 1: ”<script>” får inte stå i märket. Märket får inte innehålla program."),
        (f"{SVG}<foreignObject/></svg>", "rad 1: ”<foreignObject>” får inte stå i märket. Märket får bara innehålla former."),
        (f"{SVG}<text>Jouren</text></svg>", "rad 1: ”<text>” får inte stå i märket. Gör om texten till kurvor"),
        (f"{SVG}<circel/></svg>", "rad 1: ”<circel>” får inte stå i märket. Menade du <circle>?"),
        (f'{SVG}<path onload="x()"/></svg>', "rad 1: ”onload='x()'” får inte stå i märket. Ta bort det."),
        (f'{SVG}<linearGradient xlink:href="https://x.example/#a"/></svg>', "rad 1: ”https://x.example/#a” leder ut ur märket."),
        (f'{SVG}<path fill="url(https://x.example/#a)"/></svg>', "rad 1: ”url(https://x.example/#a)” hämtar något från en annan"),
        (f"{SVG}<g>\n</svg>", "rad 2: Bilden är inte hel: något element är inte avslutat eller felskrivet."),
        (f"{SVG}<path/>", "rad 1: Bilden är inte hel"),
        (f"<!DOCTYPE svg [<!ENTITY a 'b'>]>\n{SVG}&a;</svg>", "rad 1: Ta bort raden som börjar med <!DOCTYPE"),
        (f"{SVG}<![CDATA[<script>]]></svg>", "rad 1: <![CDATA[ får inte stå i märket."),
        (f"<html>{SVG}</svg></html>", "rad 1: Filen börjar med ”<html>”. Spara om den som SVG."),
        ('<x:svg xmlns:x="http://www.w3.org/2000/svg"/>\n<svg', "rad 1: ”<x:svg”: element med kolon i namnet får inte stå"),
        (f"{SVG}<metadata/></svg>", "rad 1: ”<metadata>” får inte stå i märket. Spara som ”Vanlig SVG” (Plain SVG)."),
        (f"{SVG}{'<g>' * 40}{'</g>' * 40}</svg>", "rad 1: Märket har för många grupper i varandra."),
        (f"{SVG}{'<g/>' * 3000}</svg>", "Märket är 12 kB stort. Det följer med varje sida: högst 10 kB. Förenkla det."),
    ],
)  # fmt: skip
def test_a_mark_with_anything_else_is_told(text, told):
    (fault,) = told_of_mark(text)

    assert fault.startswith(told)


PIECES = (
    "<g>",
    "</g>",
    "<svg",
    "<!--",
    "-->",
    "<!-->",
    "<script>",
    "<title>",
    "</title>",
    "]]>",
    "<?a",
    "?>",
    "<",
    ">",
    "'",
    "&lt;",
)


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_a_mark_that_passes_is_made_of_shapes_alone_to_a_browser_too(inside):
    text = f"{SVG}{inside}</svg>"

    if not told_of_mark(text):
        page = LexborHTMLParser(f"<body>{mark.shapes(text)}</body>")
        assert {node.tag for node in page.css("body *")} <= mark.ELEMENTS


def test_a_comment_that_a_browser_ends_earlier_brings_nothing_into_the_page():
    text = f"{SVG}<!--><script>alert(1)</script>--></svg>"

    assert told_of_mark(text) == []
    assert mark.shapes(text) == f"{SVG}</svg>"

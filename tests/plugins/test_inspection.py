"""What is found in a text: each slip told with its line and the way out, and nothing said of what is right."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from plugins.rendered import parse
from tests.plugins.texts import faults_in, prose


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[här](/stod/)", 1, "Länken heter bara ”här”."),
        ("Se [**Läs mer**.](/stod/)", 1, "Länken heter bara ”Läs mer.”."),
        ("[www.polisen.se](https://bedragare.example)", 1, "visar en adress men leder till en annan."),
        ("[Polisen](http://polisen.se)", 1, "”http://polisen.se” är inte säker."),
        ("[Polisen] (https://polisen.se)", 1, "Ta bort mellanslaget i ”[Polisen] (https://polisen.se)”"),
        ("[Polisen](polisen.se)", 1, "”polisen.se” går inte att använda."),
        ("[Polisen](https://polisen)", 1, "är ingen adress till en webbplats"),
        ("[Polisen](https://anna@polisen.se)", 1, "är ingen adress till en webbplats"),
        ("[Polisen](//polisen.se)", 1, "går inte att använda"),
        ("Text.\n\n[hjälp][s]\n\n[s]: javascript:alert(1)", 5, "”javascript:alert(1)” går inte att använda."),
        ("[hjälp](&#106;avascript:alert(1))", 1, "”javascript:alert(1)” går inte att använda."),
        ("[hjälp](data:text/html,x)", 1, "går inte att använda"),
        ("[hjälp](https://x.se ”titel”)", 1, "har tecken som inte får stå i en adress"),
        ("[](/stod/)", 1, "Länken till ”/stod/” har ingen text."),
        ("[mejla Anna](mailto:anna@privat.example)", 1, "går till en adress som inte finns i content/data"),
        ("[ring](tel:+46701234567)", 1, "ringer ett nummer som inte finns"),
        ("Läs på https://polisen.se nu", 1, "Adressen ”https://polisen.se” blir ingen länk."),
        ("# Rubrik", 1, "Sidans rubrik står i fältet Title. Skriv ## framför ”Rubrik”."),
        ("### Rubrik", 1, "Rubriken hoppar över en nivå. Skriv ## framför ”Rubrik”."),
        ("## Ett\n\n#### Två", 3, "Rubriken hoppar över en nivå. Skriv ### framför ”Två”."),
        ("##Rubrik", 1, "Skriv ett mellanslag efter ##, om det ska bli en rubrik, annars \\ före: ”##Rubrik”."),
        ("##", 1, "Rubriken är tom."),
        ("## VIKTIGT", 1, "Skriv inte hela rubriken med stora bokstäver"),
        ("## Ett\n\n## Två\n\n## ett", 5, "Rubriken ”ett” står redan på sidan."),
        ("Ord.\n\nText\n---", 3, "Raden med --- eller === under ”Text” gör den till en rubrik."),
        ("## Ett {#mer}", 1, "{#mer} finns redan på sidan."),
        ("## Ett {#a}\n\n## Två {#a}", 3, "Två platser heter {#a}."),
        ("## Ett {#Ä!}", 1, "Namnet på en plats får bara ha små bokstäver"),
        ("## Ett {ord}", 1, "”{ord}” går inte att använda."),
        ("hrefs [hjälp](https://x.se/){: HREF=javascript:alert(1) }", 1, "”{href}” går inte att använda."),
        ("titles [hjälp](https://x.se/ 'Bra'){: TITLE=x }", 1, "”{title}” går inte att använda."),
        ("[hjälp](/stod/ \"href='|filename|/x.md'\")", 1, "”|filename|” får inte stå i en beskrivning."),
        ("Se [vår {epost:jouren} här](/stod/)", 1, "En länk kan inte stå i en annan."),
        ("Se [ring {telefon:jouren} nu](/stod/)", 1, "En länk kan inte stå i en annan."),
        ("## Ett {: onclick=x }", 1, "”{onclick}” går inte att använda."),
        ("Vi ses {i morgon}.", 1, "”{i morgon}” skulle synas på sidan."),
        ("Ring {telefon:joren}.", 1, "Menade du {telefon:jouren}?"),
        ("Ring {telefon:jouren nu.", 1, "skulle synas på sidan"),
        ("Text\n- punkt", 2, "Listan behöver en tom rad före"),
        ("Text\n1. punkt", 2, "Listan behöver en tom rad före"),
        ("•\tett\n•\ttvå", 1, "Punkten blir löpande text. Skriv ”- ” i stället för ”•” först på raden."),
        ("·  ett", 1, "i stället för ”·”"),
        ("o\tett", 1, "i stället för ”o”"),
        ("-\u00a0ett", 1, "i stället för ”-”"),
        ("1) ett\n2) två", 1, "Skriv ”1. ” i stället för ”1)” först på raden."),
        ("Text.\n\n\tMed tabb", 3, "blir då programkod. Ta bort dem framför ”Med tabb”."),
        ("Text.\n\n    Med blanksteg", 3, "blir då programkod"),
        ("Text.\n\n```\nkod", 3, "”```” gör texten till programkod."),
        ("Text\n| a | b |\n|---|---|\n| 1 | 2 |", 3, "Tabellen blir ingen tabell."),
        ("a | b\n-\u00a0-|--\n1 | 2", 2, "Tabellen blir ingen tabell."),
        ("| a | b |\n|---|---|\n| ett | två | tre |", 3, "”tre” försvinner från sidan."),
        ("Ord.\n\n[OBS]: stängt", 3, "”OBS stängt” försvinner från sidan."),
        ("** Viktigt: ** ring", 1, "Skriv ** tätt intill orden"),
        ("**Obs **nu", 1, "Skriv ** tätt intill orden"),
        ("Ett **viktigt ord.", 1, "En fet text börjar eller slutar fel."),
        ("- Ring\n  - först", 2, "Punkten under en punkt behöver fyra mellanslag till före ”- först”."),
        ("1. Ring\n   - först", 2, "Punkten under en punkt behöver fyra mellanslag till"),
        ("-foldrar\n-reflexer", 1, "Raderna blir löpande text: ”-foldrar”. Skriv en lista"),
        ("– foldrar\n– reflexer", 1, "Raderna blir löpande text: ”– foldrar”."),
        ("Dag | Antal\nFredag | 40", 1, "Raderna blir löpande text: ”Dag | Antal”. Skriv en tabell"),
        ("Dag\tAntal", 1, "Det finns en tabb i texten."),
        ("[[om oss]]", 1, "Länken ”[[om oss]]” är inte rätt skriven."),
        ("[mejla](mailto:info@testjouren.se?subject=Hej)", 1, "Skriv {epost:jouren} i stället för"),
        ("[oss](www.exempel.se)", 1, "Skriv https://www.exempel.se"),
        ("[oss](om.md)", 1, "Skriv {filename}/pages/om.md"),
        ("## Ring {telefon:joren}", 1, "Menade du {telefon:jouren}?"),
        ("- Vi finns här.\n<anna@privat.example>", 2, "går till en adress som inte finns i content/data"),
        ("~~struket~~", 1, "Genomstruken text finns inte här."),
        ("- [ ] ring", 1, "Kryssrutor finns inte här."),
        ("Se noten[^1]", 1, "Fotnoter finns inte här."),
        ("<div class='x'>", 1, "Skriv Markdown i stället för HTML: ”<div class='x'>”."),
        ("<script\n>alert(1)</script>", 1, "Skriv Markdown i stället för HTML"),
        ("Text <!-- en\nanmärkning -->", 1, "En dold anmärkning skulle synas på sidan."),
        ("TODO: skriv klart", 1, "Texten är inte färdig: ”TODO”."),
        ("Ring 08-123<br>45 67", 1, "Numret ”08-123 45 67” finns inte"),
        ("Ord.\n\n1986. Året då allt började.", 3, "Börja raden med ett ord, eller skriv \\ före punkten."),
        ("Ord.\n\n[ring {telefon:jouren}](/stod/)", 3, "En länk kan inte stå i en annan."),
        ("[se <https://x.se> här](https://y.se)", 1, "En länk kan inte stå i en annan."),
        ("Lösenkod: aBcdE", 1, "Vägen in i ett möte får inte stå"),
        ("Mejla info@testjouren.se.", 1, "Skriv {epost:jouren} i stället för ”info@testjouren.se”."),
        ("Mejla anna@exempel.se.", 1, "”anna@exempel.se” finns inte i content/data."),
        ("Mejla anna&#8203;@exempel.se.", 1, "”anna@exempel.se” finns inte i content/data."),
        ("Mejla anna@exempel。se.", 1, "”anna@exempel.se” finns inte i content/data."),
        ("Mejla anna @ exempel.se.", 1, "finns inte i content/data."),
        ("Mejla anna@\nexempel.se.", 1, "finns inte i content/data."),
        ("Mejla anna(at)exempel.se.", 1, "finns inte i content/data."),
        ('Mejla "anna"@exempel.se.', 1, "finns inte i content/data."),
        ("[mejla Anna](https://exempel.se/?till=anna@exempel.se)", 1, "finns inte i content/data."),
        ("Ring 0̲7̲0̲-174 06 05.", 1, "finns inte i content/data/telephones.toml."),
        ("## Ett {#a900101-9802}", 1, "Ett personnummer får inte stå på webbplatsen."),
    ],
)
def test_a_slip_is_told_with_its_line_and_the_way_out(text, line, words):
    found = faults_in(text)

    assert any(words in said and at == line for at, said in found), found


@pytest.mark.parametrize(
    "written",
    [
        "900101-1234",
        "900101–1234",
        "900101\u20111234",
        "900101+1234",
        "19900101-1234",
        "199001019802",
        "9001019802",
        "900101 9802",
        "1990-01-01-9802",
        "900161-1234",  # a coordination number
        "900101-**1234**",
        "90&#48;101-1234",
        "900101\n-1234",
        "900101&shy;-1234",
        "900&#8203;101-1234",
        "９００１０１-１２３４",
        "900101&#8203;-1234",
        "900101-&shy;1234",
        "9̲0̲0̲1̲0̲1̲-1234",
        "9&#x332;00101-1234",
        "–900101-1234",
        "900101-1234–",
        "900101.9802",
        "2024-03-01-900101-9802",
        "[här](https://exempel.se/?p=900101-9802)",
        "[här](https://exempel.se/?p=900101%2D9802)",
    ],
)
def test_a_personal_number_is_found_however_it_is_written(written):
    found = faults_in(f"Hon är född {written} och bor här.")

    assert (1, "Ett personnummer får inte stå på webbplatsen. Ta bort det.") in found


@pytest.mark.parametrize(
    "address",
    [
        "https://zoom.us/j/123456789",
        "https://us02web.zoom.us/my/rum",
        "https://teams.microsoft.com/l/meetup-join/19",
        "https://teams.microsoft.com/meet/123",
        "https://teams.live.com/meet/1",
        "https://meet.google.com/abc-defg-hij",
        "https://whereby.com/rum",
        "zoommtg://zoom.us/join",
        "https://zoom.us//j/123456789",
        "https://zoom.us/./j/123456789",
        "https://zoom.us/%6a/123456789",
        "https://zoom.us/join?confno=123456789",
        "https://ｚoom.us/j/123456789",
        "https://zo&#8203;om.us/j/123456789",
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fus02web.zoom.us%2Fj%2F987654",
        "https://teams.microsoft.com/dl/launcher/launcher.html?url=%2F_%23%2Fl%2Fmeetup-join%2F19",
        "https://teams.cloud.microsoft/meet/123456?p=abc",
        "https://teams.microsoft.com/v2/?meetingjoin=true#/meet/123",
        "Mötes‑ID: 123 456 789 00",
        "Mötes-ID: 123-456-78900",
        "Zoom-ID: 123 4567 8900",
        "ID: 123 4567 8900",
        "Mötes-ID: 123 456 789 00",
        "Lösenkod: Hemlig1",
    ],
)
@pytest.mark.parametrize("around", ["Möte: {}", "- ett\n    - {}", "| a |\n|---|\n| {} |", "[in i mötet]({})", "> {}"])
def test_the_way_into_a_meeting_is_found_wherever_it_stands(address, around):
    if " " in address and "](" in around:
        address = address.replace(" ", "")

    found = faults_in(around.format(address))

    assert any(words.startswith(("Vägen in i ett möte", "Länken ”")) for _, words in found), found


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("- Ring:\n    - {}", 2),
        ("1. Ring.\n\n    Nr {} nu.", 3),
        ("~~~\n\n{}\n\n~~~", 3),
        ("    {}", 1),
        ("> citat\n> {}", 2),
        ("`{}`", 1),
        ("Ord\n:   {}", 2),
        ("| a | b |\n|---|---|\n| {} | x |", 3),
        ("## Rubrik {}", 1),
        ("*kursiv **fet {}***", 1),
        ("[text {} text](/stod/)", 1),
        ("[text\n{} text](/stod/)", 2),
    ],
)
@pytest.mark.parametrize("secret", ["850101-1234", "anna@exempel.se"])
def test_what_may_not_be_published_is_found_whatever_the_markdown_around_it(body, line, secret):
    found = faults_in(body.format(secret))

    assert any(at == line and ("personnummer" in words or "anna@exempel.se" in words) for at, words in found), found


@pytest.mark.parametrize(
    "text",
    [
        "[hur du får stöd](/stod/#plats), [början](/stod/#innehall) och [sidan]({filename}/pages/stod.md)",
        "[Polisens sida](https://polisen.se) och [numret](tel:+4686442032)",
        "<https://www.1177.se> och [www.1177.se](https://www.1177.se/)",
        "[Polisen]( https://polisen.se )",
        "## Ett\n\n### Två\n\n## Tre\n\n### Fyra {#fyra}\n\n[dit](#fyra)",
        "## FREDA",  # a name of five letters
        "Text.\n\n- punkt\n- punkt till\n  som fortsätter\n- en till\n\n1. ett\n2. två\n3. tre",
        "| År | Antal |\n|---|--:|\n| 2022 | 1 117 |",
        "1 117 personer, 2022-12-31, org.nr 802471-7236, bankgiro 403-2850, 104 35 Stockholm",
        "Öppet 09-16 24 december, 08-17 25 april, kl 09-11 12 mars, 09.00–16.30",
        "5 < 7 och 7 > 5, rad<br>rad<br/>rad och `<div>`",
        "**fet** och **fet\növer raden** men ***båda*** och _kursiv_, ord**fet**ord",
        "2023–2024 arbetade 13–14 volontärer 2,5 timmar. Lagen (2021:1080), BrB 4:4 a, 2–3 år.",
        "{telefon:jouren} {epost:jouren} @qjouren",
        "– Hej, sa hon.\n\n– Kom in.",
        "- ett\n    - två\n    - tre\n\n    Mer.\n\n- fyra",
        " - ett\n - två",
        "Fre | lör",
        "Begrepp\n:   Vad det betyder",
        "Text [inom hakar] och (inom parentes) & mer, 2 * 3 * 4, ett_ord_till, #metoo, XXX",
        "> Ett citat.\n\n---\n\nSlut.",
        "Följ @qjouren.se och @anna.b, på [kartan](https://karta.exempel/@59.33,18.06), 2022-12-31 12.00. Vi ses.",
        "Skriv \\*så\\* här &ndash; och så.",
        "[hjälp][h]\n\n[h]: https://polisen.se/hjalp",
        "1986\\. Året då allt började.",
        "\\#MeToo var 2017.\n\n## #MeToo",
        "Lösenkod: skickas i mejlet.",
    ],
)
def test_nothing_is_said_of_what_is_right(text):
    assert faults_in(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * 4000, "Stycket har för många [ utan slut."),
        ("[" * 100 + "a" + "](/x/)" * 100, "Stycket har för många [ utan slut."),
        ("[a](" * 1000, "Stycket har för många"),
        ("x" * 100_000, "Raden har 100000 tecken."),
        ("{a:" + " " * 4000, "skulle synas på sidan"),
        ("{diagram:" + " " * 4000, "skulle synas på sidan"),
        ("\t" * 4000 + "x", "Raden börjar med 16000 mellanslag."),
        ("\n".join("    " * deep + "- x" for deep in range(400)), "Raden börjar med 104 mellanslag."),
        ("> " * 1000 + "x", "för många listor eller citat i varandra"),
        ("> - " * 1000 + "x", "för många listor eller citat i varandra"),
        ("1. " * 1000 + "x", "för många listor eller citat i varandra"),
    ],
)
def test_what_nobody_writes_is_told_at_once(text, words):
    began = perf_counter()

    assert words in faults_in(f"Ord.\n\n{text}")[0][1]
    assert perf_counter() - began < 5


def test_a_text_that_markdown_gives_up_halfway_spoils_no_other(monkeypatch):
    made = prose()
    monkeypatch.setattr("plugins.prose.beyond", lambda _: ())

    told = made.text("- " * 1000 + "x").found.faults

    assert "för mycket i varandra" in told[0][1]
    assert made.text("Text.").html == "<p>Text.</p>"


def test_a_picture_is_checked_by_what_it_became():
    text = "![två kvinnor på\nOdenplan](saknas.jpg) ![a][t]\n\n[t]: https://tracker.example/x.gif"

    found = faults_in(text)

    assert [line for line, _ in found] == [2, 4]
    assert "”saknas.jpg” finns inte" in found[0][1]
    assert "måste ligga i content/images" in found[1][1]


@pytest.mark.parametrize("written", ["900101\\-1234", "9001&#8203;01-1234"])
def test_an_escaped_or_invisible_sign_hides_nothing(tmp_path, written):
    Image.new("L", (9, 6)).save(tmp_path / "torget.png")

    for body in (f"Hon är {written}.", f"![hon är {written}](torget.png)"):
        assert faults_in(body, tmp_path) == [(1, "Ett personnummer får inte stå på webbplatsen. Ta bort det.")]


def test_no_html_of_a_text_comes_out():
    html = prose().text("<b>x</b> <img src=x onerror=alert(1)>\n\n<script>alert(1)</script>\n\n&lt;i&gt;").html

    assert parse(html).strange == []
    assert "<script" not in html
    assert "<b>" not in html


def test_columns_that_are_set_to_the_right_have_a_class_instead_of_a_style():
    html = prose().text("| a | b |\n|---|--:|\n| 1 | 2 |").html

    assert '<td class="right">2</td>' in html
    assert "style" not in html


@given(st.text(alphabet=st.sampled_from("#*_[](){}<>`-1.0 8@/:\n\taåX|!~=+\\&;"), max_size=120))
def test_any_text_can_be_looked_through_and_nothing_strange_comes_out(text):
    made = prose().text(text)

    strange = {each.tag for each in parse(made.html).strange}

    assert not strange or made.found.faults, made.html
    assert strange <= {
        "pre",
        "h1",
        "h5",
        "h6",
        "img",
        "h2",
        "h3",
        "h4",
        "p",
        "li",
        "dt",
        "td",
        "th",
        "a",
        "em",
        "strong",
        "code",
    }

"""Telephone numbers in texts: a stranger's is found however it is written, and nothing else is taken for one."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plugins.phone import dialled, numbers_in

JOUREN, STRANGER, MOBILE = "+4686442032", "+4681234567", "+46701234567"

WRITTEN = [
    ("08-644 20 32", JOUREN),
    ("08 - 644 20 32", JOUREN),
    ("08 644 20 32", JOUREN),
    ("08-6442032", JOUREN),
    ("086442032", JOUREN),
    ("08-64 42 032", JOUREN),
    ("08-644-20-32", JOUREN),
    ("(08) 123 45 67", STRANGER),
    ("(08)-123 45 67", STRANGER),
    ("08/123 45 67", STRANGER),
    ("08 / 123 45 67", STRANGER),
    ("08.123.45.67", STRANGER),
    ("08·123·45·67", STRANGER),
    ("08\N{NO-BREAK SPACE}123\N{NO-BREAK SPACE}45\N{NO-BREAK SPACE}67", STRANGER),
    ("08\N{THIN SPACE}123\N{NARROW NO-BREAK SPACE}45\t67", STRANGER),
    ("08–123 45 67", STRANGER),
    ("08—123 45 67", STRANGER),
    ("08\N{NON-BREAKING HYPHEN}123 45 67", STRANGER),
    ("08\N{MINUS SIGN}123 45 67", STRANGER),
    ("08-123\n45 67", STRANGER),
    ("08-\r\n123 45 67", STRANGER),
    ("08-12\N{ZERO WIDTH SPACE}3 45 6\N{SOFT HYPHEN}7", STRANGER),
    ("０８－１２３　４５　６７", STRANGER),
    ("0701234567", MOBILE),
    ("070-123 45 67", MOBILE),
    ("0701-23 45 67", MOBILE),
    ("070123 4567", MOBILE),
    ("+46701234567", MOBILE),
    ("+46 70-123 45 67", MOBILE),
    ("46701234567", MOBILE),
    ("46 70 123 45 67", MOBILE),
    ("0046 8 644 20 32", JOUREN),
    ("00 46 8 644 20 32", JOUREN),
    ("+46 (0)8 644 20 32", JOUREN),
    ("+46(0)8-644 20 32", JOUREN),
    ("(+46) 8 644 20 32", JOUREN),
    ("+(46) 8 644 20 32", JOUREN),
    ("(0)8-644 20 32", JOUREN),
    ("+47 22 33 44 55", "+4722334455"),
    ("0047 22 33 44 55", "+4722334455"),
    ("+1 (212) 736-5000", "+12127365000"),
    ("0611-123 45", "+4661112345"),
    ("08-16 20 00", "+468162000"),
    ("020-50 50 50", "+4620505050"),
    ("020-555 666", "+4620555666"),
    ("0771-567 567", "+46771567567"),
    ("0701-74 06 05", "+46701740605"),
    ("0199-12 34 56", "+46199123456"),  # no such area, and yet it is meant to be called
    ("114 14", "11414"),
    ("114\N{NO-BREAK SPACE}14", "11414"),
    ("114-14", "11414"),
    ("116 006", "116006"),
    ("116 111", "116111"),
]

AROUND = [
    ("Ring {}.", "08-644 20 32"),
    ("Ring {} 24 timmar om dygnet.", "08-644 20 32"),
    ("Ring {} 4 gånger.", "08-644 20 32"),
    ("Ring {}, dygnet runt.", "116 111"),
    ("Tel:{}", "08-644 20 32"),
    ("Tel.{}", "08-644 20 32"),
    ("Tel{}", "08-644 20 32"),
    ("tel:{}", "+4686442032"),
    ("({})", "08-644 20 32"),
    ("_{}_", "08-644 20 32"),
    ("Mån–fre 10–12 {}", "08-644 20 32"),
    ("Öppet 09.00–16.30 {}", "08-644 20 32"),
    ("Sedan 2022 {}", "08-123 45 67"),
    ("Rum 12 {}", "031-12 34 56"),
    ("Bankgiro 403-2850 {}", "08-644 20 32"),
    ("Swish {}", "070-123 45 67"),
    ("Vårt kontor {}", "08-644 20 32"),
    ("{}-33", "08-644 20 32"),
    ("{} (2023)", "08-644 20 32"),
    ("Hela numret {}\n\n12 personer kom.", "08-644 20 32"),
]

NOT_NUMBERS = [
    "Öppet 09-16 24 december",
    "Öppet 08-16 24-26 december",
    "Öppet 08-16 24 och 25 december",
    "Öppet 08–17 24/12",
    "08-17 25 april",
    "08-17 2024-12-24",
    "08-16.30 24 25 december",
    "kl 09-11 12 mars",
    "kl 08-16 20 00",
    "mån–fre 08-16 10 20 30",
    "08-12 13-17",
    "08–12 13–17 18–20",
    "09.00–16.30",
    "09.00 – 16.30 24 december",
    "08.30 09.00 10.00 11.00",
    "kl. 08.30–10.00 den 24 mars",
    "0800-1630",
    "0800-1630 24 december",
    "08-17\n\n25 26 27 personer",
    "2022-12-31",
    "2022-08-31 12.00",
    "2022-08-31 12:30–14:00",
    "08-12-24 12.30",
    "08-12-2024",
    "08.12.2024",
    "08/31/2024",
    "08/12 2024",
    "01/02–03/02 2024",
    "2023–2024",
    "1 117 personer",
    "2 000–3 000",
    "12 500 kr",
    "5 000 000 000",
    "2 012 345 678 kr",
    "ökade med +12 500 000 kr",
    "116 111 kr",
    "1 116 111",
    "s. 116–117",
    "45,5 %",
    "0,0812345678",
    "0.5 1.5 2.5 3.5 4.5",
    "0 1 2 3 4 5 6 7 8 9",
    "07 08 09 10 11",
    "1–6 år",
    "s. 089–112",
    "s. 0812–0815",
    "71, 036108 (2005)",
    "4 kap. 4 a §",
    "BrB 4:4 a",
    "SFS 2021:1080",
    "prop. 2020/21:217",
    "org.nr 802471-7236",
    "bankgiro 403-2850",
    "plusgiro 05 12 34-5",
    "kontonummer 8327-9, 012 345 678-9",
    "012 345 678-9",
    "SE45 5000 0000 0583 9825 7466",
    "104 35 Stockholm",
    "114 14 Stockholm",
    "Box 23126",
    "080512-1234",
    "080572-1234",
    "20080512-1234",
    "ISBN 978-91-0-012345-6",
    "ISBN 0-13-110362-8",
    "ISSN 0281-7047",
    "dnr 0812345678",
    "Mötes-ID 812 3456 7890",
    "https://doi.org/10.1093/bjsw/bcab0812345678",
    "doi:10.1093/0812345678",
    "https://example.org/08-1234567?id=0812345678",
    "example.org/0812345678",
    "A0812345678",
    "0812345678901234567890",
    "Ring 112 eller 1177",
    "08-12",
    "",
]


@pytest.mark.parametrize(("written", "called"), WRITTEN)
def test_a_number_is_found_however_it_is_written(written, called):
    text = f"Fråga gärna: {written} eller mejla."

    assert list(numbers_in(text)) == [(written, called)]


@pytest.mark.parametrize(("written", "called"), WRITTEN)
def test_a_number_is_found_in_a_normalised_text(written, called):
    text = unicodedata.normalize("NFKC", written)

    assert [found for _, found in numbers_in(text)] == [called]


@pytest.mark.parametrize(("text", "number"), AROUND)
def test_what_stands_around_a_number_is_not_taken_with_it(text, number):
    assert list(numbers_in(text.format(number))) == [(number, dialled(number))]


@pytest.mark.parametrize("between", [", ", ",", "/", " / ", " eller ", "\n", " ", "; "])
def test_each_of_several_numbers_is_found(between):
    numbers = ["08-644 20 32", "070-123 45 67", "0811223344"]

    assert [written for written, _ in numbers_in(between.join(numbers))] == numbers


@pytest.mark.parametrize("text", NOT_NUMBERS)
def test_other_digits_are_no_number(text):
    assert list(numbers_in(text)) == []
    assert list(numbers_in(unicodedata.normalize("NFKC", f"Det står {text} i texten."))) == []


@pytest.mark.parametrize(
    ("number", "called"),
    [
        ("08-644 20 32", JOUREN),
        (" 08–644\N{NO-BREAK SPACE}20 32 ", JOUREN),
        ("+46 8 644 20 32", JOUREN),
        ("+46 (0)8 644 20 32", JOUREN),
        ("0046 8 644 20 32", JOUREN),
        ("020-555 666", "+4620555666"),
        ("0701-74 06 05", "+46701740605"),
        ("+47 22 33 44 55", "+4722334455"),
        ("112", "112"),
        ("1177", "1177"),
        ("114 14", "11414"),
        ("116 006", "116006"),
    ],
)
def test_a_number_is_dialled(number, called):
    assert dialled(number) == called


@pytest.mark.parametrize(
    "number",
    [
        "",
        "hej",
        "08-12",
        "08-123 45",
        "8-644 20 32",
        "08-644 20 32 eller 112",
        "08-644 20 32 456 78",
        "(08 644 20 32",
        "+",
        "+112",
        "+47 1",
        "0000000000",
        "12345",
        "2027-02-10",
        "²³⁴",
    ],
)
def test_what_cannot_be_called_is_not_dialled(number):
    assert dialled(number) is None


@given(st.text())
@example("0" * 20_000)
@example("+" * 20_000)
@example("0-" * 20_000)
def test_any_text_can_be_looked_through(text):
    found = list(numbers_in(text))

    assert all(written in text and called.lstrip("+").isdecimal() for written, called in found)
    dialled(text)


@given(st.text(alphabet="0123456789 0-+()/.,:\n–\N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}kr²①½", max_size=80))
def test_any_digits_can_be_looked_through(text):
    found = list(numbers_in(text))

    assert all(written in text and called.lstrip("+").isdecimal() for written, called in found)
    dialled(text)


SPACES = st.sampled_from([" ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\n", "  "])
DASHES = st.sampled_from(["-", "–", "\N{NON-BREAKING HYPHEN}", "\N{MINUS SIGN}", " - ", " – ", "/", ") "])
HARMLESS = st.sampled_from(
    [
        "Ring {} om du vill prata.",
        "Vi finns på {}.",
        "Mejla eller ring ({}).",
        "{}",
        "År 2023 fick vi {}; välkommen!",
        "Fax: {}",
    ]
)


@st.composite
def numbers(draw) -> tuple[str, str]:
    """A valid number in Sweden, in one of the ways it may be written, and how it is dialled."""
    area, groups = draw(
        st.sampled_from([("8", (3, 2, 2)), ("8", (3, 3, 2)), ("31", (3, 2, 2)), ("611", (3, 2)), ("70", (3, 2, 2))])
    )
    parts = [draw(st.from_regex(rf"[2-9][0-9]{{{size - 1}}}", fullmatch=True)) for size in groups]
    called = f"+46{area}{''.join(parts)}"
    rest = draw(st.sampled_from([draw(SPACES), draw(SPACES), ""])).join(parts)
    dash = draw(DASHES)
    home = ("(" if dash == ") " else "") + f"0{area}{dash}{rest}"
    code = draw(st.sampled_from(["+46", "+46 ", "0046 ", "+46 (0)", "+46(0)"]))
    abroad = f"{code}{area}{draw(st.sampled_from([' ', '-']))}{rest}"
    return draw(st.sampled_from([home, abroad, f"0{area}{''.join(parts)}", called])), called


@settings(max_examples=300)
@given(numbers(), HARMLESS)
def test_a_valid_number_is_found_in_any_harmless_sentence(number, sentence):
    written, called = number

    assert list(numbers_in(sentence.format(written))) == [(written, called)]
    assert dialled(written) == called


@pytest.mark.parametrize(
    "piece", ["0-", "0", "08 ", "1 000 ", "100 ", "09.00-", "08-17 ", "+46 ", "00 ", "0(8)", "\n0 "]
)
def test_a_long_text_is_looked_through_to_its_end(piece):
    text = piece * (100_000 // len(piece))

    assert list(numbers_in(f"{text}\n\nRing 070-123 45 67"))[-1] == ("070-123 45 67", MOBILE)

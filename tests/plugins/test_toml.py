"""Data files in TOML: every fault told in Swedish with its line, and a guess that helps."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins import repairs, toml

FILE = "content/data/telephones.toml"


def told(text: str | bytes) -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    document, faults = toml.read(FILE, data)
    assert bool(faults) is (document.table == {})
    return [str(fault) for fault in faults]


@pytest.mark.parametrize(
    ("text", "words", "meant"),
    [
        ("number = 08-123", 'Sätt raka citattecken om texten: ".', 'number = "08-123"'),
        ("name = Bris", 'Sätt raka citattecken om texten: ".', 'name = "Bris"'),
        ('name = Bris"', 'Sätt raka citattecken om texten: ".', 'name = "Bris"'),
        ('name = "Bris', "Det saknas ett citattecken.", 'name = "Bris"'),
        ("name = ”Bris”", 'Citattecknen är typografiska. Skriv raka: ".', 'name = "Bris"'),
        ("name = ‘Bris’", 'Citattecknen är typografiska. Skriv raka: ".', 'name = "Bris"'),
        ('note = "Säg "hej" nu"', "Citattecken inne i texten skriver du som ”.", 'note = "Säg ”hej” nu"'),
        ('tel: "112"', "Skriv = i stället för kolon.", 'tel = "112"'),
        ('name "Bris"', "Det saknas ett = efter namnet.", 'name = "Bris"'),
        ('name = "Bris",', "Ta bort tecknet sist på raden.", 'name = "Bris"'),
        ("rows = 6 012", "Skriv talet utan mellanslag.", "rows = 6012"),
        (
            "checked = 2025-1-1",
            "Skriv datumet med år, månad och dag: två siffror för månad och dag.",
            "checked = 2025-01-01",
        ),
        (
            "checked = 2025/01/31",
            "Skriv datumet med år, månad och dag: två siffror för månad och dag.",
            "checked = 2025-01-31",
        ),
        ('rows = [["a", 1] ["b", 2]]', "Det saknas ett kommatecken.", 'rows = [["a", 1], ["b", 2]]'),
        ('rows = [["a, 1]]', "Det saknas ett citattecken.", 'rows = [["a", 1]]'),
        ("rows = [[Samtal, 1]]", 'Sätt raka citattecken om texten: ".', 'rows = [["Samtal", 1]]'),
        ('rows = [["a", 1]', "Det saknas en hakparentes: ].", 'rows = [["a", 1]]'),
        ("[polis", "Det saknas en hakparentes: ].", "[polis]"),
        ("polis]", "Det saknas en hakparentes: [.", "[polis]"),
        ("[Välj att sluta]", 'Sätt raka citattecken om namnet: ".', '["Välj att sluta"]'),
        ('fakta/barn = ["vårdnad"]', 'Sätt raka citattecken om namnet: ".', '"fakta/barn" = ["vårdnad"]'),
        ('rows = [["a", 1]*]', "Tecknet * är ett för mycket.", 'rows = [["a", 1]]'),
        (r'name = "C:\qq"', "Skriv två bakstreck i rad i stället för ett.", r'name = "C:\\qq"'),
    ],
)
def test_a_mistake_is_shown_with_the_line_as_it_should_be(text, words, meant):
    assert told(f"# Nummer.\n\n{text}\n") == [f"rad 3: ”{text}” går inte att läsa. {words} Skriv: {meant}"]

    tomllib.loads(meant)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("checked = 2025-02-30", "Dagen finns inte: februari 2025 har 28 dagar."),
        ("checked = 2025-13-01", "Året eller månaden finns inte. Skriv år, månad och dag, till exempel 2025-01-31."),
        ("checked = i går", "Skriv dagen som ett datum: checked = 2025-01-31."),
        ("checked = 31 januari 2025", "Skriv dagen som ett datum: checked = 2025-01-31."),
        ("name =", "Det saknas ett värde efter =."),
        ("hej och hå", "Jämför med raderna runt om: något tecken är för mycket eller för lite."),
    ],
)
def test_what_nobody_can_guess_is_said(text, words):
    assert told(text) == [f"rad 1: ”{text}” går inte att läsa. {words}"]


def test_two_mistakes_on_one_line_are_both_told():
    (words,) = told("tel: ”112”")

    assert words == (
        'rad 1: ”tel: ”112”” går inte att läsa. Citattecknen är typografiska. Skriv raka: ". '
        'Skriv = i stället för kolon. Skriv: tel = "112"'
    )


def test_a_missing_comma_is_told_on_the_line_that_lacks_it():
    text = 'rows = [\n  ["Samtal", 1],\n  ["Besök", 2]\n  ["Möten", 6 012],\n]\nname = Bris\n'

    assert told(text.replace("6 012", "6012"))[0] == (
        'rad 3: ”["Besök", 2]” går inte att läsa. Det saknas ett kommatecken. Skriv: ["Besök", 2],'
    )
    assert told(text.replace(", 2]", ", 2],"))[0] == (
        'rad 4: ”["Möten", 6 012],” går inte att läsa. Skriv talet utan mellanslag. Skriv: ["Möten", 6012],'
    )
    assert told(text)[-1].startswith("rad 6: ”name = Bris”")


def test_what_follows_an_array_that_never_ends_is_read_all_the_same():
    first, second = told('rows = [["a", 1],\n\n# Nästa år.\n["2024"]\nname = Bris\n')

    assert (
        first == 'rad 1: ”rows = [["a", 1],” går inte att läsa. Det saknas en hakparentes: ]. Skriv: rows = [["a", 1]]'
    )
    assert second.startswith("rad 5: ”name = Bris”")


def test_what_stands_twice_is_told_with_both_lines():
    assert told('[polis]\nname = "A"\n\n[polis]\nnumber = "1"\n[bris]\nname = "B"\nname = "C"\n') == [
        "rad 4: ”[polis]” finns redan på rad 1. Ta bort en av de två avdelningarna eller byt namn på den.",
        'rad 8: ”name = "C"” finns redan på rad 7. Ta bort en av raderna eller byt namn på den.',
    ]
    assert told("a.b = 1\n[a]\nc = 2\n") == [
        "rad 2: ”[a]”: Namnet används två gånger i filen, på olika sätt. Byt namn eller ta bort det ena."
    ]


def test_what_git_left_is_told():
    told_words = told('<<<<<<< HEAD\nname = "A"\n=======\nname = "B"\n>>>>>>> a1b2c3\n')

    assert [words.partition(" är kvar")[0] for words in told_words] == [
        "rad 1: ”<<<<<<< HEAD”",
        "rad 3: ”=======”",
        "rad 5: ”>>>>>>> a1b2c3”",
    ]
    assert told_words[0].endswith(
        "är kvar efter en krock i git. Behåll det som ska gälla, "
        "och ta bort raderna som börjar med <<<<<<<, ======= och >>>>>>>."
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ('name = "För"'.encode("utf-16"), "Filen är sparad som UTF-16, som Anteckningar kallar ”Unicode”."),
        ('name = "För"'.encode("utf-16-le"), "Filen är sparad som UTF-16, som Anteckningar kallar ”Unicode”."),
        ('a = 1\nname = "För"'.encode("cp1252"), "rad 2: Filen är inte sparad som UTF-8."),
        (b"PK\x03\x04\x14", "Filen är ett Word-dokument eller en zip-fil."),
        (rb"{\rtf1\ansi", "Filen är i formatet RTF."),
    ],
)
def test_a_file_that_is_no_text_in_utf_8_is_told(data, words):
    (fault,) = told(data)

    assert fault.startswith(words)


def test_a_byte_order_mark_and_windows_line_ends_are_no_faults():
    document, faults = toml.read(FILE, b'\xef\xbb\xbfname = "a"\r\n[b]\r\nc = 1\r\n')

    assert faults == []
    assert document.table == {"name": "a", "b": {"c": 1}}
    assert document.line(("b", "c")) == 3


def test_an_invisible_character_is_told():
    (words,) = told("name\u00a0= 1")

    assert "Raden har ett osynligt tecken eller ett hårt mellanslag. Skriv om den för hand. Skriv: name = 1" in words


def test_no_more_than_twenty_faults_of_one_file_are_told():
    faults = told("hej och hå\n" * 500)

    assert len(faults) == 21
    assert faults[-1] == "rad 21: Här finns fler fel. Rätta de första och bygg om."


TEXT = """# Först
name = "A = [b]"

[a] # c
"x = y" = 1
z.w = [
  ["Samtal", 1],
  ["Besök", 2],
]
["2023".stod]
note = '''
name = "inte här"
'''
[[d]]
e = 1
"""


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        (("name",), "", 2),
        (("a",), "", 4),
        (("a", "x = y"), "", 5),
        (("a", "z"), "", 6),
        (("a", "z", "w"), "Besök", 8),
        (("a", "z", "w"), "Finns inte", 6),
        (("2023",), "", 10),
        (("2023", "stod", "note"), "", 11),
        (("2023", "stod", "missing"), "", 10),
        (("d", "e"), "", 15),
        (("missing",), "", None),
    ],
)
def test_every_key_has_its_line(path, text, line):
    document, _ = toml.read(FILE, TEXT.encode())

    assert document.table == tomllib.loads(TEXT)
    assert document.line(path, text) == line


def test_a_table_that_is_there_twice_is_told_once():
    assert told('[a]\nb = "c"\n[a]\nb = "d"\n[e]\nf = 1\nf = 2') == [
        "rad 3: ”[a]” finns redan på rad 1. Ta bort en av de två avdelningarna eller byt namn på den.",
        "rad 7: ”f = 2” finns redan på rad 6. Ta bort en av raderna eller byt namn på den.",
    ]


@given(st.text(st.sampled_from("ab[]{}=\"'”:,.#\n\\ 1-2<>é"), max_size=60) | st.text(max_size=40))
def test_whatever_stands_there_it_is_read_or_told_in_swedish(text):
    document, faults = toml.read(FILE, text.encode("utf-8", "surrogatepass"))

    said = " ".join(fault.words for fault in faults)
    assert not any(english in said for english in ("Expected", "Invalid value", "Unclosed", "Cannot", "at line"))
    for fault in faults:
        repair = fault.words.partition(" Skriv: ")[2]
        assert not repair or "\n" not in repair
    assert not (faults and document.table)


def test_every_repair_is_tried_alone_before_two_together():
    found = repairs.find("name = “A”", lambda text: "“" not in text)

    assert found == repairs.Repair(words='Citattecknen är typografiska. Skriv raka: ".', text='name = "A"', line=0)

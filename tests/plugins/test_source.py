"""A file taken apart: what stands in its fields, and what nobody meant to write."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.source import fields, read

FILE = "content/pages/stod.md"
GOOD = "Title: Stöd\nSummary: Så når du oss.\n\nText.\n"


def told(text):
    _, faults = read(FILE, text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return [str(fault) for fault in faults]


@pytest.mark.parametrize("space", [" ", "  ", "\t", "\u00a0"])
def test_a_field_that_is_indented_is_no_part_of_the_one_above(space):
    source, faults = read(FILE, f"Title: Stöd\n{space}Status: cancelled\n\nText.".encode())

    assert [header.name for header in source.headers] == ["Title", "Status"]
    assert [str(fault) for fault in faults] == [
        "rad 2: Raden börjar med mellanslag. Ta bort dem före ”Status”. Varje fält står på en enda rad."
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GOOD.replace("Text", "<<<<<<< HEAD\nText"), "rad 4: ”<<<<<<< HEAD” är kvar efter en krock i git."),
        (GOOD.replace("Text", "=======\nText"), "rad 4: ”=======” är kvar efter en krock i git."),
        (GOOD.replace("Summary", ">>>>>>> a1b2c3\nSummary"), "rad 2: ”>>>>>>> a1b2c3” är kvar efter en krock i git."),
        (GOOD.replace("når", "nÃ¥r"), "rad 2: Bokstäver har blivit fel i ”nÃ¥r”."),
        (GOOD.replace("Text", "FÃ¶r dig"), "rad 4: Bokstäver har blivit fel i ”FÃ¶r”."),
        (GOOD.replace("Text", "dÃ¤r â€“"), "rad 4: Bokstäver har blivit fel"),
        (GOOD.replace("Text", "f\ufffdr"), "rad 4: Bokstäver har blivit fel i ”f\ufffdr.”."),
        (GOOD.replace("Stöd", "Stöd\u200b"), "rad 1: Det finns ett osynligt tecken efter ”Stöd” (U+200B)."),
        (GOOD.replace("Text", "\ufeff## Rubrik"), "rad 4: Det finns ett osynligt tecken först på raden (U+FEFF)."),
        (GOOD.replace("Text", "ekono\u00admi"), "rad 4: Det finns ett osynligt tecken efter ”ekono” (U+00AD)."),
        (GOOD.replace("Text", "\u202eText"), "rad 4: Det finns ett osynligt tecken först på raden (U+202E)."),
        (GOOD.replace("Text", "a\x07b"), "rad 4: Raden innehåller ett osynligt styrtecken."),
        (b"PK\x03\x04word/document.xml", "Filen är ett Word-dokument eller en zip-fil."),
        (b"{\\rtf1\\ansi", "Filen är i formatet RTF."),
        (b"%PDF-1.7", "Filen är en PDF."),
        (b"<!doctype html><html>", "Filen är en webbsida."),
        ("Title: T".encode("utf-16"), "Filen är sparad som UTF-16"),
        ("Title: Stöd och hjälp".encode("utf-16-le"), "Filen är sparad som UTF-16"),
    ],
)
def test_what_nobody_means_to_publish_is_told(text, words):
    (found,) = told(text)

    assert found.startswith(words)


def test_a_good_file_is_read_without_a_word():
    assert told("\ufeff" + GOOD) == told(GOOD) == told(GOOD.replace("\n", "\r\n")) == []


@pytest.mark.parametrize("quotes", ["””", "“”", '""', "''", "»»", "„”"])
def test_quotes_around_a_value_are_told(quotes):
    source, _ = read(FILE, f"Title: {quotes[0]}Stöd{quotes[1]}\n\nText.".encode())

    _, faults, _ = fields(source, ("Title",))

    assert [str(fault) for fault in faults] == [
        "rad 1, Title: Ta bort citattecknen runt värdet. De skulle synas på sidan."
    ]


@pytest.mark.parametrize("value", ["”Varför går hon?” och andra frågor", "Om ”Stöd”", "”Ja” eller ”nej”"])
def test_quotes_within_a_value_are_left_alone(value):
    source, _ = read(FILE, f"Title: {value}\n\nText.".encode())

    assert fields(source, ("Title",))[1] == []


def test_a_field_without_its_colon_is_told_which_one_it_is():
    source, _ = read(FILE, b"Start 2027-06-02 12:00\n\nText.")

    _, faults, guessed = fields(source, ("Title", "Start"))

    assert [fault.words for fault in faults] == ["Det saknas ett kolon efter Start. Skriv Start: och sedan värdet."]
    assert guessed == {"Start"}


@pytest.mark.parametrize("word", ["👩\u200d👧", "❤\ufe0f\u200d🔥", "می\u200cخواهم", "مرحبا\u200f!"])
def test_signs_that_are_spelling_in_emoji_and_other_scripts_may_stand(word):
    assert told(GOOD.replace("Text", word)) == []


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_can_be_taken_apart(data):
    source, faults = read(FILE, data)

    assert source.headers or source.body or faults
    assert all(str(fault).isprintable() for fault in faults)


def test_a_line_of_spaces_that_is_no_field_is_told_at_once():
    began = perf_counter()

    assert "är inget fält" in told(f"Title{' ' * 200_000}x\n\nText.\n")[0]
    assert perf_counter() - began < 5

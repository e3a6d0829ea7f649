"""Faults that show when all lectures are read."""

from datetime import datetime

import pytest

from plugins.lectures import together
from plugins.lectures.headers import read
from registrations.catalogue import ZONE
from tests.plugins.small_site import JOIN
from tests.plugins.texts import reading as text

NOW = datetime(2027, 1, 11, 9, 30, tzinfo=ZONE)


def reading(name, *lines):
    text = "\n".join(["Title: T", "Start: 2027-02-10 12:00", "End: 13:00", "Speaker: S", "Seats: 9", *lines])
    return read(f"content/lectures/{name}.md", text.encode(), now=NOW)[0]


def told(faults):
    return [(fault.file.removeprefix("content/lectures/"), str(fault)) for fault in faults]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("ekonomi-vald", "Det finns ingen föreläsning ”ekonomi-vald”. Menade du ekonomiskt-vald?"),
        (
            "2026-02-10-ekonomiskt-vald",
            "Det finns ingen föreläsning ”2026-02-10-ekonomiskt-vald”. Menade du ekonomiskt-vald?",
        ),
        ("xyz", "Det finns ingen föreläsning ”xyz”. Skriv filens namn utan datum och utan .md."),
        ("repris", "”repris” är föreläsningen själv. Skriv adressen till den tidigare, eller ta bort raden."),
        ("utkast", "”utkast” är ett utkast och syns inte. Publicera det först, eller ta bort raden."),
    ],
)
def test_a_rerun_of_what_is_not_there_is_a_fault(value, words):
    others = [reading("2026-02-10-ekonomiskt-vald"), reading("utkast", "Status: draft")]

    faults = together.reruns([*others, reading("repris", f"Rerun of: {value}")])

    assert told(faults) == [("repris.md", f"rad 6, Rerun of: {words}")]


def test_a_rerun_of_a_lecture_with_other_faults_is_no_fault():
    broken = reading("ekonomiskt-vald", "Seats: x")

    assert together.reruns([broken, reading("repris", "Rerun of: ekonomiskt-vald")]) == []


@pytest.mark.parametrize(
    "line",
    [
        f"Länk: {JOIN}",
        f"Vi ses [här]({JOIN}).",
        f"<{JOIN}>",
        "Vi ses på https://meet.example/j/987654321.",
        '<a href="https://meet.example/j/987654321?pwd=Hemlig&amp;x=1">här</a>',
        "- Ord\n    - meet.example/j/987654321",
        "Vi ses [på\nmötet](https://MEET.example/j/987654321).",
        "[mötet][m]\n\n[m]: https://meet.example/j/%39%38%37654321",
        "Mötet har nummer 987 654 321.",
    ],
)
def test_a_join_link_in_the_text_is_a_fault(line):
    (fault,) = together.exposed([text(f"Title: T\n\n{line}\n")], [JOIN])

    assert fault.line in (3, 4, 5)
    assert fault.words == (
        "Här står en möteslänk som bara anmälda ska få. Ta bort den: den skickas i brevet till dem som fått plats."
    )


@pytest.mark.parametrize(
    "link",
    [
        "https://meet.example//r/AbC-dEf",
        "https://meet.example/./r/abc-def",
        "https://meet.example:443/r/AbC-dEf",
        "https://meet.example./r/AbC-dEf",
        "https://meet.example/r/AbC-dEf-",
        "https://meet.example/r/AbC%252DdEf",
        "https://ｍeet.example/r/AbC-dEf",
        "https://annan.example/?till=https%3A%2F%2Fmeet.example%2Fr%2FAbC-dEf",
        "meet.ex&#8203;ample/r/AbC-dEf",
    ],
)
def test_a_join_link_is_found_in_any_spelling(link):
    assert together.exposed([text(f"Title: T\n\nSe [mötet idag]({link}).\n")], ["https://meet.example/r/AbC-dEf"])


@pytest.mark.parametrize("number", ["９８７６５４３２１", "987&#8203;654&#8203;321", "9̲87654321", "٩٨٧٦٥٤٣٢١"])
def test_a_meetings_number_is_found_in_any_digits(number):
    assert together.exposed([text(f"Title: T\n\nNumret är {number}.\n")], [JOIN])


def test_a_join_link_in_another_header_is_a_fault():
    (fault,) = together.exposed([text(f"Title: T\nJoin: {JOIN}\nSummary: Se {JOIN}\n\nText.")], [JOIN])

    assert fault.line == 3


def test_other_links_to_the_same_place_are_none():
    others = text("Title: T\n\nhttps://meet.example/ och https://meet.example/j/1 och https://[trasig\n")

    assert together.exposed([others], [JOIN, "https://annan.example/?rum=1"]) == []

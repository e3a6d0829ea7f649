"""A lecture's file, and every fault that can be in it."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.lectures.headers import KNOWN, read
from plugins.lectures.moments import Season
from registrations.catalogue import ZONE, Lecture

FILE = "content/lectures/2027-02-10-ekonomiskt-vald.md"
NOW = datetime(2027, 1, 11, 9, 30, tzinfo=ZONE)
GOOD = """Title: Ekonomiskt våld
Start: 2027-02-10 12:00
End: 13:00
Speaker: Inbjuden föreläsare
Seats: 100
"""
LECTURE = Lecture(
    slug="ekonomiskt-vald",
    title="Ekonomiskt våld",
    start=datetime(2027, 2, 10, 12, 0, tzinfo=ZONE),
    end=datetime(2027, 2, 10, 13, 0, tzinfo=ZONE),
    closes=datetime(2027, 2, 10, 12, 0, tzinfo=ZONE),
    speaker="Inbjuden föreläsare",
    seats=100,
)


def entry_of(text, file=FILE):
    reading, faults = read(file, text.encode(), now=NOW)
    assert faults == []
    return reading.entry


def faults_of(text, file=FILE):
    reading, faults = read(file, text if isinstance(text, bytes) else text.encode(), now=NOW)
    assert reading.entry is None
    assert {fault.file for fault in faults} <= {file}
    return [str(fault) for fault in faults]


def test_a_file_with_what_is_needed_is_a_lecture_that_closes_when_it_starts():
    assert entry_of(GOOD).when == LECTURE


def test_every_header_is_read_whatever_the_case_of_its_name():
    text = GOOD + (
        "JOIN: https://meet.example/j/1\ncloses: 2027-02-09 18:00\nstatus: Cancelled\nRERUN OF: annan\n"
        "Summary: Om pengar.\nexample: Yes\n\nText.\n"
    )

    entry = entry_of(text)

    assert entry.when == replace(
        LECTURE,
        join="https://meet.example/j/1",
        closes=datetime(2027, 2, 9, 18, 0, tzinfo=ZONE),
        status="cancelled",
        rerun_of="annan",
        summary="Om pengar.",
        example=True,
    )
    assert (entry.cancelled, entry.example, entry.rerun_of, entry.source.body) == (True, True, "annan", "Text.\n")


def test_a_value_ends_with_its_line():
    assert faults_of(GOOD + "Summary: Om pengar,\n  skulder.\n\nText.\n") == [
        "rad 7: Raden börjar med mellanslag. Ta bort dem före ”skulder.”. Varje fält står på en enda rad."
    ]


def test_line_ends_byte_order_marks_and_composed_letters_do_not_matter():
    entry = entry_of("\ufeff" + GOOD.replace("å", "a\u030a").replace("\n", "\r\n"))

    assert entry.title == "Ekonomiskt våld"


def test_an_empty_header_is_as_good_as_none():
    assert entry_of(GOOD + "Join:\nCloses: \n").when == LECTURE


def test_a_lecture_of_which_only_the_season_is_known_needs_no_more():
    entry = entry_of("Title: Tidigare\nStart: hösten 2022\n", "content/lectures/2022-tidigare.md")

    assert entry.when == Season("hösten 2022", datetime(2023, 1, 1, tzinfo=ZONE))
    assert (entry.slug, entry.speaker) == ("tidigare", "")


def test_a_draft_may_lack_anything_but_must_not_hold_what_is_wrong():
    reading, faults = read(FILE, b"Status: draft\nTitle: Kanske\nSeats: x\n", now=NOW)

    assert reading.draft
    assert reading.entry is None
    assert [str(fault) for fault in faults] == [
        "rad 3, Seats: ”x” är inget heltal mellan 1 och 10000. Skriv bara siffror, till exempel 100."
    ]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("Title", "Titlle", "rad 1, Titlle: Fältet finns inte. Menade du Title?"),
        ("Seats", "Stänger", "rad 5, Stänger: Fältet finns inte. Menade du Closes?"),
        ("Speaker", "Föreläsare", "rad 4, Föreläsare: Fältet finns inte. Menade du Speaker?"),
        (
            "Speaker",
            "Xyzzy",
            "rad 4, Xyzzy: Fältet finns inte. Fälten heter Title, Start, End, Speaker, Seats, Join, Closes, Status, "
            "Rerun of, Summary och Example.",
        ),
    ],
)
def test_an_unknown_header_is_a_fault_that_names_the_nearest(before, after, words):
    assert words in faults_of(GOOD.replace(before, after))


def test_the_end_is_asked_for_as_a_time():
    assert faults_of(GOOD.replace("End: 13:00", "End: kl 13")) == [
        "rad 3, End: ”kl 13” går inte att läsa som dag och klockslag. Skriv så här: 13:00."
    ]


def test_each_header_that_is_missing_is_a_fault_with_an_example():
    assert faults_of("Summary: Bara detta\n\nText.") == [
        "Title: Fältet saknas. Skriv till exempel ”Title: Ekonomiskt våld”.",
        "Start: Fältet saknas. Skriv till exempel ”Start: 2027-02-10 12:00”.",
        "End: Fältet saknas. Skriv till exempel ”End: 13:00”.",
        "Speaker: Fältet saknas. Skriv till exempel ”Speaker: Inbjuden föreläsare”.",
        "Seats: Fältet saknas. Skriv till exempel ”Seats: 100”.",
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Seats: 200", "rad 6, Seats: Fältet står redan på rad 5. Ta bort ett av dem."),
        (
            "Closes: 2027-02-10 12:30",
            "rad 6, Closes: ”2027-02-10 12:30” är efter Start (2027-02-10 12:00). "
            "Anmälan stänger senast när föreläsningen börjar.",
        ),
        ("Status: utkast", "rad 6, Status: ”utkast” finns inte. Skriv published, draft eller cancelled."),
        ("Status: publised", "rad 6, Status: ”publised” finns inte. Menade du published?"),
        ("Example: ja", "rad 6, Example: ”ja” finns inte. Skriv yes eller no."),
        (
            "Join: http://meet.example/hemlig",
            "rad 6, Join: Värdet är ingen länk som börjar med https://. Kopiera hela länken från mötets inbjudan.",
        ),
        (
            "Join: https://",
            "rad 6, Join: Värdet är ingen länk som börjar med https://. Kopiera hela länken från mötets inbjudan.",
        ),
        (
            "bara text",
            "rad 6: ”bara text” är inget fält. Skriv ”Fält: värde” på varje rad, och en tom rad före texten.",
        ),
        ("Summary: x\x00y", "rad 6: Raden innehåller ett osynligt styrtecken. Skriv om raden för hand."),
    ],
)
def test_a_line_that_cannot_be_taken_is_a_fault(line, words):
    assert faults_of(GOOD + line + "\n\nText.") == [words]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (
            "2027-02-10 12:00",
            "2027-02-30 12:00",
            "rad 2, Start: ”2027-02-30 12:00” finns inte: februari 2027 har 28 dagar. Den sista är 2027-02-28.",
        ),
        (
            "2027-02-10 12:00",
            "hösten 2027",
            "rad 2, Start: ”hösten 2027” är inte över, så dagen behövs. Skriv så här: 2027-02-10 12:00.",
        ),
        (
            "End: 13:00",
            "End: 11:00",
            "rad 3, End: ”11:00” är inte efter Start (2027-02-10 12:00). Skriv när föreläsningen slutar.",
        ),
        (
            "End: 13:00",
            "End: 2027-02-09 13:00",
            "rad 3, End: ”2027-02-09 13:00” är inte efter Start (2027-02-10 12:00). Skriv när föreläsningen slutar.",
        ),
        (
            "Seats: 100",
            "Seats: 30 platser",
            "rad 5, Seats: ”30 platser” är inget heltal mellan 1 och 10000. Skriv bara siffror, till exempel 100.",
        ),
        (
            "Seats: 100",
            "Seats: 0",
            "rad 5, Seats: ”0” är inget heltal mellan 1 och 10000. Skriv bara siffror, till exempel 100.",
        ),
        (
            "Seats: 100",
            "Seats: 10001",
            "rad 5, Seats: ”10001” är inget heltal mellan 1 och 10000. Skriv bara siffror, till exempel 100.",
        ),
    ],
)
def test_a_value_that_cannot_be_taken_is_a_fault(before, after, words):
    assert faults_of(GOOD.replace(before, after)) == [words]


def test_a_bad_join_link_is_not_repeated_since_it_may_be_the_secret_one():
    _, (fault,) = read(FILE, (GOOD + "Join: http://meet.example/hemlig").encode(), now=NOW)

    assert "hemlig" not in str(fault)
    assert "hemlig" not in repr(fault)


def test_what_belongs_to_a_dated_lecture_is_a_fault_with_a_season():
    words = "Fältet hör bara till en föreläsning med dag och klockslag. Ta bort raden."

    found = faults_of("Title: Förr\nStart: 2023\nSeats: 30\nJoin: https://meet.example/j/1\n")

    assert found == [f"rad 3, Seats: {words}", f"rad 4, Join: {words}"]


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("2027-02-10-Ekonomiskt våld.md", "2027-02-10-ekonomiskt-vald.md"),
        ("2027-ÅSA & Ö.md", "2027-asa-o.md"),
        ("2027-02-10-.md", "2027-02-10-forelasning.md"),
    ],
)
def test_a_name_that_makes_no_address_is_a_fault_with_a_better_one(name, better):
    words = "Filnamnet blir sidans adress och får bara ha a–z, 0–9 och bindestreck."

    assert faults_of(GOOD, f"content/lectures/{name}") == [f"{words} Byt namn på filen till {better}."]


@pytest.mark.parametrize("data", [b"", b" \n\t\n"])
def test_an_empty_file_is_one_fault(data):
    assert faults_of(data) == ["Filen är tom. Skriv fälten och texten, eller ta bort filen."]


def test_a_file_in_another_encoding_is_one_fault():
    assert faults_of("Title: Hej\nSpeaker: Åsa\n".encode("latin-1")) == [
        "rad 2: Filen är inte sparad som UTF-8. Spara om den med teckenkodningen UTF-8."
    ]


def test_all_faults_of_a_file_come_at_once():
    text = "Titel: x\nStart: 2027-02-30 12:00\nEnd: sen\nSpeaker: A\nSeats: många\nStatus: x\nJoin: x\n"

    assert [fault.partition(":")[0] for fault in faults_of(text)] == [
        "rad 1, Titel", "rad 6, Status", "rad 7, Join", "rad 2, Start", "rad 3, End", "rad 5, Seats",
    ]  # fmt: skip


HEADER = st.sampled_from([*KNOWN, "Titel", "x"])
VALUE = st.text(max_size=30) | st.sampled_from(
    ["2027-02-10 12:00", "13:00", "hösten 2022", "100", "draft", "https://a.se", "yes", "https://[", "2023"]
)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_an_error(data):
    reading, faults = read(FILE, data, now=NOW)

    assert reading.entry is not None or faults or reading.draft


@given(st.lists(st.tuples(HEADER, VALUE), max_size=12), st.text(max_size=50))
def test_any_headers_are_read_without_an_error(headers, body):
    text = "\n".join([*(f"{name}: {value}" for name, value in headers), "", body])

    reading, faults = read(FILE, text.encode("utf-8", "replace"), now=NOW)

    assert reading.entry is not None or faults or reading.draft
    assert all(str(fault) and "\n" not in str(fault) for fault in faults)


@pytest.mark.parametrize("astray", ["Join: https://meet.example/j/1", "closes : 2027-02-09 18:00", "Rerun of: annan"])
def test_a_field_below_the_empty_line_is_a_fault_and_its_value_is_not_repeated(astray):
    (fault,) = faults_of(f"{GOOD}\nText.\n{astray}\n")

    assert "rad 8" in fault
    assert "Fältet står efter den tomma raden och skulle synas på sidan. Flytta upp det till de andra fälten." in fault
    assert "meet.example" not in fault


def test_what_is_invisible_before_a_copied_link_is_told_without_the_link():
    (fault,) = faults_of(f"{GOOD}Join: \u200bhttps://meet.example/j/1\n")

    assert fault.startswith("rad 6: Det finns ett osynligt tecken efter ”Join:” (U+200B).")
    assert "meet.example" not in fault

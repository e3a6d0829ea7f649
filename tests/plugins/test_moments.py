"""Days, times and seasons as the communicator writes them."""

import contextlib
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.lectures.moments import Unclear, moment, season
from registrations.catalogue import ZONE

SO = "Skriv så här: 2027-02-10 12:00."


@pytest.mark.parametrize("text", ["2027-02-10 12:00", "2027-2-10 12.00", "2027-02-10  12:00"])
def test_a_moment_is_a_day_and_a_time_in_stockholm(text):
    assert moment(text) == datetime(2027, 2, 10, 12, 0, tzinfo=ZONE)


def test_a_time_alone_is_a_moment_of_the_day_that_is_known():
    assert moment("13:00", day=date(2027, 2, 10)) == datetime(2027, 2, 10, 13, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("imorgon", f"”imorgon” går inte att läsa som dag och klockslag. {SO}"),
        ("10/2 2027 12:00", f"”10/2 2027 12:00” går inte att läsa som dag och klockslag. {SO}"),
        ("2027-02-1012:00", f"”2027-02-1012:00” går inte att läsa som dag och klockslag. {SO}"),
        ("13:00", f"”13:00” går inte att läsa som dag och klockslag. {SO}"),
        ("2027-02-10", "”2027-02-10” saknar klockslag. Skriv så här: 2027-02-10 12:00."),
        (
            "2027-02-30 12:00",
            "”2027-02-30 12:00” finns inte: februari 2027 har 28 dagar. Den sista är 2027-02-28.",
        ),
        ("2027-13-10 12:00", f"”2027-13-10 12:00” finns inte: det finns ingen månad 13. {SO}"),
        ("2027-02-10 24:00", "”2027-02-10 24:00” har ett klockslag som inte finns. Skriv ett mellan 00:00 och 23:59."),
        (
            "2207-02-10 12:00",
            "”2207-02-10 12:00” har ett årtal som inte kan stämma. Skriv ett år mellan 2000 och 2099.",
        ),
        (
            "2027-03-28 02:30",
            "”2027-03-28 02:30” finns inte: den natten ställs klockan fram från 02:00 till 03:00. "
            "Skriv till exempel 2027-03-28 03:30.",
        ),
        (
            "2027-10-31 02:30",
            "”2027-10-31 02:30” inträffar två gånger: den natten ställs klockan tillbaka från 03:00 till 02:00. "
            "Skriv till exempel 2027-10-31 01:59 eller 2027-10-31 03:00.",
        ),
    ],
)
def test_what_is_no_moment_is_refused_with_what_to_write_instead(text, words):
    with pytest.raises(Unclear) as unclear:
        moment(text)

    assert unclear.value.words == words
    assert unclear.value.value == text


@pytest.mark.parametrize("text", ["2027-03-28 01:59", "2027-03-28 03:00", "2027-10-31 01:59", "2027-10-31 03:00"])
def test_the_minutes_around_a_change_of_the_clock_are_moments(text):
    assert moment(text).replace(tzinfo=None) == datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "words", "end"),
    [
        ("våren 2023", "våren 2023", datetime(2023, 7, 1, tzinfo=ZONE)),
        ("Hösten 2022", "hösten 2022", datetime(2023, 1, 1, tzinfo=ZONE)),
        ("2023", "2023", datetime(2024, 1, 1, tzinfo=ZONE)),
    ],
)
def test_a_season_ends_with_its_half_year_or_year(text, words, end):
    found = season(text)

    assert (found.words, found.end) == (words, end)


@pytest.mark.parametrize("text", ["2027-02-10 12:00", "sommaren 2022", "våren", "22", ""])
def test_everything_else_is_no_season(text):
    assert season(text) is None


@given(st.text() | st.from_regex(r"\d{4}-\d\d?-\d\d? \d\d?:\d\d"))
def test_any_text_is_a_moment_or_unclear(text):
    with contextlib.suppress(Unclear):
        assert moment(text).tzinfo is ZONE

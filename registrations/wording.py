"""Dates, times and numbers of people as Swedes write them. Babel knows the months; no locale of the system is needed."""

from datetime import datetime

from registrations.catalogue import ZONE, Lecture


def _format(moment: datetime, pattern: str) -> str:
    from babel.dates import format_datetime  # 40 ms to import, and a sign-up needs no dates in words

    return format_datetime(moment.astimezone(ZONE), pattern, tzinfo=ZONE, locale="sv")


def day(moment: datetime) -> str:
    """``onsdag 10 februari 2027``"""
    return _format(moment, "EEEE d MMMM y")


def weekday(moment: datetime) -> str:
    """``onsdag 10 februari kl. 12.00``"""
    return f"{_format(moment, 'EEEE d MMMM')} kl. {clock(moment)}"


def short_day(moment: datetime) -> str:
    """``10 februari``"""
    return _format(moment, "d MMMM")


def clock(moment: datetime) -> str:
    """``12.00``"""
    return _format(moment, "HH.mm")


def moment(value: datetime) -> str:
    """``onsdag 10 februari 2027 kl. 12.00``"""
    return f"{day(value)} kl. {clock(value)}"


def when(lecture: Lecture) -> str:
    """``onsdag 10 februari 2027 kl. 12.00–13.00``"""
    last = clock(lecture.end) if lecture.start.date() == lecture.end.date() else moment(lecture.end)
    return f"{moment(lecture.start)}–{last}"


def signed_up(people: int, verb: str = "") -> str:
    """``1 anmäld`` or ``5 anmälda``; with a verb, ``1 är anmäld``."""
    return " ".join(word for word in (str(people), verb, "anmäld" if people == 1 else "anmälda") if word)

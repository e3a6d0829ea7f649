"""When a lecture is, as the communicator writes it. Pure; what can't be taken raises Unclear with words in Swedish."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from babel.dates import get_month_names

from plugins.faults import quote
from registrations.catalogue import ZONE

FIRST_YEAR, LAST_YEAR = 2000, 2099
EXAMPLE = "2027-02-10 12:00"

_MOMENT = re.compile(r"(?:(\d{4})-(\d{1,2})-(\d{1,2})(?:\s+|$))?(?:(\d{1,2})[:.](\d{2}))?", re.ASCII)
_SEASON = re.compile(r"(?:(våren|hösten) )?(\d{4})", re.ASCII)


class Unclear(ValueError):
    """A value that can't be taken. ``words`` quote it, unless it is secret, and say what to write instead."""

    def __init__(self, value: str, words: str, *, secret: bool = False):
        super().__init__(words if secret else f"{quote(value)} {words}")
        self.value, self.words = value, str(self)


@dataclass(frozen=True)
class Season:
    """A part of a year, for a past lecture whose day isn't known any more."""

    words: str  # "hösten 2022"
    end: datetime  # the first moment after it


def moment(text: str, *, day: date | None = None, example: str = EXAMPLE) -> datetime:
    """``2027-02-10 12:00`` in Stockholm; with ``day`` the time alone will do. Raises Unclear."""
    match = _MOMENT.fullmatch(text)
    year, month, number, hour, minute = match.groups() if match else (None,) * 5
    if not match or (year is None and (day is None or hour is None)):
        raise Unclear(text, f"går inte att läsa som dag och klockslag. Skriv så här: {example}.")
    if hour is None:
        raise Unclear(text, f"saknar klockslag. Skriv så här: {text.strip()} 12:00.")
    if year is not None:
        day = _day(text, int(year), int(month), int(number))
    return _local(text, day, _time(text, int(hour), int(minute)))


def season(text: str) -> Season | None:
    """``hösten 2022``, ``våren 2023`` or ``2023``; None when the text is nothing of the kind. Raises Unclear."""
    words = text.casefold()
    match = _SEASON.fullmatch(words)
    if not match:
        return None
    year = int(match[2])
    _check_year(text, year)
    first_after = (year, 7, 1) if match[1] == "våren" else (year + 1, 1, 1)
    return Season(words, datetime(*first_after, tzinfo=ZONE))


def _check_year(text: str, year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unclear(text, f"har ett årtal som inte kan stämma. Skriv ett år mellan {FIRST_YEAR} och {LAST_YEAR}.")


def _day(text: str, year: int, month: int, number: int) -> date:
    _check_year(text, year)
    if not 1 <= month <= 12:
        raise Unclear(text, f"finns inte: det finns ingen månad {month}. Skriv så här: {EXAMPLE}.")
    days = monthrange(year, month)[1]
    if not 1 <= number <= days:
        name = get_month_names(locale="sv")[month]
        words = f"finns inte: {name} {year} har {days} dagar. Den sista är {date(year, month, days)}."
        raise Unclear(text, words)
    return date(year, month, number)


def _time(text: str, hour: int, minute: int) -> time:
    if hour > 23 or minute > 59:
        raise Unclear(text, "har ett klockslag som inte finns. Skriv ett mellan 00:00 och 23:59.")
    return time(hour, minute)


def _local(text: str, day: date, at: time) -> datetime:
    """The moment in Stockholm, unless daylight saving skips it or has it twice."""
    local = datetime.combine(day, at, ZONE)
    if local.astimezone(UTC).astimezone(ZONE).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Unclear(
            text,
            f"finns inte: den natten ställs klockan fram från 02:00 till 03:00. Skriv till exempel {day} 03:{at:%M}.",
        )
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        raise Unclear(
            text,
            "inträffar två gånger: den natten ställs klockan tillbaka från 03:00 till 02:00. "
            f"Skriv till exempel {day} 01:59 eller {day} 03:00.",
        )
    return local

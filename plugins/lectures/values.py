"""What the value of each header of a lecture may be. Each function takes the text, and raises Unclear with words in Swedish."""

from datetime import date, datetime
from urllib.parse import urlsplit

from plugins.faults import nearest
from plugins.lectures.moments import EXAMPLE, Season, Unclear, moment, season
from plugins.source import enumerated

STATUSES = ("published", "draft", "cancelled")
ANSWERS = {"yes": True, "no": False}
MOST_SEATS = 10_000


def start(text: str, *, now: datetime) -> datetime | Season:
    """The moment; or, for what is over, a season."""
    coarse = season(text)
    if coarse and coarse.end > now:
        raise Unclear(text, f"är inte över, så dagen behövs. Skriv så här: {EXAMPLE}.")
    return coarse or moment(text)


def end(text: str, *, start: datetime | None) -> datetime:
    """The moment, or the time of day when it is on the day of the start."""
    value = moment(text, day=_day(start), example="13:00")
    if start and value <= start:
        raise Unclear(text, f"är inte efter Start ({start:%Y-%m-%d %H:%M}). Skriv när föreläsningen slutar.")
    return value


def closes(text: str, *, start: datetime | None) -> datetime:
    """The moment, or the time of day when it is on the day of the start."""
    value = moment(text, day=_day(start))
    if start and value > start:
        raise Unclear(
            text, f"är efter Start ({start:%Y-%m-%d %H:%M}). Anmälan stänger senast när föreläsningen börjar."
        )
    return value


def seats(text: str) -> int:
    """A whole number from 1 to 10,000."""
    if text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= MOST_SEATS:
        return int(text)
    raise Unclear(text, f"är inget heltal mellan 1 och {MOST_SEATS}. Skriv bara siffror, till exempel 100.")


def link(text: str) -> str:
    """An address that begins with https://. What is said of a bad one does not repeat it: it may be the secret already."""
    text = text.strip("\u200b\u2060\ufeff\xa0 ")  # invisible, and easily copied along
    try:
        parts = urlsplit(text)
        good = parts.scheme == "https" and bool(parts.hostname) and not any(letter.isspace() for letter in text)
    except ValueError:
        good = False
    if not good:
        raise Unclear(
            text, "Värdet är ingen länk som börjar med https://. Kopiera hela länken från mötets inbjudan.", secret=True
        )
    return text


def status(text: str) -> str:
    """One of the three, whatever the case."""
    return _one_of(text, STATUSES)


def answer(text: str) -> bool:
    """Yes or no."""
    return ANSWERS[_one_of(text, tuple(ANSWERS))]


def _one_of(text: str, allowed: tuple[str, ...]) -> str:
    if text.casefold() in allowed:
        return text.casefold()
    guess = nearest(text, allowed)
    hint = f"Menade du {guess}?" if guess else f"Skriv {enumerated(allowed, 'eller')}."
    raise Unclear(text, f"finns inte. {hint}")


def _day(start: datetime | None) -> date:
    """The day that a time alone belongs to; any day will do when Start has a fault of its own."""
    return start.date() if start else date(2000, 1, 1)

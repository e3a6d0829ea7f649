"""What each field of a data file may be. Pure: a check takes the value and gives in Swedish what is wrong, or nothing."""

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from plugins import luhn, never
from plugins.faults import LONGEST, quote
from plugins.phone import dialled
from plugins.plain import GARBLED

Check = Callable[[object], str]
EARLIEST = date(2000, 1, 1)
NAME = re.compile(r"[a-z0-9_-]{1,60}")  # of what a text refers to: {telefon:jouren}
YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_MARKUP = re.compile(r"</?[a-z!][^<>]*>?|\*\*|__|\]\(|&#?\w+;|`", re.IGNORECASE)
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_SHAPES = {
    "org_number": (re.compile(r"\d{6}-\d{4}"), "123456-7897"),
    "bankgiro": (re.compile(r"\d{3,4}-\d{4}"), "123-4566"),
}


def text(most: int) -> Check:
    """Return a check of one line of running text, of at most ``most`` letters."""
    return lambda value: _text(value, most)


def _text(value: object, most: int) -> str:
    if not isinstance(value, str):
        return _no_text(value)
    if not value.strip():
        return "Fältet är tomt. Fyll i det eller ta bort raden."
    if "\n" in value or "\t" in value:
        return "Texten har radbrytning eller tabb. Skriv den på en rad."
    if odd := [each for each in value if unicodedata.category(each) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")]:
        return f"Texten har ett osynligt tecken (U+{ord(odd[0]):04X}). Skriv om den för hand."
    if value != value.strip():
        return f"{quote(value)} börjar eller slutar med mellanslag. Ta bort det."
    if GARBLED.search(value):
        meant = _ungarbled(value)
        return f"{quote(value)} är felkodat. {f'Menade du {quote(meant)}?' if meant else 'Skriv om det för hand.'}"
    if match := _MARKUP.search(value):
        return f"{quote(match[0])} syns som det står. Skriv ren text, utan HTML och Markdown."
    if match := re.search(r"[{}]", value):
        return f"{quote(match[0])} syns som det står. Klamrar fungerar bara i sidornas texter. Skriv ut ordet."
    if len(value) > most:
        return f"{quote(value)} har {len(value)} tecken. Skriv högst {most}."
    seen = never.as_seen(value)
    return next((words for words, _ in (*never.people_in(seen), *never.meetings_in(seen))), "")


def _no_text(value: object) -> str:
    if isinstance(value, (int, float, date)) and not isinstance(value, bool):
        return f'{shown(value)} är ingen text. Sätt raka citattecken om: "{str(value)[:LONGEST]}".'
    return f'{shown(value)} är ingen text. Skriv en text mellan raka citattecken: "…".'


def _ungarbled(value: str) -> str:
    try:
        return value.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return ""


def shown(value: object) -> str:
    """Return a value of any type as a report repeats it, the way that it stands in the file."""
    return quote(
        str(value) if isinstance(value, (str, date, time)) else json.dumps(value, ensure_ascii=False, default=str)
    )


def as_name(value: str) -> str:
    """Return ``value`` as the name of something that texts refer to: ``valj-att-sluta``."""
    letters = unicodedata.normalize("NFD", value.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9_]+", "-", letters).strip("-")[:LONGEST]


def bad_name(value: str) -> str:
    """Say in words why texts can't refer to ``value``."""
    guess = as_name(value)
    hint = f" Skriv till exempel {guess}." if guess else ""
    return f"{quote(value)} duger inte som namn: bara a till z, siffror, - och _.{hint}"


def listed(each: Check, most: int, example: str) -> Check:
    """Return a check of a list of 1 to ``most`` values that pass ``each``."""

    def check(value: object) -> str:
        if not isinstance(value, list):
            return f"{shown(value)} är ingen lista. Skriv den mellan hakparenteser: {example}."
        if not value:
            return f"Listan är tom. Skriv till exempel {example}."
        if len(value) > most:
            return f"Listan har {len(value)} delar. Skriv högst {most}."
        return next((words for item in value if (words := each(item))), "")

    return check


def address(value: object) -> str:
    """Check an e-mail address: one that the form would take too, in small letters."""
    if words := _text(value, 254):
        return words
    try:
        found = validate_email(value, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return f"{quote(value)} är ingen e-postadress. Skriv den som namn@exempel.se."
    if value != (meant := found.ascii_email.lower()):
        return f"{quote(value)} skrivs med små bokstäver, utan å, ä och ö. Menade du {meant}?"
    return ""


def link(value: object) -> str:
    """Check an https address on the web."""
    if words := _text(value, 500):
        return words
    example = "Skriv hela adressen, till exempel https://www.exempel.se/."
    if re.search(r"[\s\"'<>\\^`|]", value):
        return f"{quote(value)} har ett mellanslag eller ett tecken som inte får stå i en adress. {example}"
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return f"{quote(value)} är ingen webbadress. {example}"
    if parts.scheme != "https":
        guess = re.sub(r"^(?:\w+:)?/*", "https://", value) if parts.scheme in ("", "http") else ""
        return f"{quote(value)} börjar inte med https://. {f'Menade du {guess}?' if '.' in guess else example}"
    if "@" in parts.netloc or port is not None or not _is_host(host):
        return f"{quote(value)} är ingen webbadress. {example}"
    if parts.netloc != host:
        return f"{quote(value)}: skriv {quote(host)} med små bokstäver."
    return ""


def _is_host(host: str) -> bool:
    try:
        labels = host.encode("idna").decode().lower().split(".")
    except UnicodeError:
        return False
    return len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdigit()


def origin(value: object) -> str:
    """Check the address of the site itself, which has no path."""
    if words := link(value):
        return words
    parts = urlsplit(value)
    whole = f"https://{parts.netloc}"
    return "" if value == whole else f"{quote(value)} har något efter namnet. Skriv bara {whole}."


def exit_link(value: object, own: object) -> str:
    """Check where the exit leads: to another site than ``own``, and nothing in it tells from where."""
    if words := link(value):
        return words
    parts = urlsplit(value)
    if "?" in value or "#" in value:
        bare = f"https://{parts.netloc}{parts.path}"
        return f"{quote(value)} har ett ? eller #. Nödutgången ska inte säga något om var man var. Skriv {bare}."
    if isinstance(own, str) and _site(value) == _site(own):
        return f"{quote(value)} är den egna webbplatsen. Nödutgången ska leda till en annan, till exempel https://www.smhi.se/."
    return ""


def _site(value: str) -> str:
    try:
        return (urlsplit(value).hostname or value).removeprefix("www.").rstrip(".")
    except ValueError:
        return value


def number(value: object) -> str:
    """Check a telephone number: it can be dialled as it is read."""
    if words := _text(value, 40):
        return words
    if dialled(value) is None or re.search(r"\d\W+\d$", value):  # a lone digit at the end: one was lost
        return f"{quote(value)} är inget telefonnummer som går att ringa. Räkna siffrorna. Skriv till exempel 08-123 45 67."
    return ""


def checked_number(name: str) -> Check:
    """Return a check of ``org_number`` or ``bankgiro``, with its check digit."""
    shape, example = _SHAPES[name]

    def check(value: object) -> str:
        if words := _text(value, 40):
            return words
        if not shape.fullmatch(value) or not value.isascii():
            return f"{quote(value)} har fel form. Skriv det med bindestreck: {example}."
        if not luhn.is_right(value.replace("-", "")):
            return f"{quote(value)} stämmer inte: kontrollsiffran är fel. Jämför med beslutet eller avtalet."
        return ""

    return check


def day(value: object) -> date | None:
    """Return the day that a TOML date, or a text like one, means; None when it is none."""
    if isinstance(value, date):
        return None if isinstance(value, datetime) else value
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def past_day(today: date) -> Check:
    """Return a check of the day when something was checked: until ``today``."""

    def check(value: object) -> str:
        found = day(value)
        if found is None:
            return f"{shown(value)} är inget datum. Skriv till exempel checked = 2025-01-31."
        if found > today:
            return f"{found} har inte varit än. Skriv dagen då du kontrollerade uppgiften."
        if found < EARLIEST:
            return f"{found} är före år {EARLIEST.year}. Skriv dagen då du kontrollerade uppgiften."
        return ""

    return check

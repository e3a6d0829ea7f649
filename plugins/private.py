"""What may stand on no page: personal numbers, ways into a meeting, numbers and addresses that ``content/data`` doesn't know.

Read in the words as they are published, so that neither mark-up nor a line break hides anything. Pure.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator

from plugins.data import Data
from plugins.faults import quote
from plugins.phone import dialled, numbers_in

Found = Iterator[tuple[str, str]]  # what is to be said, and the words that it is said of

_DASH = "\u2010-\u2015\u2212-"  # in a set of signs: the hyphen last
_PERSON = re.compile(
    rf"(?<![\d{_DASH}])(?:19|20)?(\d\d)([- ./]?)(\d\d)\2(\d\d)([\s+/{_DASH}]{{0,3}})(\d{{4}})(?![\d{_DASH}])"
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+\\?@[\w-]+(?:\.[\w-]+)+")
_MEETING = re.compile(
    r"zoom(?:gov)?\.(?:us|com)\.?(?::\d+)?/(?:j|s|w|my|wc|meeting|webinar)/|zoommtg:|msteams:"
    r"|teams\.(?:microsoft|live)\.com\.?(?::\d+)?/(?:l/meetup|meet)|meet\.google\.com\.?(?::\d+)?/\w|\.webex\.com\.?(?::\d+)?/(?:meet|join|\w+/j\.php)"
    r"|whereby\.com/\w|meet\.jit\.si/\w|gotomeet(?:ing)?\.(?:com|me)/|skype\.com/meet|discord\.gg/\w",
    re.IGNORECASE,
)
_MEETING_ID = re.compile(
    r"\b(?:mötes-?\s?id|meeting[ -]?id|webinar[ -]?id|konferens-?id)\b\W{0,4}\d[\d ]{6,}"
    r"|\b(?:lösenkod|passcode|möteskod)\b\s*[:=]\s*(?-i:\S*(?:\d|[a-zåäö][A-ZÅÄÖ])\S*)",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(r"\b(?:TODO|FIXME|lorem ipsum)\b", re.IGNORECASE)


def found_in(text: str, data: Data, linked: Collection[str] = ()) -> Found:
    """Yield what has to go from a text, in words, each with the words that it was found in.

    ``linked``: where its links lead, which is checked by itself; a link may show its own address.
    """
    seen = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
    plain = re.sub(r"\n+", "\n", re.sub(r"[^\S\n]*\n[^\S\n]*", "\n", seen))
    people = list(_people(plain))
    yield from people
    yield from _meetings(plain)
    for person in people:  # which might be read as a telephone number, too
        plain = plain.replace(person[1], " ")
    yield from _numbers(plain, data)
    yield from (each for each in _addresses(plain, data) if f"mailto:{each[1]}" not in linked)
    if match := _UNFINISHED.search(plain):
        yield f"Texten är inte färdig: {quote(match[0])}.", match[0]


def is_meeting(address: str) -> bool:
    """Return whether the address leads into a meeting."""
    return bool(_MEETING.search(address))


def _people(text: str) -> Found:
    for match in _PERSON.finditer(text):
        year, split, month, day, _, last = match.groups()
        number = int(day) - 60 * (int(day) > 60)  # coordination numbers
        if not (1 <= int(month) <= 12 and 1 <= number <= 31):
            continue
        # A day in parts with four digits after it may end in an hour or a year, and ten digits from 0 on be a telephone
        # number, which is told as one: those only with a sum that is right.
        unsure = split or (match[0].isdigit() and match[0].startswith("0"))
        if not unsure or _sum_is_right(f"{year}{month}{day}{last}"):
            yield "Ett personnummer får inte stå på webbplatsen. Ta bort det.", match[0]


def _sum_is_right(digits: str) -> bool:
    doubled = (int(digit) * (2 - at % 2) for at, digit in enumerate(digits))
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


def _meetings(text: str) -> Found:
    for pattern in (_MEETING, _MEETING_ID):
        for match in pattern.finditer(text):
            words = (
                "Vägen in i ett möte får inte stå i en text som alla kan läsa. Skriv länken i föreläsningens fält Join."
            )
            yield words, match[0]


def _numbers(text: str, data: Data) -> Found:
    known = {phone["tel"]: key for key, phone in data.phones.items()}
    for written, number in numbers_in(text):
        if key := known.get(number):
            words = f"Skriv {{telefon:{key}}} i stället för {quote(written)}, så att numret bara står på ett ställe."
        else:
            words = f"Numret {quote(written)} finns inte i content/data/telephones.toml. Lägg till det där med källa."
        yield words, written


def _addresses(text: str, data: Data) -> Found:
    for match in _EMAIL.finditer(text) if "@" in text else ():
        if match[0].casefold() == str(data.org.get("email")).casefold():
            yield f"Skriv {{epost:jouren}} i stället för {quote(match[0])}.", match[0]
        else:
            words = f"Adressen {quote(match[0])} finns inte i content/data. Skriv {{epost:jouren}}, eller ta bort den."
            yield words, match[0]


def target_of_call(target: str, data: Data) -> str | None:
    """Return in words why a ``tel:`` link can't be used, or None."""
    number = dialled(target.partition(":")[2])
    if number in {phone["tel"] for phone in data.phones.values()}:
        return None
    return (
        f"Länken {quote(target)} ringer ett nummer som inte finns i content/data/telephones.toml. Skriv {{telefon:…}}."
    )


def target_of_letter(target: str, data: Data) -> str | None:
    """Return in words why a ``mailto:`` link can't be used, or None."""
    address = target.partition(":")[2]
    if address.casefold() == str(data.org.get("email")).casefold():
        return None
    return f"Länken {quote(target)} går till en adress som inte finns i content/data. Skriv {{epost:jouren}}."

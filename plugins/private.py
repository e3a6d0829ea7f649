"""What may stand on no page: personal numbers, ways into a meeting, numbers and addresses that ``content/data`` doesn't know.

Read in the words as they are published, so that neither mark-up nor a line break hides anything. Pure.
"""

import re
from collections.abc import Collection
from urllib.parse import unquote

from plugins.data import Data
from plugins.faults import quote
from plugins.never import Found, as_seen, meetings_in, people_in
from plugins.phone import dialled, numbers_in

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]+[\"'!#$%&*?^`|~]?"
    r"(?:\\?@[\w-]+(?:\.[\w-]+)+|(?:@\s|\s@\s|\s?[(\[{](?:at|snabel-?a)[)\]}]\s?)(?:[\w-]+\.)+[^\W\d_]{2,})"
)
_UNFINISHED = re.compile(r"\b(?:TODO|FIXME|lorem ipsum)\b", re.IGNORECASE)


def found_in(text: str, data: Data, linked: Collection[str] = ()) -> Found:
    """Yield what has to go from a text, in words, each with the words that it was found in.

    ``linked``: where its links lead, which is checked by itself; a link may show its own address.
    """
    plain = re.sub(r"\n+", "\n", re.sub(r"[^\S\n]*\n[^\S\n]*", "\n", as_seen(text)))
    people = list(people_in(plain))
    yield from people
    yield from meetings_in(plain)
    for person in people:  # which might be read as a telephone number, too
        plain = plain.replace(person[1], " ")
    yield from _numbers(plain, data)
    yield from (each for each in _addresses(plain, data) if f"mailto:{each[1]}" not in linked)
    if match := _UNFINISHED.search(plain):
        yield f"Texten är inte färdig: {quote(match[0])}.", match[0]


def in_address(address: str) -> Found:
    """Yield what may not stand in the address of a link or the name of a place, in words. Digits there are many things."""
    plain = as_seen(unquote(address))
    yield from people_in(plain, sure=True)
    for match in _EMAIL.finditer(plain):
        yield f"Adressen {quote(match[0])} finns inte i content/data. Ta bort den.", match[0]


def _numbers(text: str, data: Data) -> Found:
    known = {phone["tel"]: key for key, phone in data.phones.items()}
    for written, number in numbers_in(text):
        if key := known.get(number):
            words = f"Skriv {{telefon:{key}}} i stället för {quote(written)}, så att numret bara står på ett ställe."
        else:
            words = f"Numret {quote(written)} finns inte i content/data/telephones.toml. Lägg till det där med källa."
        yield words, written


def _addresses(text: str, data: Data) -> Found:
    for match in _EMAIL.finditer(text):
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
    address, _, asked = target.partition(":")[2].partition("?")
    if address.casefold() == str(data.org.get("email")).casefold():
        return f"Skriv {{epost:jouren}} i stället för {quote(target)}, utan ?{asked}." if asked else None
    return f"Länken {quote(target)} går till en adress som inte finns i content/data. Skriv {{epost:jouren}}."

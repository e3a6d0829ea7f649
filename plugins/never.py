"""What may stand nowhere, in a text, a file's name or a data file: personal numbers, and ways into meetings. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from plugins import luhn

Found = Iterator[tuple[str, str]]  # what is to be said, and the words that it is said of

_DASH = "\u2010-\u2015\u2212-"  # in a set of signs: the hyphen last
_UNSURE = ".,:_·"  # between a day and four digits, where other numbers have them too
_PERSON = re.compile(
    rf"(?<!\d)(?P<before>(?<=\d[{_DASH}]))?(?:19|20)?(\d\d)(?P<split>[- ./]?)(\d\d)(?P=split)(\d\d)"
    rf"([\s+/{_UNSURE}{_DASH}]{{0,3}})(\d{{4}})"
    rf"(?!\d)(?P<after>(?=[{_DASH}]\d))?"
)
_PORT = r"\.?(?::\d+)?"
_MEETING = re.compile(
    rf"zoom(?:gov)?\.(?:us|com){_PORT}/(?:(?:j|s|w|my|wc|meeting|webinar|launch)/|join\?)|zoommtg:|msteams:"
    rf"|teams\.(?:(?:microsoft|live)\.com|microsoft\.us|cloud\.microsoft){_PORT}/(?:\S{{0,99}}/)?(?:l/meetup|meet)"
    rf"|meet\.google\.com{_PORT}/\w|\bg\.co{_PORT}/meet/|\.webex\.com{_PORT}/(?:meet|join|\w+/j\.php)"
    rf"|whereby\.com{_PORT}/\w|meet\.jit\.si{_PORT}/\w|gotomeet(?:ing)?\.(?:com|me){_PORT}/|skype\.com{_PORT}/meet|discord\.gg{_PORT}/\w",
    re.IGNORECASE,
)
_MEETING_ID = re.compile(
    rf"\b(?:möte(?:t?s)?|meeting|webinar|konferens|zoom|teams)[\s{_DASH}]{{0,3}}(?:id|nummer|nr|number)\b"
    rf"\W{{0,4}}(?:(?:är|is)\W{{1,3}})?\d[\d {_DASH}]{{6,}}"
    rf"|\b(?:id|zoom)\b\W{{1,4}}\d{{3}}[ {_DASH}]\d{{3,4}}[ {_DASH}]\d{{3,4}}(?!\d)"
    r"|\b(?:lösenkod|passcode|möteskod)\b\s*[:=]\s*(?-i:\S*(?:\d|[a-zåäö][A-ZÅÄÖ])\S*)",
    re.IGNORECASE,
)


def as_seen(text: str) -> str:
    """Return the text as a reader sees it: without what has no width of its own, and each sign in its plainest form."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in plain if _is_seen(sign)).replace("\u3002", ".")


@lru_cache(maxsize=4096)
def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign) not in ("Cf", "Mn", "Me") and sign not in "\u115f\u1160\u2800"


def people_in(text: str, *, sure: bool = False) -> Found:
    """Yield each personal number in a text as it is seen. ``sure``: only those with a check digit that is right."""
    place = 0
    while match := _PERSON.search(text, place):
        place = match.start() + 1  # what begins as a date may have a number in it
        before, year, split, month, day, between, last, after = match.groups()
        number = int(day) - 60 * (int(day) > 60)  # coordination numbers
        if not (1 <= int(month) <= 12 and 1 <= number <= 31):
            continue
        # A day in parts with four digits after it may end in an hour or a year, and ten digits from 0 on be a telephone
        # number, which is told as one, and what more digits are joined to be a part of anything: those only with a sum
        # that is right.
        joined = before is not None or after is not None or set(between) & set(_UNSURE)
        unsure = sure or split or joined or (match[0].isdigit() and match[0].startswith("0"))
        if not unsure or luhn.is_right(f"{year}{month}{day}{last}"):
            place = match.end()
            yield "Ett personnummer får inte stå på webbplatsen. Ta bort det.", match[0]


def meetings_in(text: str) -> Found:
    """Yield each way into a meeting in a text as it is seen."""
    words = "Vägen in i ett möte får inte stå i en text som alla kan läsa. Skriv länken i föreläsningens fält Join."
    for pattern, whole in ((_MEETING, followed(text)), (_MEETING_ID, text)):
        for match in pattern.finditer(whole):
            yield words, match[0]


def is_meeting(address: str) -> bool:
    """Return whether the address leads into a meeting, or to a page that passes on to one."""
    return bool(_MEETING.search(followed(address)))


def followed(address: str) -> str:
    """Return the address as browsers and servers take it: without percent codes, empty parts of the path, and the like."""
    for _ in range(3):  # an address within an address within an address
        address = unquote(address)
    return re.sub(r"/(?:\.?/)+", "/", as_seen(address).replace("\\", "/"))

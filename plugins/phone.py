"""Telephone numbers: how one is dialled, and which ones stand in a text, in whatever way they are written.

The plan of numbers is the ``phonenumbers`` library's. What is ours is what a Swedish text holds beside them: opening hours,
dates, amounts, personal numbers. Everything here is pure and takes time in proportion to the text.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, ValidationResult

REGION = "SE"
COUNTRY = 46  # Sweden's code
SHORTEST = 7  # digits after the 0 or the country's code: no subscriber in Sweden has fewer
LONGEST = 18  # digits as written: 15 in the world's longest number, with 00 and (0)
NEAR = 200  # characters around a number that are looked at; addresses are seldom longer
_INVISIBLE = "\N{ZERO WIDTH SPACE}"  # stands for every character without width
_LINE_ENDS = "\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"


class _Plain(dict):
    """For ``str.translate``: one plain character for each dash, space and digit, so that places in the text stay."""

    def __missing__(self, code: int) -> str:
        self[code] = plain = _plain_character(chr(code))
        return plain


def _plain_character(character: str) -> str:
    kind = unicodedata.category(character)
    if character in _LINE_ENDS:
        return "\n"
    if character in "\t\r" or kind == "Zs":
        return " "
    if kind == "Cf":
        return _INVISIBLE
    if kind == "Pd" or character == "\N{MINUS SIGN}":
        return "-"
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    if character in "·•‧∙":
        return "."
    if character in "⁄∕":
        return "/"
    normal = unicodedata.normalize("NFKC", character)
    return normal if normal in ("+", "/", "(", ")", ".", ":", ",") else character


_PLAIN = _Plain()

# A space may be a line break too, but not an empty line: what stands after that is another paragraph.
_GAP = r"(?: {1,3}(?:\n {0,3})?|\n {0,3})"
_SEPARATOR = rf"(?:{_GAP}?[()/.-]{{1,3}}{_GAP}?(?:\(0\){_GAP}?)?|{_GAP})"
_HOUR, _MINUTE = r"(?:[01]?\d|2[0-4])", r"[.:][0-5]\d"
_RANGE = rf"{_HOUR}{_GAP}?-{_GAP}?{_HOUR}"
_PAIR = rf"(?:{_HOUR}{_MINUTE}|[0-3]?\d/[01]?\d)(?!\d)"  # a time with minutes, or a day with its month
_YEAR = r"(?:19|20)\d\d(?!\d)"
_MONTH = r"(?:jan|feb|mars|apr|maj|jun|jul|aug|sep|okt|nov|dec)"
_DAY = rf"[0-3]?\d(?:/[01]?\d(?!\d)|(?:(?:-|{_GAP}(?:och{_GAP})?)[0-3]?\d)?{_GAP}?{_MONTH})"
_THOUSANDS = r"[1-9]\d{0,2}(?: \d{3}){1,6}"

_OTHER = "|".join(  # what looks like a number and isn't; the first that fits is stepped over whole
    (
        r"(?:19|20)?\d\d(?:0[1-9]|1[0-2])(?:[0126-8]\d|[39][01]) ?[-+] ?\d{4}(?!\d)",  # 080512-1234: a person
        rf"(?:{_YEAR}|\d\d)-\d\d-\d\d[ T]{{1,2}}\d\d{_MINUTE}",  # 2022-08-31 12.00
        rf"[0-3]?\d[-./ ][0-3]?\d[-./ ]{_YEAR}",  # 08.12.2024, 08/12 2024
        rf"{_PAIR}(?:{_GAP}?[- ]{_GAP}?{_PAIR}){{1,9}}(?![./]\d)",  # 09.00–16.30, 01/02–03/02
        rf"(?:{_HOUR}[.:][0-5][05]{_GAP}?-{_GAP}?{_HOUR}|{_RANGE}[.:][0-5][05])(?![.\d])",  # 08.30-16, 08-16.30
        rf"{_RANGE}(?:{_GAP}{_RANGE}){{1,9}}(?![-.\d])",  # 08-12 13-17
        rf"{_RANGE}(?={_GAP}(?:{_DAY}|{_YEAR}))",  # 08-17 24/12, 08-16 24-26 december
        rf"[012]\d[0-5][05]{_GAP}?-{_GAP}?[012]\d[0-5][05](?={_GAP}(?:{_DAY}|{_YEAR}))",  # 0800-1630 24 december
        rf"{_THOUSANDS}(?: ?- ?{_THOUSANDS})?(?![ -]?\d)",  # 2 000–3 000, 5 000 000 000
    )
)
_SHORT = rf"(?<!\d[ .,:/-])11(?:[34](?:{_GAP}|-)?\d\d|6{_GAP}?\d{{3}})(?!{_GAP}?[-.,:/]?{_GAP}?\d)"
_NATIONAL = r"0[1-9]|0\) ?[1-9]|00[ (-]{0,2}[1-9]|46[ -]?(?:\(0\) ?)?7[02369]"
_START = rf"\({{0,2}}(?:\+{_GAP}?\)?{_GAP}?\(?(?=\d)|(?={_NATIONAL}))"
_TOKEN = re.compile(
    r"(?:(?<![^\W_])(?<![^\W_]_)|(?<=tel|mob|fax|sms|fon|bil|ing))"  # no part of a word, unless it says what follows
    rf"(?:(?P<short>{_SHORT})|(?P<other>{_OTHER})"
    # What goes on from digits isn't a number, save after a slash or in a list; 0,0812345678 is no list.
    rf"|(?<!\d[.:+-])(?!(?<=\b\d,)0\d{{4}})(?P<number>{_START}\d{{1,15}}(?:{_SEPARATOR}\d{{1,15}}){{0,9}}))",
    re.IGNORECASE,
)
_MAYBE = re.compile(r"\d(?:\W{0,12}\d){4}")  # the cheap look, before anything else is done with a text
_RUN = re.compile(r"[+(0-9][0-9 \n()/.:,+-]{3,}")
_LIKELY = re.compile(r"\+|(?<!\d)(?:0(?:\D{0,12}\d){7}|11[346]|46)")  # what a number begins with, somewhere in a run
_CHECK_DIGIT = re.compile(r"-\d(?!\d)")
_GROUPS = re.compile(r"\d+")
_WRITTEN = re.compile(r"[ (]*\+?[ (]*\d[\d \n()/.-]*")

_HOURS_BEFORE = re.compile(
    r"(?:\b(?:kl|klockan|öppet|öppna|stängt|tid|öppettid\w*|telefontid\w*"
    r"|(?:mån|tis|ons|tors|fre|lör|sön)\w{0,5}))[.:]?\s*$",
    re.IGNORECASE,
)
_RANGE_FIRST = re.compile(rf"{_RANGE}(?!\d)")
_NOT_CALLED = re.compile(
    r"\b(?:isbn(?:-1[03])?|issn|doi|ocr(?:-?n(?:umme)?r)?|dnr|diarie(?:nr|nummer)|ärende(?:nr|nummer)|iban|bg|pg|bankgiro|plusgiro"
    r"|org\.? ?nr|organisations(?:nr|nummer)|person(?:nr|nummer)|faktura(?:nr|nummer)|artikel(?:nr|nummer)"
    r"|(?:clearing|konto)(?:nr|nummer)?(?:[.:]?\s+\d{4}(?:-\d)?,?)?)[.:]?\s*$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?:https?:/|www\.|doi\b|10\.\d{4}|\.(?:se|nu|com|org|net|eu|info|dk|no|fi|de|uk|io|me)/)\S*$", re.IGNORECASE
)
_UNIT_AFTER = re.compile(
    r"\s?(?:kr\b|kronor|sek\b|euro|%|procent|personer|kvinnor|män\b|barn\b|besök|samtal|fall\b|anmäl)", re.IGNORECASE
)
_TOWN_AFTER = re.compile(r"\s{1,2}[A-ZÅÄÖ]\w")


def dialled(number: str) -> str | None:
    """Return what a ``tel:`` link has for ``number``: ``+46812345678``, or a short number's digits; None for no number."""
    plain = number.translate(_PLAIN).replace(_INVISIBLE, "").strip()
    if not _WRITTEN.fullmatch(plain) or plain.count("(") != plain.count(")"):
        return None
    digits = "".join(_GROUPS.findall(plain))
    if "+" in plain:
        return _called("+" + digits)
    return digits if _is_short(digits) else _called(digits)


def numbers_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield each telephone number in ``text``, as it is written and as it is dialled.

    Short numbers of three or four digits (112, 1177) are left out: those are ordinary numbers too.
    """
    if not _MAYBE.search(text):
        return
    plain, places = _flat(text)
    for run in _RUN.finditer(plain):
        if not _LIKELY.search(run[0]):
            continue
        for start, end, called in _in_run(plain, run.start(), run.end()):
            yield text[places[start] : places[end - 1] + 1] if places else text[start:end], called


def _flat(text: str) -> tuple[str, list[int] | None]:
    """Return the text in plain characters, and the place of each in ``text`` if something without width was left out."""
    plain = text.translate(_PLAIN)
    if _INVISIBLE not in plain:
        return plain, None
    places = [place for place, character in enumerate(plain) if character != _INVISIBLE]
    return plain.replace(_INVISIBLE, ""), places


def _in_run(plain: str, place: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Yield where each number in a run of digits begins and ends, and how it is dialled."""
    while place < end and (token := _TOKEN.search(plain, place, end + NEAR)) and token.start() < end:
        found = _short(plain, token) if token["short"] else _number(plain, token) if token["number"] else None
        if found:
            yield found
            place = found[1]
        elif token["number"]:  # a number may begin at any of its later groups
            place = _GROUPS.search(plain, token.start()).end()
        else:
            place = token.end()


def _short(plain: str, token: re.Match) -> tuple[int, int, str] | None:
    start, end = token.span()
    digits = "".join(_GROUPS.findall(token[0]))
    after = plain[end : end + 20]
    ordinary = after[:1].isalnum() or _UNIT_AFTER.match(after) or _TOWN_AFTER.match(after)
    return None if ordinary or not _is_short(digits) or _is_ordinary(plain, start) else (start, end, digits)


def _number(plain: str, token: re.Match) -> tuple[int, int, str] | None:
    """Return the likeliest number that begins where ``token`` does: more digits may follow it than are its own."""
    start = token.start()
    groups = list(_GROUPS.finditer(plain, start, token.end()))
    if plain[token.end() : token.end() + 1].isalnum():
        groups.pop()
    ends = [(rank, group.end(), digits) for group, digits, rank in _ranked(plain, groups, _prefix(token[0]))]
    if not ends or _is_ordinary(plain, start):
        return None
    _, end, digits = max(ends)
    while plain[start] == "(" and plain.count("(", start, end) > plain.count(")", start, end):
        start += 1
    return start, end, _called(digits)


def _prefix(written: str) -> str:
    return "" if written.lstrip("(").startswith("0") else "+"


def _ranked(plain: str, groups: list[re.Match], prefix: str) -> Iterator[tuple[re.Match, str, int]]:
    """Yield each group that a number may end with, the number's digits, and how sure it is that they are the whole of it."""
    lengths: list[int] = []
    digits = prefix
    for group in groups:
        digits += group[0]
        lengths.append(len(group[0]))
        if len(digits) > LONGEST or (not digits.startswith(("+", "00")) and _is_apart(plain, lengths, group.start())):
            return
        if len(digits) > SHORTEST and (rank := _rank(digits, lengths, plain, groups)):
            yield group, digits, rank


def _is_apart(plain: str, lengths: list[int], place: int) -> bool:
    """Whether the last group of a Swedish number isn't its own: one digit alone, or a year in parentheses."""
    alone = lengths[-1] == 1 and len(lengths) > 1 + (lengths[0] == 1)  # the 8 in (0)8 is alone too
    return alone or (len(lengths) > 1 and plain[place - 1] == "(")


def _rank(digits: str, lengths: list[int], plain: str, groups: list[re.Match]) -> int:
    """Return how sure it is that ``digits`` is the whole number: 0 for not at all, 3 if it is grouped as the plan has it."""
    number = _parsed(digits)
    written = [group[0] for group in groups[: len(lengths)]]
    if number is None or (len(written) > 1 and (set(lengths) == {4} or _counts_up(written))):
        return 0
    if phonenumbers.is_valid_number(number):
        if lengths in _groupings(digits):
            return 3
        return 0 if _CHECK_DIGIT.match(plain, groups[len(lengths) - 1].end()) else 2
    # Not in the plan, and yet it can be somebody's: then it must look like a number at a glance.
    between = plain[groups[0].end() : groups[1].start()].strip() if len(lengths) > 1 else "-"
    return int(len(digits) > SHORTEST + 1 and (digits.startswith("+") or between[:1] in ("-", "/", ")")))


def _counts_up(written: list[str]) -> bool:
    """Whether the groups are hours or days in a row, as in a table: 07 08 09 10 11."""
    return all(len(group) == 2 for group in written) and all(int(b) - int(a) == 1 for a, b in pairwise(written))


def _is_ordinary(plain: str, start: int) -> bool:
    """Whether what stands before says that the digits at ``start`` are opening hours, a part of an address or an account."""
    before = plain[max(0, start - NEAR) : start]
    if _HOURS_BEFORE.search(before[-24:]) and _RANGE_FIRST.match(plain, start):
        return True
    return bool(_NOT_CALLED.search(before[-48:]) or _ADDRESS.search(before))


@lru_cache(maxsize=4096)
def _parsed(digits: str) -> PhoneNumber | None:
    """The number that can exist, from digits with +, 00 or 0 before them; else None."""
    if not digits.startswith(("+", "0")):
        return None
    try:
        number = phonenumbers.parse(digits, REGION)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_valid_number(number):
        return number
    home = number.country_code == COUNTRY and not number.italian_leading_zero
    fits = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    return number if home and fits and len(str(number.national_number)) >= SHORTEST else None


@lru_cache(maxsize=4096)
def _groupings(digits: str) -> tuple[list[int], ...]:
    number = _parsed(digits)
    forms = (PhoneNumberFormat.NATIONAL, PhoneNumberFormat.INTERNATIONAL)
    return tuple([len(group) for group in _GROUPS.findall(phonenumbers.format_number(number, form))] for form in forms)


@lru_cache(maxsize=4096)
def _called(digits: str) -> str | None:
    number = _parsed(digits)
    return None if number is None else phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _is_short(digits: str) -> bool:
    number = PhoneNumber(country_code=COUNTRY, national_number=int(digits)) if 3 <= len(digits) <= 6 else None
    return number is not None and digits[0] != "0" and phonenumbers.is_valid_short_number_for_region(number, REGION)

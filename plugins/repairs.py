"""What was probably meant by a line that isn't TOML: the smallest set of known repairs that makes it so.

A guess is only told when the repaired text can be parsed, so that obeying it always helps.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from babel.dates import get_month_names

TOGETHER = 3  # repairs of one statement
LONG = 2000  # letters of a statement that more than one repair would take too long to try on
SHOWN = 90  # letters of a repaired line that a report shows

_KEY = r'^(\s*)([^"\'\[\]=#:\n]*[^"\'\[\]=#:\s])(\s*=)'
_DAY = re.compile(r"=\s*[\"'”]?(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[\"'”]?\s*(?:#.*)?$")
_SPACED = re.compile(r"(?<=[\s,\[=])(\d{1,3})((?: \d{3})+)(?=\s*(?:[,\]#\n]|$))")
_NO_COMMA = re.compile(r'(["\]\d])(\s+)(?=["\[])|(["\]])()(?=\s*\d|["\[](?!,))')


@dataclass(frozen=True, kw_only=True)
class Repair:
    """What is wrong in words, and the line as it should be: the ``line``-th of the statement, from 0."""

    words: str
    text: str
    line: int


def find(part: str, parses: Callable[[str], bool]) -> Repair | None:
    """Return the smallest repair that makes ``part`` parse."""
    if words := _impossible_day(part) or _no_value(part):
        return Repair(words=words, text="", line=0)
    for count in range(1, (TOGETHER if len(part) < LONG else 1) + 1):
        for chosen in combinations(REPAIRS, count):
            text = part
            for _, mend in chosen:
                before, text = text, mend(text)
                if before == text:
                    break
            else:
                if parses(text):
                    return _told(part, text, [words for words, _ in chosen])
    return _without_stray(part, parses)


def _without_stray(part: str, parses: Callable[[str], bool]) -> Repair | None:
    """The statement without one sign that nothing else explains."""
    places = [at for at, sign in enumerate(part[:LONG]) if not sign.isalnum() and not sign.isspace()]
    for at in places:
        text = part[:at] + part[at + 1 :]
        if parses(text):
            return _told(part, text, [f"Tecknet {part[at]} är ett för mycket."])
    return None


def _told(part: str, text: str, words: list[str]) -> Repair:
    pairs = zip(part.split("\n"), text.split("\n"), strict=False)
    line, shown = next((at, after.strip()) for at, (before, after) in enumerate(pairs) if before != after)
    return Repair(words=" ".join(words), text=shown if len(shown) <= SHOWN else "", line=line)


def impossible(year: int, month: int, day: int) -> str:
    """Say in words why there is no such day, or nothing when there is."""
    if not (year and 1 <= month <= 12):
        return "Året eller månaden finns inte. Skriv år, månad och dag, till exempel 2025-01-31."
    days = monthrange(year, month)[1]
    if not 1 <= day <= days:
        return f"Dagen finns inte: {get_month_names(locale='sv')[month]} {year} har {days} dagar."
    return ""


def _impossible_day(part: str) -> str:
    match = _DAY.search(part)
    return impossible(*(int(each) for each in match.groups())) if match else ""


def _no_value(part: str) -> str:
    key, equals, value = part.partition("=")
    if equals and not value.split("#")[0].strip():
        return "Det saknas ett värde efter =."
    if key.strip() == "checked" and re.match(r"\s*(?:[^\W\d]|\d+ )", value):
        return "Skriv dagen som ett datum: checked = 2025-01-31."
    return ""


def _visible(text: str) -> str:
    spaced = "".join(" " if unicodedata.category(each) == "Zs" else each for each in text)
    return "".join(
        each for each in spaced if each in "\n\t" or unicodedata.category(each) not in ("Cc", "Cf", "Zl", "Zp")
    )


def _straight(text: str) -> str:
    return re.sub("[“”„‟″«»]|''", '"', text)


def _straight_single(text: str) -> str:
    return re.sub("[‘’‚‛′`´]", '"', text)


def _equals(text: str) -> str:
    return re.sub(r'^(\s*(?:"[^"\n]*"|[\w./-]+))\s*:\s*', r"\1 = ", text)


def _with_equals(text: str) -> str:
    return re.sub(r'^(\s*(?:"[^"\n]*"|[\w-]+))\s+(?=["\[\d])', r"\1 = ", text)


def _day(text: str) -> str:
    match = _DAY.search(text)
    return f"{text[: match.start()]}= {date(*(int(each) for each in match.groups()))}" if match else text


def _together(text: str) -> str:
    return _SPACED.sub(lambda match: match[0].replace(" ", ""), text)


def _without_last(text: str) -> str:
    return re.sub(r"[,;.]\s*$", "", text)


def _with_commas(text: str) -> str:
    return _NO_COMMA.sub(lambda match: f"{match[1] or match[3]},{match[2] or ' ' * (match[2] is None)}", text)


def _closed_quote(text: str) -> str:
    return "\n".join(_closed(line) if line.count('"') % 2 else line for line in text.split("\n"))


def _closed(line: str) -> str:
    before, quote, rest = line.rpartition('"')
    match = re.match(r"[^,\]]*(?=[,\]])", rest) if "[" in before else None
    text, after = (rest[: match.end()], rest[match.end() :]) if match else (rest.rstrip(), "")
    return f'{before}{quote}{text}"{after}'


def _inner_quotes(text: str) -> str:
    return re.sub(r'^([^=\n]*=\s*")(.*)("\s*)$', lambda match: match[1] + match[2].replace('"', "”") + match[3], text)


def _words_in_list(text: str) -> str:
    key, equals, value = text.partition("=")
    return key + equals + re.sub(r'([\[,]\s*)([^\W\d_][^"\',\[\]\n]*?)(?=\s*[,\]])', r'\1"\2"', value)


def _quoted(text: str) -> str:
    match = re.match(r"""([^=\n]*=)\s*["'”]?([^\[{"'\s#][^"'#\n]*?)["'”]?\s*(?:#[^\n]*)?$""", text)
    return f'{match[1]} "{match[2]}"' if match else text


def _closed_list(text: str) -> str:
    bare = re.sub(r'"[^"\n]*"', "", text)
    missing = bare.count("[") - bare.count("]")
    return text.rstrip().rstrip(",") + "]" * missing if missing > 0 else text


def _quoted_key(text: str) -> str:
    header = re.sub(r"^(\s*\[)([^\"'\[\]\n]+)(\]\s*)$", lambda match: match[1] + _names(match[2]) + match[3], text)
    return re.sub(_KEY, r'\1"\2"\3', text) if header == text else header


def _names(key: str) -> str:
    return ".".join(each if re.fullmatch(r"[A-Za-z0-9_-]+", each) else f'"{each.strip()}"' for each in key.split("."))


def _bracket_first(text: str) -> str:
    return re.sub(r"^(\s*)([\w.\"-]+\]\s*)$", r"\1[\2", text)


def _backslashes(text: str) -> str:
    return re.sub(r"\\(?![\"\\bfnrtuU])", r"\\\\", text)


REPAIRS: tuple[tuple[str, Callable[[str], str]], ...] = (  # the likeliest first
    ("Raden har ett osynligt tecken eller ett hårt mellanslag. Skriv om den för hand.", _visible),
    ('Citattecknen är typografiska. Skriv raka: ".', _straight),
    ('Citattecknen är typografiska. Skriv raka: ".', _straight_single),
    ("Skriv = i stället för kolon.", _equals),
    ("Det saknas ett = efter namnet.", _with_equals),
    ("Skriv datumet med år, månad och dag: två siffror för månad och dag.", _day),
    ("Skriv talet utan mellanslag.", _together),
    ("Ta bort tecknet sist på raden.", _without_last),
    ("Det saknas ett kommatecken.", _with_commas),
    ("Det saknas ett citattecken.", _closed_quote),
    ("Citattecken inne i texten skriver du som ”.", _inner_quotes),
    ('Sätt raka citattecken om texten: ".', _words_in_list),
    ('Sätt raka citattecken om texten: ".', _quoted),
    ("Det saknas en hakparentes: ].", _closed_list),
    ("Det saknas en hakparentes: [.", _bracket_first),
    ('Sätt raka citattecken om namnet: ".', _quoted_key),
    ("Skriv två bakstreck i rad i stället för ett.", _backslashes),
)

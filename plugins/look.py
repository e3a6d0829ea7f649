"""``content/look.css``: other colours than the theme's. It may set the tokens of ``tokens.css`` anew, and nothing else.

Whatever else stands in a style sheet could fetch something from elsewhere, or hide the way out. Pure.
"""

import re
from collections.abc import Iterator

from plugins.faults import Fault, nearest, quote

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_TOKEN = re.compile(r"--([a-z0-9-]+)\s*:\s*([^;}]+)")
_PIECE = re.compile(r"([^{};]*)([{};]|$)")
_DARK = re.compile(
    r"@media\s+(?:(?:screen|all)\s+and\s+)?\(\s*prefers-color-scheme\s*:\s*(?:dark|light)\s*\)", re.IGNORECASE
)
_COLOUR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_HARMLESS = re.compile(r"[\w\s.,%\"'+*/()-]+")
_FUNCTION = re.compile(r"([\w-]*)\(")
FUNCTIONS = {"", "calc", "clamp", "min", "max"}
EXAMPLE = ":root { --accent: #17594d }"


def check(file: str, text: str, tokens: str) -> list[Fault]:
    """Return what is wrong with ``text``, when ``tokens`` is the theme's own sheet of tokens."""
    known = _known(tokens)
    whole, text = text, _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)  # the lines stay
    if "<" in whole:
        return [_fault(file, whole, whole.index("<"), "Tecknet < får inte stå i filen. Ta bort det.")]
    if "/*" in text:
        return [_fault(file, text, text.index("/*"), "Kommentaren är inte avslutad. Skriv */ efter den.")]
    faults, opened = [], []
    for place, words, end in _pieces(text):
        if end == "{":
            faults += _opens(file, text, place, words, opened)
            opened.append((words, place))
            continue
        if words:
            wrong = _declaration(words, known) if opened and opened[-1][0] == ":root" else _outside(words)
            faults += [_fault(file, text, place, wrong, words)] if wrong else []
        if end == "}" and not opened:
            faults.append(_fault(file, text, place, "Det finns en } för mycket. Ta bort den."))
        elif end == "}":
            opened.pop()
    faults += [
        _fault(file, text, place, f"{quote(words)} är inte avslutat. Skriv }} efter det.") for words, place in opened
    ]
    return faults


def _known(tokens: str) -> dict[str, str]:
    """The theme's tokens with their first value."""
    found: dict[str, str] = {}
    for name, value in _TOKEN.findall(_COMMENT.sub("", tokens)):
        found.setdefault(name, value.strip())
    return found


def _pieces(text: str) -> Iterator[tuple[int, str, str]]:
    """Each piece up to a ``{``, ``}`` or ``;``: its place, its words with single spaces, and what ended it."""
    for match in _PIECE.finditer(text):
        words = match[1]
        place = match.start() + len(words) - len(words.lstrip())
        if words.strip() or match[2]:
            yield min(place, len(text) - 1), " ".join(words.split()), match[2]


def _opens(file: str, text: str, place: int, words: str, opened: list) -> list[Fault]:
    inside_media = [outer for outer, _ in opened if _DARK.fullmatch(outer)] == [outer for outer, _ in opened]
    if words == ":root" and inside_media and len(opened) < 2:
        return []
    if _DARK.fullmatch(words) and not opened:
        return []
    return [
        _fault(file, text, place, f"{quote(words)} får inte stå här. Bara färger får bytas, så här: {EXAMPLE}", words)
    ]


def _outside(words: str) -> str:
    if words.startswith("@import") or "url(" in words:
        return f"{quote(words)} hämtar något från en annan plats. Ta bort det: sidorna ska inte lämna spår där."
    return f"{quote(words)} får inte stå här. Skriv det i :root, så här: {EXAMPLE}"


def _declaration(words: str, known: dict[str, str]) -> str:
    name, colon, value = (each.strip() for each in words.partition(":"))
    if "url(" in value.lower():
        return _outside(words)
    if not colon or not value:
        return f"{quote(words)} är ingen färg. Skriv namn, kolon och färg: --accent: #17594d;"
    if not name.startswith("--") or name[2:] not in known:
        guess = nearest(name.removeprefix("--"), known)
        hint = f"Menade du --{guess}?" if guess else "Namnen står i theme/static/tokens.css."
        return f"{quote(name)} finns inte i temat. {hint}"
    if _COLOUR.fullmatch(known[name[2:]]):
        if "--" in value:
            return f"Det saknas ett semikolon före {quote(value[value.index('--') :])}."
        if not _COLOUR.fullmatch(value):
            return f"{quote(value)} är ingen färg. Skriv # och tre eller sex tecken, 0–9 och a–f, till exempel #17594d."
    elif not (_HARMLESS.fullmatch(value) and set(_FUNCTION.findall(value)) <= FUNCTIONS):
        return f"{quote(value)} kan {name} inte vara. I temat är det {known[name[2:]]}."
    return ""


def _fault(file: str, text: str, place: int, words: str, value: str | None = None) -> Fault:
    return Fault(file=file, words=words, line=text.count("\n", 0, place) + 1, value=value)

"""Data files in TOML: read with the line of every key, and with faults in Swedish that show the line and how to write it.

The standard library's parser stops at the first fault, says it in English and forgets on which line a value stood. So a file
is taken apart into statements, and each is parsed by itself: all its faults are found at once, and every key has its line.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from plugins import plain, repairs
from plugins.faults import Fault, quote
from plugins.limits import LONGEST as LINE
from plugins.plain import CONFLICT

MOST = 20  # faults of one file: what isn't TOML at all has one on every line
LONGEST = 400  # lines of one statement
Path = tuple[str, ...]

_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_KEY = re.compile(r"""\s*(?:"(?:\\.|[^"\\\n])*"|'[^'\n]*'|[^="'\[\n#])+=""")
_HEADER = re.compile(r"\s*\[")
_BEGINS = re.compile(r"""\s*(?:\[\[?[\w"'. -]+\]\]?\s*(?:\#.*)?$|(?:"[^"\n]*"|[\w.-]+)\s*=)""")


@dataclass(frozen=True)
class Statement:
    """One table header, or one key with its value."""

    line: int
    text: str
    path: Path  # from the root of the file; that of the table for a header
    header: bool


@dataclass(frozen=True, kw_only=True)
class Document:
    """What a file holds, and where."""

    file: str  # as reports name it
    table: dict = field(default_factory=dict)
    text: str = field(default="", repr=False)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The file taken apart: only when a fault asks for a line, for a good file has none."""
        return tuple(_taken_apart(self.file, self.text)[0])

    def line(self, path: Path, text: str = "") -> int | None:
        """Return the line of the key or table at ``path``; of the first line with ``text`` in its value, when there is one."""
        below = (each for each in self.statements if each.path[: len(path)] == path)
        found = next((each for each in self.statements if each.path == path), None) or next(below, None)
        if found is None:
            return self.line(path[:-1], text) if len(path) > 1 else None
        lines = enumerate(found.text.split("\n"), start=found.line)
        return next((number for number, line in lines if text and text in line), found.line)

    def fault(self, path: Path, words: str, *, text: str = "", value: str | None = None) -> Fault:
        """Return a fault at the key or table at ``path``."""
        header = ".".join(path) or None
        return Fault(file=self.file, words=words, line=self.line(path, text), header=header, value=value)


def read(file: str, data: bytes) -> tuple[Document, list[Fault]]:
    """Read the file's bytes. Whatever they are, there is a Document; it is empty when there are faults."""
    nothing = Document(file=file)
    text, words, line = plain.decode(data)
    if words:
        return nothing, [Fault(file=file, words=words, line=line)]
    if long := next((number for number, each in enumerate(text.split("\n"), start=1) if len(each) > LINE), None):
        return nothing, [
            Fault(file=file, words=f"Raden är för lång. Dela den: högst {LINE} tecken på en rad.", line=long)
        ]
    try:
        return Document(file=file, table=tomllib.loads(text), text=text), []
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        statements, faults = _taken_apart(file, text)
        return nothing, faults or _twice(file, statements) or [_other(file, text, error)]


def _taken_apart(file: str, text: str) -> tuple[list[Statement], list[Fault]]:
    statements: list[Statement] = []
    faults: list[Fault] = []
    table: Path = ()
    for line, part in _parts(text.split("\n")):
        if len(faults) >= MOST:
            faults.append(Fault(file=file, words="Här finns fler fel. Rätta de första och bygg om.", line=line))
            break
        if CONFLICT.match(part):
            faults.append(Fault(file=file, words=_conflict(part), line=line))
        elif (path := _path(part)) is None:
            faults.append(_unreadable(file, line, part))
        else:
            header = bool(_HEADER.match(part))
            table = path if header else table
            statements.append(Statement(line, part, path if header else table + path, header))
    return statements, faults


def _parts(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Each statement with the line that it begins on. What can't be parsed ends where the next one begins."""
    at = 0
    while at < len(lines):
        if not lines[at].strip() or lines[at].lstrip().startswith("#"):
            at += 1
            continue
        end = at + 1
        if _path(lines[at]) is None and _is_open(lines[at]):
            end = _end(lines, at)
        yield at + 1, "\n".join(lines[at:end])
        at = end


def _end(lines: list[str], at: int) -> int:
    """Where the statement of several lines that begins at ``at`` ends."""
    closes = "'''" if "'''" in lines[at] else '"""' if '"""' in lines[at] else "]"
    for end in range(at + 1, min(at + LONGEST, len(lines))):
        if closes in lines[end] and _path("\n".join(lines[at : end + 1])) is not None:
            return end + 1
        if closes == "]" and (_BEGINS.match(lines[end]) or CONFLICT.match(lines[end])):
            return _without_blank(lines, at, end)
    after = range(at + 1, len(lines))  # never closed: to the next line that looks like a beginning
    end = next((each for each in after if _BEGINS.match(lines[each])), len(lines))
    return _without_blank(lines, at, end)


def _without_blank(lines: list[str], at: int, end: int) -> int:
    while end > at + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return end


def _is_open(line: str) -> bool:
    value = line.partition("=")[2]
    return (
        '"""' in value or "'''" in value or value.count("[") > value.count("]") or value.count("{") > value.count("}")
    )


def _path(part: str) -> Path | None:
    """The key that a statement sets, or None when it can't be parsed."""
    match = _KEY.match(part)
    try:
        tomllib.loads(part)
        names: object = tomllib.loads(f"{match[0]} 0" if match else part)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return None
    path = []
    while isinstance(names, (dict, list)) and names:
        if isinstance(names, list):  # [[several]]
            (names,) = names
            continue
        ((name, names),) = names.items()
        path.append(name)
    return tuple(path)


def _conflict(part: str) -> str:
    return (
        f"{quote(part)} är kvar efter en krock i git. Behåll det som ska gälla, och ta bort raderna som börjar med "
        "<<<<<<<, ======= och >>>>>>>."
    )


def _unreadable(file: str, line: int, part: str) -> Fault:
    found = repairs.find(part, lambda text: _path(text) is not None)
    if found is None:
        at, shown = _place(line, part)
        words = (
            f"{quote(shown)} går inte att läsa. Jämför med raderna runt om: något tecken är för mycket eller för lite."
        )
        return Fault(file=file, words=words, line=at, value=shown)
    shown = part.split("\n")[found.line].strip()
    hint = f" Skriv: {found.text.strip()}" if found.text else ""
    return Fault(
        file=file, words=f"{quote(shown)} går inte att läsa. {found.words}{hint}", line=line + found.line, value=shown
    )


def _place(line: int, part: str) -> tuple[int, str]:
    """The line where the parser stopped, and what stands there."""
    try:
        tomllib.loads(part)
    except tomllib.TOMLDecodeError as error:
        match = _AT.search(str(error))
        offset = int(match[1]) - 1 if match and match[1] else 0
        return line + offset, part.split("\n")[offset].strip()
    except (RecursionError, ValueError):
        pass
    return line, part.split("\n")[0].strip()


def _twice(file: str, statements: list[Statement]) -> list[Fault]:
    """A fault for each table or key that the file has already."""
    seen: dict[Path, int] = {}
    faults = []
    told: Path | None = None
    for each in statements:
        shown = each.text.split("\n")[0].strip()
        if each.path not in seen:
            seen[each.path] = each.line
            continue
        if told is not None and not each.header and each.path[:-1] == told:  # its table is there twice, which is enough
            continue
        told = each.path if each.header else None
        what = "de två avdelningarna" if each.header else "raderna"
        words = f"{quote(shown)} finns redan på rad {seen[each.path]}. Ta bort en av {what} eller byt namn på den."
        faults.append(Fault(file=file, words=words, line=each.line, value=shown))
    return faults


def _other(file: str, text: str, error: Exception) -> Fault:
    match = _AT.search(str(error))
    line = int(match[1]) if match and match[1] else None
    shown = text.split("\n")[line - 1].strip() if line else ""
    words = "Namnet används två gånger i filen, på olika sätt. Byt namn eller ta bort det ena."
    return Fault(file=file, words=f"{quote(shown)}: {words}" if shown else words, line=line, value=shown or None)

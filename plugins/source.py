"""A content file taken apart: headers ("Title: …"), an empty line, and the body in Markdown. Pure; raises nothing."""

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from plugins.faults import Fault, nearest, quote
from plugins.plain import CONFLICT, GARBLED, decode

_HEADER = re.compile(r"([^\s:][^:]*):(.*)", re.DOTALL)
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
)  # no place in HTML, and XML forbids them
# Zero width, direction marks and soft hyphens: copied along from web pages and Word, and nobody sees why a name isn't found.
# In other scripts and in emoji the joiners and marks of direction are spelling, and stay.
_INVISIBLE = re.compile(
    "[\u00ad\u115f\u180e\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc]"
    "|(?<![\u0590-\u1cff\u2600-\u27bf\ufb1d-\ufeff\U0001f000-\U0001faff])[\u061c\u200c-\u200f]"
)
_QUOTES = {'"': '"', "'": "'", "”": "”", "“": "”", "„": "”", "’": "’", "‘": "’", "»": "»", "«": "»"}


# Fields of other site generators, which have nothing to match here.
ELSEWHERE = {"slug", "tags", "category", "categories", "keywords", "layout", "author", "modified", "url", "save_as"}


@dataclass(frozen=True)
class Header:
    """One header as it is written, in one line of text."""

    name: str
    value: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Source:
    """One content file."""

    file: str  # "content/pages/stod.md", as reports name it
    headers: tuple[Header, ...]
    body: str
    body_line: int  # where the body begins in the file

    def lines(self) -> list[tuple[int, str]]:
        """The body's lines, each with its number in the file."""
        return list(enumerate(self.body.split("\n"), start=self.body_line))

    def header(self, name: str) -> Header | None:
        """The first header of that name, whatever its case."""
        return next((each for each in self.headers if each.name.casefold() == name.casefold()), None)


def name(path: str, content: str) -> str:
    """How reports name the file at ``path``: ``content/pages/stod.md``, when ``content`` is the folder of all content.

    Bytes of the name that are no UTF-8 become U+FFFD, so that it can always be printed.
    """
    relative = os.path.relpath(path, os.path.dirname(content)).replace(os.sep, "/")
    return os.fsencode(relative).decode("utf-8", "replace")


def below_content(file: str) -> str:
    """The path below the content folder of a file that reports name ``file``: ``pages/stod.md``."""
    return file.partition("/")[2]


def read(file: str, data: bytes) -> tuple[Source, list[Fault]]:
    """Take the file's bytes apart. Whatever they are, there is a Source; what is wrong stands in the faults."""
    nothing = Source(file=file, headers=(), body="", body_line=1)
    text, words, line = decode(data)
    if words:
        return nothing, [Fault(file=file, words=words, line=line)]
    if not text.strip():
        return nothing, [Fault(file=file, words="Filen är tom. Skriv fälten och texten, eller ta bort filen.")]
    source, unread = _split(file, text.split("\n"))
    return source, stray(file, text) + unread


def stray(file: str, text: str) -> list[Fault]:
    """A fault for each line with signs that nobody means to publish: invisible ones, git's conflict marks, broken letters."""
    if not any(each.search(text) for each in (_CONTROL, _INVISIBLE, GARBLED)) and not _has_conflict(text):
        return []
    return [
        Fault(file=file, words=words, line=number)
        for number, line in enumerate(text.split("\n"), start=1)
        if (words := _stray(line))
    ]


def _has_conflict(text: str) -> bool:
    return any(mark in text for mark in ("<<<<<<<", "=======", ">>>>>>>", "|||||||"))


def _stray(line: str) -> str | None:
    if CONFLICT.match(line.rstrip()):
        return (
            f"{quote(line.strip())} är kvar efter en krock i git. Välj vilken text som gäller, och ta bort de raderna."
        )
    if _CONTROL.search(line):
        return "Raden innehåller ett osynligt styrtecken. Skriv om raden för hand."
    if found := _INVISIBLE.search(line):
        before = line[: found.start()].split()
        where = f"efter {quote(before[-1])}" if before else "först på raden"
        return f"Det finns ett osynligt tecken {where} (U+{ord(found[0]):04X}). Skriv om ordet för hand."
    if GARBLED.search(line):
        word = next((word for word in line.split() if GARBLED.search(word)), line)
        return f"Bokstäver har blivit fel i {quote(word)}. Skriv om ordet, och spara filen som UTF-8."
    return None


def fields(
    source: Source, known: Collection[str], *, meant: Mapping[str, str] | None = None
) -> tuple[dict[str, Header], list[Fault], set[str]]:
    """The headers under the names in ``known``, whatever the case they are written in; empty ones are left out.

    ``meant`` gives the name for a word in lower case that people write instead of it. Last come the names that somebody
    seems to have meant with headers that don't exist: it needn't be said of them that they are missing too.
    """
    names = {name.casefold(): name for name in known}
    found: dict[str, Header] = {}
    faults: list[Fault] = []
    guessed: set[str] = set()

    def refuse(header: Header, words: str) -> None:
        faults.append(Fault(file=source.file, words=words, line=header.line, header=header.name, value=header.value))

    for header in source.headers:
        name = names.get(header.name.casefold())
        if name is None:
            guess = _meant(header, known, meant or {})
            guessed |= {guess} if guess and header.name.casefold() not in ELSEWHERE else set()
            refuse(header, _unknown(header, guess, known))
        elif name in found:
            refuse(header, f"Fältet står redan på rad {found[name].line}. Ta bort ett av dem.")
        elif header.value:
            found[name] = Header(name, header.value, header.line)
            if _QUOTES.get(header.value[0]) == header.value[-1] and not set(_QUOTES) & set(header.value[1:-1]):
                refuse(header, "Ta bort citattecknen runt värdet. De skulle synas på sidan.")
    return found, faults, guessed


def _meant(header: Header, known: Collection[str], meant: Mapping[str, str]) -> str | None:
    word = header.name.casefold()
    first = next((name for name in known if word.startswith(f"{name.casefold()} ")), None)
    return meant.get(word) or first or nearest(header.name, known)


def _unknown(header: Header, guess: str | None, known: Collection[str]) -> str:
    if guess and header.name.casefold().startswith(f"{guess.casefold()} "):
        return f"Det saknas ett kolon efter {guess}. Skriv {guess}: och sedan värdet."
    if header.name.casefold() in ELSEWHERE:
        return "Fältet finns inte. Ta bort raden."
    return f"Fältet finns inte. {f'Menade du {guess}?' if guess else f'Fälten heter {enumerated(known)}.'}"


def enumerated(words: Collection[str], last: str = "och") -> str:
    """``a, b och c``"""
    *first, final = words
    return f"{', '.join(first)} {last} {final}" if first else final


def _split(file: str, lines: list[str]) -> tuple[Source, list[Fault]]:
    headers: list[Header] = []
    faults = []
    at = next(index for index, line in enumerate(lines) if line.strip())
    while at < len(lines) and lines[at].strip():
        line, number = lines[at], at + 1
        at += 1
        match = _HEADER.match(line.lstrip())
        if line[0].isspace():
            begins = quote(_one_line(match[1] if match else line))  # never the value, which may be a secret
            words = f"Raden börjar med mellanslag. Ta bort dem före {begins}. Varje fält står på en enda rad."
            faults.append(Fault(file=file, words=words, line=number))
        if match:
            headers.append(Header(_one_line(match[1]), _one_line(match[2]), number))
        elif not line[0].isspace() and not CONFLICT.match(line.rstrip()):
            words = (
                f"{quote(_one_line(line))} är inget fält. Skriv ”Fält: värde” på varje rad, och en tom rad före texten."
            )
            faults.append(Fault(file=file, words=words, line=number))
    body = "\n".join(lines[at + 1 :])
    return Source(file=file, headers=tuple(headers), body=body, body_line=at + 2), faults


def _one_line(text: str) -> str:
    return " ".join(text.split())

"""A content file taken apart: headers ("Title: …"), an empty line, and the body in Markdown. Pure; raises nothing."""

import os
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from plugins.faults import Fault, nearest, quote

_HEADER = re.compile(r"([^\s:][^:]*?)\s*:(.*)", re.DOTALL)
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]"
)  # no place in HTML, and XML forbids them


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


def name(path: str, content: str) -> str:
    """How reports name the file at ``path``: ``content/pages/stod.md``, when ``content`` is the folder of all content."""
    return os.path.relpath(path, os.path.dirname(content)).replace(os.sep, "/")


def below_content(file: str) -> str:
    """The path below the content folder of a file that reports name ``file``: ``pages/stod.md``."""
    return file.partition("/")[2]


def read(file: str, data: bytes) -> tuple[Source, list[Fault]]:
    """Take the file's bytes apart. Whatever they are, there is a Source; what is wrong stands in the faults."""
    nothing = Source(file=file, headers=(), body="", body_line=1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        words = "Filen är inte sparad som UTF-8. Spara om den med teckenkodningen UTF-8."
        return nothing, [Fault(file=file, words=words, line=data.count(b"\n", 0, error.start) + 1)]
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not text.strip():
        return nothing, [Fault(file=file, words="Filen är tom. Skriv fälten och texten, eller ta bort filen.")]
    faults = [
        Fault(file=file, words="Raden innehåller ett osynligt styrtecken. Skriv om raden för hand.", line=number)
        for number, line in enumerate(text.split("\n"), start=1)
        if _CONTROL.search(line)
    ]
    source, unread = _split(file, text.split("\n"))
    return source, faults + unread


def fields(
    source: Source, known: Collection[str], *, meant: Mapping[str, str] | None = None
) -> tuple[dict[str, Header], list[Fault]]:
    """The headers under the names in ``known``, whatever the case they are written in; empty ones are left out.

    ``meant`` gives the name for a word in lower case that people write instead of it.
    """
    names = {name.casefold(): name for name in known}
    found: dict[str, Header] = {}
    faults = []

    def refuse(header: Header, words: str) -> None:
        faults.append(Fault(file=source.file, words=words, line=header.line, header=header.name, value=header.value))

    for header in source.headers:
        name = names.get(header.name.casefold())
        if name is None:
            guess = (meant or {}).get(header.name.casefold()) or nearest(header.name, known)
            hint = f"Menade du {guess}?" if guess else f"Fälten heter {enumerated(known)}."
            refuse(header, f"Fältet finns inte. {hint}")
        elif name in found:
            refuse(header, f"Fältet står redan på rad {found[name].line}. Ta bort ett av dem.")
        elif header.value:
            found[name] = Header(name, header.value, header.line)
    return found, faults


def enumerated(words: Collection[str], last: str = "och") -> str:
    """``a, b och c``"""
    *first, final = words
    return f"{', '.join(first)} {last} {final}" if first else final


def _split(file: str, lines: list[str]) -> tuple[Source, list[Fault]]:
    headers: list[Header] = []
    faults = []
    at = next(index for index, line in enumerate(lines) if line.strip())
    while at < len(lines) and lines[at].strip():
        line = lines[at]
        match = _HEADER.match(line)
        if match:
            headers.append(Header(_one_line(match[1]), _one_line(match[2]), at + 1))
        elif line[0].isspace() and headers:
            before = headers[-1]
            headers[-1] = Header(before.name, f"{before.value} {_one_line(line)}".strip(), before.line)
        else:
            words = (
                f"{quote(_one_line(line))} är inget fält. Skriv ”Fält: värde” på varje rad, och en tom rad före texten."
            )
            faults.append(Fault(file=file, words=words, line=at + 1))
        at += 1
    body = "\n".join(lines[at + 1 :])
    return Source(file=file, headers=tuple(headers), body=body, body_line=at + 2), faults


def _one_line(text: str) -> str:
    return " ".join(text.split())

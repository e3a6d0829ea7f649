"""A lecture's file to what it says: its headers read and checked. Pure; every fault is found, nothing is raised."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from plugins.addresses import better_name, slug_of
from plugins.faults import Fault
from plugins.lectures import values
from plugins.lectures.moments import Season, Unclear
from plugins.never import people_in
from plugins.source import Header, Source, fields
from plugins.source import read as read_source
from registrations.catalogue import Lecture

DATED = ("Title", "Start", "End", "Speaker", "Seats")  # what a lecture must say
UNDATED = ("Title", "Start")  # what one that has only a season must say
ONLY_DATED = ("End", "Seats", "Join", "Closes")
KNOWN = (*DATED, "Join", "Closes", "Status", "Rerun of", "Summary", "Example")
EXAMPLES = {
    "Title": "Ekonomiskt våld",
    "Start": "2027-02-10 12:00",
    "End": "13:00",
    "Speaker": "Inbjuden föreläsare",
    "Seats": "100",
}
MEANT = {
    "datum": "Start", "date": "Start", "tid": "Start", "börjar": "Start", "slutar": "End", "slut": "End",
    "rubrik": "Title", "titel": "Title", "talare": "Speaker", "föreläsare": "Speaker", "author": "Speaker",
    "platser": "Seats", "länk": "Join", "repris": "Rerun of", "repris av": "Rerun of",
    "stänger": "Closes", "anmälan stänger": "Closes", "sammanfattning": "Summary", "exempel": "Example",
}  # fmt: skip

_ASTRAY = {name.lower() for name in KNOWN} - {"start", "status"}  # which begin a line of Swedish prose as well

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a lecture's file says, when all of it can be used."""

    source: Source
    slug: str
    title: str
    speaker: str
    summary: str
    rerun_of: str | None  # slug
    example: bool
    cancelled: bool
    when: Lecture | Season  # an old one may have only a season


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One file: what the faults of others depend on, and its entry unless it is a draft or has faults itself."""

    source: Source
    slug: str
    draft: bool
    rerun: Header | None
    join: str | None = field(repr=False)
    entry: Entry | None


def read(file: str, data: bytes, *, now: datetime) -> tuple[Reading, list[Fault]]:
    """Everything that the file says, and every fault in it, whatever its bytes are. ``file`` is its name in reports."""
    source, faults = read_source(file, data)
    if faults and not source.headers:  # nothing to read: don't say of each header that it is missing too
        reading = Reading(source=source, slug=slug_of(file), draft=False, rerun=None, join=None, entry=None)
        return reading, faults
    reading, unfit = _read(source, now)
    return replace(reading, entry=None) if faults else reading, faults + unfit


def _read(source: Source, now: datetime) -> tuple[Reading, list[Fault]]:
    reader = _Reader(source)
    slug = reader.slug()
    status = reader.take("Status", values.status) or "published"
    example = reader.take("Example", values.answer) or False
    join = reader.take("Join", values.link)
    start = reader.take("Start", partial(values.start, now=now))
    if isinstance(start, Season):
        reader.refuse(ONLY_DATED, "Fältet hör bara till en föreläsning med dag och klockslag. Ta bort raden.")
        when = start
    else:
        when = reader.lecture(slug=slug, start=start, status=status, example=example, join=join)
    reader.astray()
    if status != "draft":
        reader.require(UNDATED if isinstance(start, Season) else DATED)
    entry = Entry(
        source=source,
        slug=slug,
        title=reader.text("Title"),
        speaker=reader.text("Speaker"),
        summary=reader.text("Summary"),
        rerun_of=reader.text("Rerun of") or None,
        example=example,
        cancelled=status == "cancelled",
        when=when,
    )
    draft = status == "draft"
    usable = when is not None and not draft and not reader.faults
    rerun = reader.found.get("Rerun of")
    reading = Reading(source=source, slug=slug, draft=draft, rerun=rerun, join=join, entry=entry if usable else None)
    return reading, reader.faults


class _Reader:
    """The headers of one file, and the faults found so far."""

    def __init__(self, source: Source):
        self.source = source
        self.found, self.faults, self.guessed = fields(source, KNOWN, meant=MEANT)

    def text(self, name: str) -> str:
        return self.found[name].value if name in self.found else ""

    def take(self, name: str, convert: Callable[[str], T]) -> T | None:
        """What the header says, or None when it isn't there or can't be taken."""
        try:
            return convert(self.found[name].value) if name in self.found else None
        except Unclear as error:
            self.refuse([name], error.words)
            return None

    def refuse(self, names: Iterable[str], words: str) -> None:
        for header in (self.found[name] for name in names if name in self.found):
            self.note(words, line=header.line, header=header.name, value=header.value)

    def require(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self.found and name not in self.guessed:
                self.note(f"Fältet saknas. Skriv till exempel ”{name}: {EXAMPLES[name]}”.", header=name)

    def astray(self) -> None:
        """A field below the empty line would be published as text, a join link too."""
        for line, text in self.source.lines():
            name, colon, _ = text.partition(":")
            if colon and name.strip().lower() in _ASTRAY:
                words = (
                    "Fältet står efter den tomma raden och skulle synas på sidan. Flytta upp det till de andra fälten."
                )
                self.note(words, line=line, header=name.strip())

    def note(self, words: str, **place: object) -> None:
        self.faults.append(Fault(file=self.source.file, words=words, **place))

    def slug(self) -> str:
        slug = slug_of(self.source.file)
        if not re.fullmatch(r"[a-z0-9-]+", slug):
            words = "Filnamnet blir sidans adress och får bara ha a–z, 0–9 och bindestreck."
            self.note(f"{words} Byt namn på filen till {better_name(self.source.file, 'forelasning')}.", value=slug)
        elif said := next(people_in(slug, sure=True), None):
            self.note(said[0])
        return slug

    def lecture(
        self, *, slug: str, start: datetime | None, status: str, example: bool, join: str | None
    ) -> Lecture | None:
        end = self.take("End", partial(values.end, start=start))
        closes = self.take("Closes", partial(values.closes, start=start))
        seats = self.take("Seats", values.seats)
        if not (start and end and seats):
            return None
        return Lecture(
            slug=slug,
            title=self.text("Title"),
            start=start,
            end=end,
            closes=closes or start,
            speaker=self.text("Speaker"),
            seats=seats,
            summary=self.text("Summary"),
            status=status,
            rerun_of=self.text("Rerun of") or None,
            example=example,
            join=join,
        )

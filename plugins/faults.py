"""Faults in what a communicator writes: collected during the build, told all at once, and then the build stops.

A plugin of its own, and the last one: it stops the build when everything is read and nothing is written yet.
"""

import sys
import traceback
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import groupby
from typing import NoReturn

from pelican.plugins import signals

LONGEST = 60  # letters of a value that a report repeats


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing to mend in one file. ``words`` tell in Swedish what is wrong and what to write instead."""

    file: str  # as the communicator knows it: "content/lectures/2027-02-10-ekonomiskt-vald.md"
    words: str
    line: int | None = None
    header: str | None = None
    value: str | None = field(default=None, repr=False)  # may be a secret: the words quote it where it isn't

    def __str__(self) -> str:
        place = ", ".join(part for part in (f"rad {self.line}" if self.line else "", self.header or "") if part)
        return f"{place}: {self.words}" if place else self.words


def collected(settings: dict) -> list[Fault]:
    """The faults of this build so far; append to it."""
    return settings.setdefault("FAULTS", [])


def quote(value: str) -> str:
    """Return a value as a report repeats it, in one line: ``”2027-02-30”``."""
    value = "".join(sign if sign.isprintable() else " " for sign in value)
    return f"”{value if len(value) <= LONGEST else value[: LONGEST - 1] + '…'}”"


def nearest(value: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, or None."""
    words = {word.casefold(): word for word in known}
    found = get_close_matches(value.casefold()[:LONGEST], words, n=1)
    return words[found[0]] if found else None


def report(faults: Iterable[Fault]) -> str:
    """All faults as text, file by file in the order of the lines."""
    rows = sorted(faults, key=lambda fault: (fault.file, fault.line or 0))
    parts = [f"Webbplatsen byggdes inte: {len(rows)} fel att rätta.\n"]
    for file, group in groupby(rows, key=lambda fault: fault.file):
        parts.append("\n".join([file, *(f"  {fault}" for fault in group)]) + "\n")
    return "\n".join(parts)


def stop(faults: Iterable[Fault], traces: Iterable[str] = ()) -> NoReturn:
    """Tell the faults and end the build with status 1. The traces come last, for whoever runs the build to put away.

    Not by way of the log: Pelican breaks its lines, hides it under ``-q``, and ends with a traceback that nobody who writes
    about lectures should have to read.
    """
    print("\n".join([report(faults), *traces]), file=sys.stderr, flush=True)
    raise SystemExit(1)


def unforeseen(error: Exception, file: str, settings: dict) -> None:
    """Note that the code, and not the text, is wrong with a file. The others are still read, and their faults told."""
    words = "Ett fel i koden, inte i texten, gör att filen inte går att läsa. Be den som sköter koden om hjälp."
    collected(settings).append(Fault(file=file, words=words))
    settings.setdefault("TRACES", []).append("".join(traceback.format_exception(error)))


def _stop_if_any(generators: list) -> None:
    settings = generators[0].settings
    if faults := collected(settings):
        stop(faults, settings.get("TRACES", ()))


def register() -> None:
    """Pelican calls this."""
    signals.all_generators_finalized.connect(_stop_if_any)

"""What a part of the bench tried and what came of it: a row of the table, and the examples below it."""

import re
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

SHOWN = 10  # examples


@dataclass
class Findings:
    """The tally of one source. ``wrong`` and ``crashed``: the kind of fault, and the input that shows it."""

    source: str
    tried: int = 0
    refused: int = 0
    published: int = 0
    seconds: float = 0.0
    crashed: list[tuple[str, str]] = field(default_factory=list)
    unchecked: list[tuple[str, str]] = field(default_factory=list)  # published and may not be
    untold: list[tuple[str, str]] = field(
        default_factory=list
    )  # refused without file and line, or not in Swedish, or wrongly

    @property
    def faults(self) -> list[tuple[str, str]]:
        """All that should not be."""
        return [
            *((f"traceback: {kind}", text) for kind, text in self.crashed),
            *((f"unchecked: {kind}", text) for kind, text in self.unchecked),
            *((f"told wrongly: {kind}", text) for kind, text in self.untold),
        ]

    def examples(self, most: int = SHOWN) -> list[str]:
        """The smallest input of each kind of fault, the most frequent kinds first."""
        counted = Counter(_kind(kind) for kind, _ in self.faults)
        smallest: dict[str, tuple[str, str]] = {}
        for kind, text in sorted(self.faults, key=lambda fault: len(fault[1])):
            smallest.setdefault(_kind(kind), (kind, text))
        return [
            f"{count} × {smallest[name][0]}\n    {smallest[name][1]!r:.400}"
            for name, count in counted.most_common(most)
        ]

    def __add__(self, other: "Findings") -> "Findings":
        return Findings(
            self.source,
            self.tried + other.tried,
            self.refused + other.refused,
            self.published + other.published,
            self.seconds + other.seconds,
            self.crashed + other.crashed,
            self.unchecked + other.unchecked,
            self.untold + other.untold,
        )


def table(rows: Iterable[Findings]) -> str:
    """The rows as text, aligned, with their sum."""
    rows = list(rows)
    total = sum(rows, Findings("Together"))
    head = ("source", "tried", "refused in words", "published", "tracebacks", "unchecked", "told wrongly", "seconds")
    lines = [head, *(_cells(row) for row in [*rows, total])]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    formats = [f"<{widths[0]}", *(f">{width}" for width in widths[1:])]
    return "\n".join("  ".join(map(format, line, formats)) for line in lines)


class Watch:
    """Adds the time that a block takes to some findings."""

    def __init__(self, findings: Findings):
        self._findings = findings

    def __enter__(self) -> Findings:
        self._began = time.monotonic()
        return self._findings

    def __exit__(self, *_: object) -> None:
        self._findings.seconds += time.monotonic() - self._began


def _cells(row: Findings) -> tuple[str, ...]:
    counts = (row.tried, row.refused, row.published, len(row.crashed), len(row.unchecked), len(row.untold))
    return (row.source, *map(str, counts), f"{row.seconds:.0f}")


def _kind(words: str) -> str:
    """Without what differs from one to the next: values and numbers."""
    head, _, tail = words.partition(": ")
    return f"{head}: {re.sub('”[^”]*”|[0-9]+', '…', tail.partition(': ')[0].partition(' (')[0])}"

"""When a file of the content was first and last changed, by git: the files' own times are those of the last checkout.

On a server there is no git beside the content: there the push has left git's words in ``.content-history``.
"""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

LEFT = ".content-history"  # beside the content; what ``git log`` says with these arguments
ARGUMENTS = ("log", "--format=@%ct", "--name-only", "--no-renames", "--relative", "--", "content")
SECONDS = 20  # that git may take


@dataclass(frozen=True)
class Span:
    """The first and the last commit that changed a file. Both are aware."""

    first: datetime
    last: datetime


def parse(said: str) -> dict[str, Span]:
    """Return the span of each file, ``content/news/2023-x.md``, in what git said."""
    found: dict[str, Span] = {}
    at = datetime.fromtimestamp(0, UTC)
    for line in said.splitlines():
        if line.startswith("@") and line[1:].isdigit():
            at = datetime.fromtimestamp(int(line[1:]), UTC)
        elif line:
            known = found.get(line)
            found[line] = Span(min(known.first, at), max(known.last, at)) if known else Span(at, at)
    return found


def of(settings: dict) -> Mapping[str, Span]:
    """Return the history of this build's content; empty when there is none."""
    if "HISTORY" not in settings:
        settings["HISTORY"] = parse(_said(Path(settings["PATH"]).parent))
    return settings["HISTORY"]


def _said(root: Path) -> str:
    try:
        return (root / LEFT).read_text("utf-8")
    except OSError:
        pass
    try:
        command = ["git", "-c", "core.quotePath=false", *ARGUMENTS]
        return subprocess.run(  # noqa: S603  nothing in it comes from outside
            command,
            cwd=root,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError):  # no git, or no repository
        return ""

"""Tracebacks are for whoever mends the code: they go to a file, and who publishes reads a sentence."""

import os
import re
from pathlib import Path

KEPT = 10  # files in a folder
MARK = "Traceback (most recent call last)"
OURS = "Webbplatsen byggdes inte"  # how a build's report of faults begins
_EXCEPTION = re.compile(r"[\w.]+: .*|[\w.]*(?:Error|Exception)")


def split(said: str) -> tuple[str, str]:
    """Return what a program said in two parts: our own report of faults, if any, and all of it if it holds a traceback."""
    before, mark, _ = said.partition(MARK)
    if not mark:
        return said, ""
    report = before[before.index(OURS) :] if OURS in before else ""
    lines = report.rstrip().splitlines()
    if lines and _EXCEPTION.fullmatch(lines[-1]):  # Pelican says first what the traceback ends with
        lines.pop()
    return "\n".join(lines).rstrip(), said


def keep(file: Path, trace: str) -> bool:
    """Write ``trace`` to ``file``, for its owner only, and delete the oldest of its kind. False when it can't be written."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as opened:
            opened.write(f"{trace.rstrip()}\n")
        for old in sorted(file.parent.glob("[0-9]*.txt"))[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def sentence(file: str, *, kept: bool) -> str:
    """Return what is said instead of a traceback; ``file`` as the reader can find it."""
    where = f"Felet står i {file}. Skicka det" if kept else f"Det gick inte att spara i {file}. Säg det"
    return f"Bygget stannade på ett fel i koden, inte i din text. {where} till den som sköter webbplatsens kod."

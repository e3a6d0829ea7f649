"""Whole builds, each in a process of its own, and what the editor is told of each text.

A build collects the faults of all files and publishes nothing when there are any. So the texts are built together once to learn
which are refused, and once more without those. A build that breaks off in another way is halved until the culprits are alone.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.inputs.site import Text, make
from tests.plugins.small_site import ROOT, Site

LONGEST = 300  # seconds
MOST = 40  # builds of halves, for one batch: after that the rest is told together
BEGINS = "Webbplatsen byggdes inte"
_UNFORESEEN = re.compile(r"Traceback \(most recent call last\)|oförutsett|fel i koden", re.IGNORECASE)
_PLACE = re.compile(r"rad (\d+)(?:, [\w ]+)?: ")
_SWEDISH = re.compile(
    r"[åäö]|\b(?:inte|skriv|ta bort|finns|och|eller|saknas|saknar|spara|hoppar|leder|en|ett|den|det|av|till|med|som)\b",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    r"\b(?:the|is|not|error|invalid|expected|unable|could|cannot|must|line|column|unexpected|NoneType)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Told:
    """One fault, as the editor reads it."""

    file: str
    words: str
    line: int | None


@dataclass(frozen=True)
class Result:
    """What became of each text, by its file: told faults, a crash's last words, or a page in ``site``."""

    site: Site
    published: list[Text]
    refused: dict[str, list[Told]] = field(default_factory=dict)
    crashed: dict[str, str] = field(default_factory=dict)
    said: str = ""  # of the good build, beside nothing


Prepare = Callable[[Site, Sequence[Text]], None]


class Broken(Exception):
    """The bench's own site can't be built: what the build said."""


def build(folder: Path, texts: Sequence[Text], *, prepare: Prepare = lambda site, texts: None) -> Result:
    """Build until all that is left is published. ``prepare`` adds what the texts need to the site, before each build.

    Raises Broken when the site can't be built even without any text.
    """
    refused: dict[str, list[Told]] = {}
    crashed: dict[str, str] = {}
    left = list(texts)
    for round_ in range(6):
        site = _site(folder / f"round-{round_}", left, prepare)
        status, said = run(site)
        if status == 0:
            return Result(site, left, refused, crashed, said)
        faults = None if _UNFORESEEN.search(said) else told(said)
        if not faults:
            found = _culprits(folder, left, prepare, said)
            crashed |= found
            faults = []
        for fault in faults:
            refused.setdefault(fault.file, []).append(fault)
        before = len(left)
        left = [text for text in left if text.file not in refused and text.file not in crashed]
        if len(left) == before:
            raise Broken(said)
        shutil.rmtree(site.root)
    raise Broken(f"{len(left)} texts are still refused after six builds: {said}")


def run(site: Site) -> tuple[int, str]:
    """Build the site as the devserver and a push do; its exit status and what it said."""
    command = [sys.executable, "-m", "pelican", "-s", "pelicanconf.py", "-o", "output", "--fatal", "warnings"]
    environment = {name: value for name, value in os.environ.items() if name not in ("SITEURL", "PREVIEW")}
    environment |= {"PYTHONPATH": str(ROOT), "REGISTRATIONS_CATALOGUE": "", "PYTHONUTF8": "1"}
    try:
        done = subprocess.run(
            [*command, "--log-handler", "plain"],
            cwd=site.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=LONGEST,
        )
    except subprocess.TimeoutExpired:
        return 1, f"Traceback (most recent call last): none, but no end after {LONGEST} s"
    return done.returncode, done.stderr.strip()


def told(report: str) -> list[Told]:
    """The faults in a report. Nothing when it is no report."""
    faults: list[Told] = []
    file = ""
    for line in report.partition(BEGINS)[2].split("\n")[1:]:
        if not line.strip():
            continue
        if line.startswith("content/") and line[0] != " ":
            file = line.strip()
        elif line.startswith("  ") and file:
            place = _PLACE.match(line.strip())
            faults.append(Told(file, line.strip(), int(place[1]) if place else None))
    return faults


def amiss(text: Text, faults: list[Told]) -> str | None:
    """What is wrong with the way in which a text was refused; None when nothing is."""
    length = text.data.count("\n") + 1
    for fault in faults:
        own = re.sub(r"”[^”]*”|content/\S+|\{[^}]*\}", " ", fault.words)
        if fault.line is None:
            return f"no line: {fault.words}"
        if not 1 <= fault.line <= length:
            return f"line {fault.line} of {length}: {fault.words}"
        if not _SWEDISH.search(own) or _ENGLISH.search(own):
            return f"not in Swedish: {fault.words}"
    return None


def foreign(said: str) -> list[str]:
    """The lines that an editor can't be expected to understand."""
    return [
        f"not in Swedish: {line.strip()}" for line in said.split("\n") if _ENGLISH.search(line) or "Warning" in line
    ]


def _site(folder: Path, texts: Sequence[Text], prepare: Prepare) -> Site:
    shutil.rmtree(folder, ignore_errors=True)
    site = make(folder, list(texts))
    prepare(site, texts)
    cache = folder.parent / "cache"  # a picture is made once, however many builds it takes
    cache.mkdir(exist_ok=True)
    (folder / "var").mkdir()
    (folder / "var/cache").symlink_to(cache)
    return site


def _culprits(folder: Path, texts: list[Text], prepare: Prepare, said: str) -> dict[str, str]:
    """The texts that break off a build even alone, each with the build's last words."""
    found: dict[str, str] = {}
    waiting, builds = [(texts, said)], 0
    while waiting:
        group, words = waiting.pop()
        if len(group) == 1 or builds >= MOST:
            others = f"not looked into alone, {len(group)} together: " if len(group) > 1 else ""
            found |= dict.fromkeys((text.file for text in group), others + _telling(words))
            continue
        middle = len(group) // 2
        for half in (group[:middle], group[middle:]):
            builds += 1
            site = _site(folder / "half", half, prepare)
            status, words = run(site)
            if status and (_UNFORESEEN.search(words) or not told(words)):
                waiting.append((half, words))
    if not found:
        raise Broken(said)
    return found


def _telling(said: str) -> str:
    """The line that tells most: the first, which is what was logged or the exception."""
    lines = [line for line in said.split("\n") if line.strip() and line[0] != " " and "Warning: " not in line]
    return (lines or [said])[0][:300]

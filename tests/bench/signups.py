"""Sign-ups a second over HTTP, on one lecture, with every answer durable: in one process, in two, and with many behind it.

Nothing is deleted before the end: on ext4 a new file costs ten times as much in the minute after thousands were deleted.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from registrations.desk import stamp, terms
from registrations.folder import FolderStore
from registrations.log import dump
from registrations.people import People, Person, new_id
from tests.support import ROOT, Collector, coming, healthy, publish, wait_until, workers

SECONDS = 5
LECTURES, EACH, TOGETHER = (
    300,
    334,
    3,
)  # what lies behind: so many lectures, registrations in each, registrations an entry
PAIRS = 3


@dataclass(frozen=True)
class Seen:
    """What the client saw; times in ms."""

    rate: float
    p50: float
    p99: float


def measure(work: Path) -> None:
    """Print sign-ups/s and times for both ways to serve, then the ratio with 100,000 registrations behind. ``work`` is kept."""
    print(f"{'':>24} {'clients':>14} {'sign-ups/s':>11} {'p50 ms':>8} {'p99 ms':>8}")
    for name, server in (("serve, one process", one), ("granian, two processes", two)):
        for clients, rate in ((1, None), (16, None), (64, None), (16, 300)):
            with server(_new(work)) as port:
                seen = ask(port, clients, rate)
            shown = f"{clients}, at {rate}/s" if rate else str(clients)
            print(f"{name:>24} {shown:>14} {seen.rate:>11.0f} {seen.p50:>8.1f} {seen.p99:>8.1f}", flush=True)
    print("budget: 1,000/s; p99 50 ms at 300/s")


def measure_behind(work: Path) -> None:
    """Print how much longer a sign-up takes when 100,000 others lie behind it, as a ratio of rates taken in turn."""
    full, ratios = _new(work, past=LECTURES), []
    with two(full) as behind, two(_new(work)) as alone:
        for _ in range(PAIRS):
            ratios.append(ask(alone, 16).rate / ask(behind, 16).rate)
    ratio = statistics.median(ratios)
    print(
        f"{LECTURES * EACH:,} registrations in {LECTURES} lectures behind: {ratio:.2f} x of an empty store; budget 1.2"
    )


def ask(port: int, clients: int, rate: float | None = None) -> Seen:
    """What ``clients`` see who sign people up as fast as they are answered, or at ``rate``/s together."""
    asked = ["127.0.0.1", str(port), "lopp", str(clients), str(SECONDS), *([str(rate)] if rate else [])]
    command = [sys.executable, "-m", "tests.bench.client", *asked]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    seen = json.loads(done.stdout)
    return Seen(seen["rate"], seen["p50"], seen["p99"])


@contextmanager
def one(folder: Path) -> Iterator[int]:
    """``serve``, letters included; gives the port."""
    with Collector(folder) as collector:
        yield int(collector.url.rpartition(":")[2])


@contextmanager
def two(folder: Path) -> Iterator[int]:
    """Two granian workers; letters go from cron then, so none go here."""
    with workers(folder) as (_, port, log):
        wait_until(lambda: healthy(port), log)
        yield port


def _new(work: Path, *, past: int = 0) -> Path:
    """A new folder with one lecture to come, and so many that have been held."""
    folder = work / f"store-{len(list(work.iterdir()))}"
    folder.mkdir()
    held = [coming(f"forbi-{number}", days=-20 + number / past) for number in range(past)]
    publish(folder, coming("lopp", seats=300), *held)
    store = FolderStore(folder / "store")
    for lecture in held:
        _fill(store.root / lecture.slug, People(store, lecture.slug), lecture)
    return folder


def _fill(folder: Path, people: People, lecture) -> None:
    """Write a lecture's people and log as the collector would have, but all at once and without fsync."""
    at = stamp(lecture.start - timedelta(days=9))
    for each in ("people", "log"):
        (folder / each).mkdir(parents=True, mode=0o700)
    entries = [[{**event, "at": at} for event in terms(lecture)]]
    for number in range(EACH):
        id, person = new_id(), Person(email=f"{number}@exempel.se", name="A", at=at)
        for name, data in people.file(id, person).items():
            (folder / name.partition("/")[2]).write_bytes(data)
        event = {"kind": "registered", "id": id, "at": at, "sector": "", "address": people.fingerprint(person.email)}
        if number % TOGETHER == 0:
            entries.append([])
        entries[-1].append(event)
    for number, events in enumerate(entries, 1):
        (folder / "log" / f"{number:08}.json").write_bytes(dump(events))

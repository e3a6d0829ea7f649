"""How much of the disk's own speed the store reaches: its calls with 16 writers, with and without our code around them."""

import os
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path

from registrations.desk import Desk
from registrations.folder import FolderStore
from registrations.form import Applicant
from tests.support import catalogue, coming

SECONDS = 4


def measure(work: Path, writers: int = 16) -> None:
    """Print both rates and their ratio, in turns so that both meet the same disk. ``work`` is kept."""
    bare, ours = [], []
    for turn in range(3):
        for name, calls, rates in (("bare", _bare, bare), ("ours", _ours, ours)):
            folder = work / f"{name}-{turn}"
            folder.mkdir()
            rates.append(_rate(writers, calls(folder)))
    limit, reached = sorted(bare)[1], sorted(ours)[1]
    print(
        f"{writers} writers: the bare calls {limit:.0f}/s, the store {reached:.0f}/s, share {reached / limit:.2f}; budget 0.7"
    )


def _rate(writers: int, call: Callable[[], None]) -> float:
    end, counts = time.perf_counter() + SECONDS, [0] * writers

    def work(number: int) -> None:
        while time.perf_counter() < end:
            call()
            counts[number] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def _ours(folder: Path) -> Callable[[], None]:
    desk = Desk(FolderStore(folder), lambda: terms)
    terms = catalogue(coming("lopp"))

    def call() -> None:
        desk.sign_up(
            "lopp",
            Applicant(email=f"{secrets.token_hex(8)}@exempel.se", name="A", organisation="", sector="", tips=False),
        )

    return call


def _bare(folder: Path) -> Callable[[], None]:
    """The same system calls: one of those who wait writes a file for each of them and one entry, and syncs both folders."""
    people, log = folder / "people", folder / "log"
    people.mkdir()
    log.mkdir()
    gate, waiting, numbers = threading.Condition(), [], iter(range(10**9))
    leading = False

    def call() -> None:
        nonlocal leading, waiting
        mine = threading.Event()
        with gate:
            waiting.append(mine)
            while leading and not mine.is_set():
                gate.wait()
            if mine.is_set():
                return
            leading, batch, waiting = True, waiting, []
        names, entry = [secrets.token_hex(16) for _ in batch], log / ".entry"
        handles = [_written(people / f".{name}") for name in names] + [_written(entry)]
        for handle in handles:
            os.fsync(handle)
            os.close(handle)
        for name in names:
            os.rename(people / f".{name}", people / name)
        _sync(people)
        os.link(entry, log / f"{next(numbers):08}")
        _sync(log)
        os.unlink(entry)
        with gate:
            for each in batch:
                each.set()
            leading = False
            gate.notify_all()

    return call


def _written(path: Path) -> int:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.write(handle, b"x" * 180)
    return handle


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(handle)
    os.close(handle)

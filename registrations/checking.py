"""Whether a store keeps its word: many writers race for the same names, and each name may have one winner only.

Object stores that claim to be compatible are not believed. One that lets two writers win would give the same number of
the log to two entries, and one of them would be lost.
"""

import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from registrations.errors import StoreError
from registrations.store import Store

WRITERS, NAMES = 16, 20
SCRATCH = ".check"  # the store's own, so it never looks like a lecture


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What the race showed. ``faults`` are whole sentences; none when the store can be trusted."""

    winners: tuple[int, ...]  # for each name, how many were told that they got it
    faults: tuple[str, ...]


def check_store(open_store: Callable[[], Store], *, writers: int = WRITERS, names: int = NAMES) -> Findings:
    """Race in a scratch folder of the store, and clean up. ``open_store`` opens it anew for each writer.

    Raises StoreError when the store can't be reached or used.
    """
    stores = [open_store() for _ in range(writers)]
    run = f"{SCRATCH}/{secrets.token_hex(4)}"
    raced = [f"{run}-{number:02}" for number in range(names)]
    try:
        claims = _race(stores, raced)
        faults = [*_wrong_winners(stores[0], raced, claims), *_wrong_reads(stores, run, raced)]
    finally:
        with suppress(StoreError):
            for name in [*raced, f"{run}-written"]:
                stores[0].delete(name)
    left = [name for name in raced if stores[0].read(name) is not None]
    if left:
        faults.append(f"{len(left)} namn gick inte att radera.")
    if not faults and set(_seen(stores[0], raced)):
        faults.append("Raderade namn stod kvar i listan.")
    return Findings(winners=tuple(map(len, claims)), faults=tuple(faults))


def _race(stores: list[Store], names: list[str]) -> list[list[bytes]]:
    """For each name, what those who got it wrote."""
    together = threading.Barrier(len(stores))

    def write(writer: int) -> list[bytes | None]:
        got = []
        for name in names:
            mine = f"{writer} {secrets.token_hex(8)}".encode()
            together.wait()
            got.append(mine if stores[writer].claim(name, mine) else None)
        return got

    def attempt(writer: int) -> list[bytes | None]:
        try:
            return write(writer)
        except BaseException:
            together.abort()  # the others wait for this one
            raise

    with ThreadPoolExecutor(len(stores)) as pool:
        runs = [pool.submit(attempt, writer) for writer in range(len(stores))]
    errors = [error for run in runs if (error := run.exception())]
    for error in sorted(errors, key=lambda error: isinstance(error, threading.BrokenBarrierError)):
        raise error
    return [[mine for mine in each if mine is not None] for each in zip(*(run.result() for run in runs), strict=True)]


def _wrong_winners(store: Store, names: list[str], claims: list[list[bytes]]) -> list[str]:
    faults = []
    if several := [len(winners) for winners in claims if len(winners) > 1]:
        faults.append(
            f"{len(several)} av {len(names)} namn fick mer än en vinnare, som mest {max(several)}. "
            "Anmälningar skulle gå förlorade."
        )
    if nobody := sum(not winners for winners in claims):
        faults.append(f"{nobody} av {len(names)} namn fick ingen vinnare.")
    if wrong := sum(
        store.read(name) != winners[0] for name, winners in zip(names, claims, strict=True) if len(winners) == 1
    ):
        faults.append(f"{wrong} av {len(names)} namn höll något annat än det som vinnaren skrev.")
    return faults


def _wrong_reads(stores: list[Store], run: str, raced: list[str]) -> list[str]:
    """What one has written must be seen at once by another, as it was last written, and in the list."""
    writer, reader, name = stores[0], stores[-1], f"{run}-written"
    faults = []
    for data in (b"one", b"two"):
        writer.write(name, data)
        writer.settle(SCRATCH)
        if reader.read(name) != data:
            faults.append("Det som nyss skrevs gick inte att läsa.")
    if set(_seen(reader, [*raced, name])) != {*raced, name}:
        faults.append("Det som nyss skrevs fanns inte i listan.")
    half = len(raced) // 2
    if _seen(reader, raced, after=raced[half]) != raced[half + 1 :]:
        faults.append("Listan från ett visst namn blev fel.")
    return list(dict.fromkeys(faults))


def _seen(store: Store, names: list[str], after: str = "") -> list[str]:
    """Those of ``names`` that the store lists."""
    listed = store.names(SCRATCH, after.removeprefix(f"{SCRATCH}/"))
    return [f"{SCRATCH}/{each}" for each in listed if f"{SCRATCH}/{each}" in names]

"""A whole store copied to another, of the same kind or not. Never overwrites: two stores that were mixed can't be told apart.

A copy that was cut short goes on where it stopped. Each name is read back and compared, and in the end the two are
counted. Nobody should sign up meanwhile; what came anyway is found by the count, and taken by another run.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from registrations import published
from registrations.errors import StoreError, Unusable
from registrations.log import ENTRY
from registrations.store import Store, read_format

AT_ONCE = 16  # calls under way: an object store takes its time for each
PASSING = {"health.json", published.NAME}  # written anew: by whoever asks for the store's health, by ``make publish``


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be done, seen before anything is touched."""

    names: tuple[str, ...]  # all that the copy will have
    missing: tuple[str, ...]  # of them, those that it doesn't have yet


def plan(source: Store, target: Store) -> Plan:
    """Compare the two. Raises Unusable when there is nothing to copy, or when the target holds something else."""
    if read_format(source) is None:
        raise Unusable(repr(source), "här ligger inga anmälningar att kopiera. Kontrollera FROM.")
    read_format(target)
    names, present = _names(source), _names(target)
    if strange := sorted(set(present) - set(names)):
        raise Unusable(
            repr(target),
            f"här ligger {len(strange)} namn som inte finns i {source!r}, till exempel {_lecture(strange[0])}. "
            "Två förråd får inte blandas: välj en tom plats.",
        )
    for name, same in _each(lambda name: source.read(name) == target.read(name), present):
        if not same:
            raise _differs(source, target, name)
    return Plan(names=tuple(names), missing=tuple(name for name in names if name not in set(present)))


def copy(source: Store, target: Store, missing: tuple[str, ...]) -> Iterator[str]:
    """Copy the names in ``missing``; gives each when it has been read back. Raises StoreError; may then be run again."""

    def one(name: str) -> None:
        data = source.read(name)
        if data is None:
            raise StoreError(repr(source), "något raderades under tiden. Kör kommandot igen.")
        target.claim(name, data)
        if target.read(name) != data:
            raise _differs(source, target, name)

    for name, _ in _each(one, missing):
        yield name


def verify(source: Store, target: Store) -> int:
    """How many names both have, when they have the same. Raises StoreError when they don't."""
    here, there = _names(source), _names(target)
    if here != there:
        raise StoreError(
            repr(target),
            f"{len(set(here) ^ set(there))} namn kom till eller försvann under tiden. "
            "Stäng av anmälan och kör kommandot igen.",
        )
    return len(there)


def _names(store: Store) -> list[str]:
    """What is kept in the store. Of a log that is its entries: what lies beside them is made from them or passes."""
    return [name for name in store.walk() if name not in PASSING and not _beside_entries(name)]


def _beside_entries(name: str) -> bool:
    folder, _, last = name.rpartition("/")
    return folder.endswith("/log") and not ENTRY.fullmatch(last)


def _each(do: Callable[[str], object], names: list[str] | tuple[str, ...]) -> Iterator[tuple[str, object]]:
    """Each name with what ``do`` gave, as they are done. What hasn't begun when one fails is left."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = {pool.submit(do, name): name for name in names}
        try:
            for each in as_completed(running):
                yield running[each], each.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _differs(source: Store, target: Store, name: str) -> Unusable:
    return Unusable(
        repr(target),
        f"{_lecture(name)} har annat innehåll än i {source!r}. Två förråd får inte blandas: välj en tom plats.",
    )


def _lecture(name: str) -> str:
    """``name`` without what opens somebody's own page."""
    folder, _, last = name.rpartition("/")
    return f"{folder}/…" if folder.endswith("/people") else f"{folder}/{last}".lstrip("/")

"""Processes that race on one store, all at once. ``guarded`` or not: without the guard a claim is a look and a plain put."""

import multiprocessing
import time
from collections.abc import Callable

from registrations.desk import Desk
from registrations.form import Applicant
from registrations.settings import store_from
from registrations.store import Store
from tests.stores.conftest import Place
from tests.support import NOW, catalogue, lecture

PROCESSES, NAMES, SEATS, PEOPLE = 8, 20, 10, 4  # people: that each process signs up
LOOK = 0.1  # seconds between an unguarded writer's look and its put, so that two surely meet
LECTURE = lecture("lopp", seats=SEATS)
_barrier = None


def race(run: Callable, place: Place, *, guarded: bool) -> list:
    """What ``run`` gave in each process."""
    context = multiprocessing.get_context("spawn")  # a fork would share the library's connections
    barrier = context.Barrier(PROCESSES)
    with context.Pool(PROCESSES, _prepare, (barrier,)) as pool:
        jobs = [(place, guarded, number) for number in range(PROCESSES)]
        return pool.starmap(run, jobs, chunksize=1)


def claim_names(place: Place, guarded: bool, number: int) -> list[bool]:
    """For each name whether this process was told that it got it."""
    store = _open(place, guarded)
    won = []
    for name in range(NAMES):
        _barrier.wait(60)
        won.append(store.claim(f"lopp/log/{name:08}.json", f"{number}".encode()))
    return won


def sign_up(place: Place, guarded: bool, number: int) -> dict[str, str]:
    """What each of this process's people was told, by e-mail address."""
    terms = catalogue(LECTURE)
    desk = Desk(_open(place, guarded), lambda: terms, clock=lambda: NOW)
    _barrier.wait(60)
    people = [f"{number}-{person}@exempel.se" for person in range(PEOPLE)]
    forms = [Applicant(email=email, name="A", organisation="", sector="", tips=False) for email in people]
    return {form.email: str(desk.sign_up("lopp", form)) for form in forms}


def _prepare(barrier: object) -> None:
    global _barrier
    _barrier = barrier


def _open(place: Place, guarded: bool) -> Store:
    store = store_from(place.setting, place.environment)
    if not guarded:
        store.claim = lambda name, data: _unguarded(store, name, data)
    return store


def _unguarded(store: Store, name: str, data: bytes) -> bool:
    if store.read(name) is not None:
        return False
    time.sleep(LOOK)
    store.write(name, data)
    return True

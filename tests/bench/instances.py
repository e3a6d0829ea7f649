"""A hundred instances that have just started sign one person each up to one lecture, over a real object store."""

import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from registrations.bucket import Bucket
from registrations.desk import Desk
from registrations.form import Applicant
from registrations.roster import State
from tests.stores.ceph import Ceph
from tests.support import catalogue, coming

INSTANCES, SEATS = 100, 50
TERMS = catalogue(coming("lopp", seats=SEATS))


class Counted(Bucket):
    """A Bucket that counts its calls and may make each slow."""

    calls, pause, _counting = 0, 0.0, threading.Lock()

    def _persist(self, name: str, call: Callable, **options):
        def counted():
            with Counted._counting:
                Counted.calls += 1
            time.sleep(Counted.pause)
            return call()

        return super()._persist(name, counted, **options)


def measure_on_ceph() -> None:
    """``measure`` in a Ceph cluster on this machine, as ``make test-stores`` starts it."""
    with tempfile.TemporaryDirectory() as folder:
        ceph = Ceph(Path(folder))
        try:
            ceph.make_bucket("bench")
            measure("s3://bench/race", ceph.environment)
        finally:
            ceph.stop()


def measure(url: str, environment: dict[str, str]) -> None:
    """Print how long all took together and how many calls each made: near the store, and with 20 ms to it."""
    for pause, budget in ((0.0, 4), (0.02, 10)):
        took, calls, lost = _race(f"{url}/{int(pause * 1000)}", environment, pause)
        print(
            f"{INSTANCES} cold instances, {pause * 1000:.0f} ms to the store: {took:.1f} s (budget {budget}), "
            f"{calls:.1f} calls each (budget 10), lost or doubled: {lost}"
        )


def _race(url: str, environment: dict[str, str], pause: float) -> tuple[float, float, int]:
    prepared = Desk(Bucket(url, environment), lambda: TERMS)
    prepared.put_in_order()  # as the first scheduled round does
    desks = threading.Barrier(INSTANCES + 1)

    def sign_up(number: int) -> State:
        desks.wait()
        form = Applicant(email=f"{number}@exempel.se", name="A", organisation="", sector="", tips=False)
        return Desk(Counted(url, environment), lambda: TERMS).sign_up("lopp", form)

    with _pause(pause), ThreadPoolExecutor(INSTANCES) as pool:
        asked = [pool.submit(sign_up, number) for number in range(INSTANCES)]
        desks.wait()
        began = time.perf_counter()
        states = [each.result() for each in asked]
        took = time.perf_counter() - began
        calls = Counted.calls / INSTANCES
    roster = Desk(Bucket(url, environment), lambda: TERMS).log("lopp").read()
    lost = abs(len(roster.registrations) - INSTANCES) + abs(states.count(State.CONFIRMED) - SEATS)
    return took, calls, lost


@contextmanager
def _pause(seconds: float):
    Counted.calls, Counted.pause = 0, seconds
    yield
    Counted.pause = 0.0


if __name__ == "__main__":
    measure_on_ceph()

"""An attack by scripts on the form, and what gets through each layer. ``python -m tests.bench.abuse`` prints it as tables.

The time is made up, so that a day passes in seconds; the app, the store in a folder and the courier are the real ones.
"""

import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from falcon.testing import TestClient

from registrations.catalogue import CatalogueFile
from registrations.courier import Courier
from registrations.desk import Desk
from registrations.folder import FolderStore
from registrations.letters import DAY, HELD
from registrations.limits import Limits
from registrations.web import FORM, application
from tests.support import NOW, Taker, lecture, publish

LECTURES = tuple(lecture(slug, seats=5000) for slug in ("ett", "tva", "tre", "fyra"))
WAYS = ("fills every field", "no script", "too fast", "one mark, waits", "own mark, waits")
PATIENT = timedelta(seconds=4)
TAKEN, ASKED, REFUSED = "taken", "asked to confirm", "told to wait"


class Hasty(FolderStore):
    """Leaves the syncing out: nobody cuts the power here."""

    def _fsync(self, handle):
        pass


class World(Taker):
    """``instances`` of the collector, each with limits and a courier of its own, over one folder and one clock."""

    def __init__(self, folder, *, instances=1, verify=False, lectures=LECTURES):
        self.now, self.mailboxes = NOW, Counter()
        self._turn = 0
        catalogue = CatalogueFile(publish(folder, *lectures))
        self.desks = [Desk(Hasty(folder / "store"), catalogue, clock=lambda: self.now) for _ in range(instances)]
        self._couriers = [Courier(desk, self) for desk in self.desks]
        self._clients = [
            TestClient(application(desk, catalogue, Limits(clock=lambda: self.now.timestamp()), verify=verify))
            for desk in self.desks
        ]

    def mark(self, slug, *, age=timedelta()):
        """The mark of a page that was opened some time ago."""
        self.now -= age
        token = self._next().simulate_get(f"/anmalan/{slug}/lage").json["token"]
        self.now += age
        return token

    def sign_up(self, slug, email, *, network="192.0.2.1", **fields):
        """One post of the form; gives what became of it."""
        answer = self._next().simulate_post(
            f"/anmalan/{slug}",
            body=urlencode({"email": email, "name": "A", **fields}),
            headers={"Accept": "application/json", "Content-Type": FORM, "X-Forwarded-For": network},
        )
        if answer.status_code == 429:
            return REFUSED
        assert answer.status_code == 201, answer.text
        return ASKED if answer.json.get("verify") else TAKEN

    def attack(self, way, slug, email, *, network, common=None):
        """One sign-up by a script that goes about it in ``way``; ``common`` is a mark that many use."""
        fields = {}
        if way == "fills every field":
            fields = {"svar": "Kommunen"}
        elif way == "too fast":
            fields = {"token": self.mark(slug)}
        elif way == "one mark, waits":
            fields = {"token": common}
        elif way == "own mark, waits":
            fields = {"token": self.mark(slug, age=PATIENT)}
        return self.sign_up(slug, email, network=network, **fields)

    def deliver(self):
        """A round of every courier."""
        for courier in self._couriers:
            courier.round()

    def active(self, slug):
        """How many have a seat or wait."""
        return sum(each.active for each in self.desks[0].log(slug).read().registrations.values())

    def people(self, slug):
        """How many people's data are kept."""
        return sum(1 for _ in self.desks[0].people(slug).ids())

    def _next(self):
        self._turn += 1
        return self._clients[self._turn % len(self._clients)]

    # The world is its own post: it takes every letter and counts it.

    def hand_over(self, name, message):
        self.mailboxes[message["To"]] += 1


def fakes(way, *, networks, count=1000, verify=False):
    """``count`` made-up people sign up within ten minutes; gives outcomes, and who is left when two hours have passed."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), verify=verify)
        common = world.mark("ett", age=PATIENT)
        begin, seen = world.now, Counter()
        for number in range(count):
            world.now = begin + timedelta(seconds=number * 590 / count)
            email, network = f"{number}@exempel.se", _network(number if networks == "many" else 0)
            seen[world.attack(way, "ett", email, network=network, common=common)] += 1
        world.deliver()
        world.now += HELD
        world.deliver()
        return seen, world.active("ett"), world.people("ett")


def mailbox(way, *, count=2000, days=1, instances=1):
    """``count`` posts with one address over four lectures from as many networks; gives outcomes and letters that it got."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), instances=instances)
        begin, seen = world.now, Counter()
        for number in range(count):
            world.now = begin + number * days * DAY / count
            slug = LECTURES[number % 4].slug
            seen[world.attack(way, slug, "anna@exempel.se", network=_network(number))] += 1
            if number % 10 == 9:
                world.deliver()
        return seen, world.mailboxes["anna@exempel.se"]


def colleagues(*, script, count=40):
    """So many behind one address sign up within some minutes; gives outcomes."""
    with tempfile.TemporaryDirectory() as folder:
        world, seen = World(Path(folder)), Counter()
        for number in range(count):
            world.now += timedelta(seconds=5)
            fields = {"token": world.mark("ett", age=PATIENT)} if script else {}
            seen[world.sign_up("ett", f"{number}@exempel.se", **fields)] += 1
        return seen


def _network(number):
    return f"10.{number >> 8}.{number & 255}.1"


def main() -> None:
    """Print what gets through."""
    print("1,000 made-up people within ten minutes, one lecture")
    heading = (
        f"{'way':<18} {'networks':<9} {TAKEN:>6} {ASKED:>17} {REFUSED:>13} {'left after 2 h':>15} {'people kept':>12}"
    )
    print(heading)
    rows = [(way, networks, False) for way in WAYS for networks in ("one", "many")]
    for way, networks, verify in [*rows, ("own mark, waits", "many", True)]:
        seen, active, people = fakes(way, networks=networks, verify=verify)
        counts = f"{seen[TAKEN]:>6} {seen[ASKED]:>17} {seen[REFUSED]:>13} {active:>15} {people:>12}"
        print(f"{way:<18} {networks:<9} {counts}" + "  REGISTRATIONS_VERIFY=on" * verify, flush=True)
    print("\n2,000 posts with one address over four lectures, each from a network of its own")
    print(f"{'way':<18} {'days':<5} {'instances':<10} {TAKEN:>6} {ASKED:>17} {REFUSED:>13} {'letters':>8}")
    cases = [(way, 1, 1) for way in WAYS if way != "one mark, waits"]
    for way, days, instances in [
        *cases,
        ("own mark, waits", 1, 4),
        ("fills every field", 1, 4),
        ("fills every field", 7, 1),
    ]:
        seen, got = mailbox(way, days=days, instances=instances)
        counts = f"{seen[TAKEN]:>6} {seen[ASKED]:>17} {seen[REFUSED]:>13} {got:>8}"
        print(f"{way:<18} {days:<5} {instances:<10} {counts}", flush=True)
    for script in (True, False):
        seen = colleagues(script=script)
        print(f"\n40 colleagues behind one address, {'with' if script else 'without'} script: {dict(seen)}")


if __name__ == "__main__":
    main()

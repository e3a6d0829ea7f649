"""The registration desk: signs people up, cancels and erases, and tells each where she stands.

A sign-up is a person written (nobody contends), then her event in the log (its number is her place). It is answered only
when both are on the disk. What a crash leaves between the two is put in order at the next start.
"""

import hashlib
import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from registrations.catalogue import Catalogue, Lecture
from registrations.errors import LogError, RegistrationsError, StoreError, complain
from registrations.form import Applicant
from registrations.log import Log
from registrations.people import People, Person, new_id
from registrations.roster import Event, Registration, Roster, State
from registrations.store import Store, check_format

Clock = Callable[[], datetime]
HEALTH = timedelta(seconds=3)  # an answer about the store's health may be this old


class Closed(RegistrationsError):
    """The lecture takes no sign-ups, or nothing can be changed any more."""

    def __init__(self, lecture: Lecture, moment: datetime):
        super().__init__(lecture.slug)
        self.lecture, self.moment = lecture, moment


class Unknown(RegistrationsError):
    """No such lecture, or no such registration."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the registrant's own page shows."""

    lecture: Lecture
    registration: Registration
    person: Person | None
    place: int | None  # in the line, 1 is next; None for those who don't wait
    roster: Roster


def now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """``moment`` as the log writes it: "2027-01-11T09:30:00Z"."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Desk:
    """Over one store and the catalogue as it is at each moment."""

    def __init__(self, store: Store, catalogue: Callable[[], Catalogue], *, clock: Clock = now):
        check_format(store)
        self.store, self.catalogue, self.clock = store, catalogue, clock
        self._logs: dict[str, Log] = {}
        self._people: dict[str, People] = {}
        self._counting = threading.Lock()
        self._healthy: datetime | None = None  # when the store was last written to for somebody who asked
        self._signing_up = 0
        self._needless: deque[tuple[str, str]] = deque()  # people of whom nothing needs to be kept
        self.idle = threading.Event()  # nobody is being signed up
        self.idle.set()

    def lecture(self, slug: str) -> Lecture:
        """The lecture; Unknown if the catalogue has none of that name."""
        try:
            return self.catalogue().lectures[slug]
        except KeyError:
            raise Unknown(slug) from None

    def slugs(self) -> list[str]:
        """Every lecture that the store knows, also those that the catalogue has forgotten."""
        return [name for name in self.store.names("") if self.store.names(f"{name}/log")]

    def log(self, slug: str) -> Log:
        """The lecture's log, the same object for all threads: one of them writes for all."""
        return self._logs.get(slug) or self._logs.setdefault(slug, Log(self.store, slug))

    def people(self, slug: str) -> People:
        """Those who signed up for the lecture."""
        return self._people.get(slug) or self._people.setdefault(slug, People(self.store, slug))

    def roster(self, lecture: Lecture) -> Roster:
        """The roster now, after whatever the catalogue has changed since the last time."""
        roster = self.log(lecture.slug).read()
        if changes := [event for event in self._terms(lecture) if roster.changes(event)]:
            return self.log(lecture.slug).append(*changes)
        return roster

    def sign_up(self, slug: str, applicant: Applicant) -> State:
        """Sign up; says whether it is a seat or the waiting list. On the disk when this returns.

        A second sign-up with the same address changes nothing, and is answered as a first one would be.
        Raises Unknown, Closed, StoreError.
        """
        lecture = self.lecture(slug)
        moment = self.check_open(lecture)
        with self._busy():
            return self._sign_up(lecture, applicant, moment)

    def check_open(self, lecture: Lecture) -> datetime:
        """The time now, if the lecture takes sign-ups. Raises Closed."""
        moment = self.clock()
        if not lecture.is_open(moment):
            raise Closed(lecture, moment)
        return moment

    def _sign_up(self, lecture: Lecture, applicant: Applicant, moment: datetime) -> State:
        id = new_id()
        person = Person(**asdict(applicant), at=stamp(moment))
        people, log = self.people(lecture.slug), self.log(lecture.slug)
        log.open()  # a log that can't be trusted is found before anything is written
        people.write(id, person)
        try:
            roster = log.append(*self._terms(lecture), self._registered(people, id, person))
        except LogError:
            people.delete(id)  # nothing is added to a log that can't be trusted
            raise
        except StoreError:
            self._forget(log, people, id)
            raise
        if roster.duplicate(id):
            self._needless.append((lecture.slug, id))  # deleted later: whoever waits for the answer could time it
        return roster.answers[id]

    def standing(self, slug: str, id: str) -> Standing:
        """Where a registration stands. Raises Unknown, StoreError."""
        lecture = self.lecture(slug)
        roster = self.roster(lecture)
        registration = roster.registrations.get(id)
        if registration is None or registration.state is State.ERASED:
            raise Unknown(slug)
        return Standing(
            lecture=lecture,
            registration=registration,
            person=self.people(slug).read(id),
            place=roster.place(id),
            roster=roster,
        )

    def check_health(self) -> None:
        """Write to the store and read the catalogue. Raises StoreError, CatalogueError."""
        self.catalogue()
        moment = self.clock()
        if self._healthy is None or moment - self._healthy > HEALTH:
            self.store.write("health.json", json.dumps({"at": stamp(moment)}).encode())
            self.store.settle("")
            self._healthy = moment

    def cancel(self, slug: str, id: str) -> None:
        """Give up the seat or the place in the line. Doing it twice changes nothing. Raises Unknown, Closed, StoreError."""
        lecture, moment = self.lecture(slug), self.clock()
        if self.standing(slug, id).registration.active:
            if moment >= lecture.start:
                raise Closed(lecture, moment)
            self.log(slug).append({"kind": "cancelled", "id": id, "at": stamp(moment)})

    def erase(self, slug: str, id: str) -> None:
        """Cancel and delete the personal data, at any time. Raises Unknown, StoreError."""
        if slug not in self.catalogue().lectures and slug not in self.slugs():
            raise Unknown(slug)
        log = self.log(slug)
        if id not in log.read().registrations:
            raise Unknown(slug)
        log.append({"kind": "erased", "id": id, "at": stamp(self.clock())})
        self.people(slug).delete(id)

    def tidy(self, slug: str) -> list[str]:
        """Delete the people of whom nothing needs to be kept: second sign-ups, and erasures that were cut short.

        Gives the ids of the erased. Raises StoreError.
        """
        while self._needless:
            repeated, id = self._needless.popleft()
            self.people(repeated).delete(id)
        registrations = tuple(self.log(slug).read().registrations.values())
        erased = [registration.id for registration in registrations if registration.state is State.ERASED]
        for id in erased:
            self.people(slug).delete(id)
        return erased

    def sweep(self) -> None:
        """Remove what interrupted writes left: it may hold personal data."""
        for slug in self.slugs():
            for folder in ("people", "log", ""):
                self.store.sweep(f"{slug}/{folder}")

    def put_in_order(self) -> None:
        """Finish what a crash interrupted, in every lecture: order whom no entry names, delete what should be gone.

        A lecture whose log can't be trusted is named on stderr and left alone; the others are served.
        """
        self.sweep()
        for lecture in self.catalogue().lectures.values():
            try:
                self._put_in_order(lecture)
            except StoreError as error:
                complain(f"Föreläsningen {lecture.slug} tar inte emot anmälningar: {error}")

    def _put_in_order(self, lecture: Lecture) -> None:
        people, log = self.people(lecture.slug), self.log(lecture.slug)
        roster = log.read()
        for id in people.ids():
            if id not in roster.answers:
                roster = self._order(lecture, people, id)
            known = roster.registrations.get(id)
            if roster.duplicate(id) or (known and known.state is State.ERASED):
                people.delete(id)

    def _order(self, lecture: Lecture, people: People, id: str) -> Roster:
        """Give one who was written but never ordered her place. One damaged file is named and stops nobody else."""
        log = self.log(lecture.slug)
        try:
            person = people.read(id)
        except StoreError as error:
            complain(str(error))
            return log.read()
        if person is None:  # another process was faster
            return log.read()
        return log.append(*self._terms(lecture), self._registered(people, id, person))

    @contextmanager
    def _busy(self) -> Iterator[None]:
        with self._counting:
            self._signing_up += 1
            self.idle.clear()
        try:
            yield
        finally:
            with self._counting:
                self._signing_up -= 1
                if not self._signing_up:
                    self.idle.set()

    def _terms(self, lecture: Lecture) -> list[Event]:
        """The lecture as the catalogue has it, as events; the log takes only what is new to it."""
        at = stamp(self.clock())
        return [
            {"kind": "scheduled", "start": stamp(lecture.start), "end": stamp(lecture.end), "at": at},
            {"kind": "status", "status": lecture.status, "at": at},
            {"kind": "seats", "seats": lecture.seats, "at": at},
            {"kind": "link", "link": hashlib.sha256((lecture.join or "").encode()).hexdigest()[:16], "at": at},
        ]

    def _registered(self, people: People, id: str, person: Person) -> Event:
        address = people.fingerprint(person.email)
        return {"kind": "registered", "id": id, "at": person.at, "sector": person.sector, "address": address}

    def _forget(self, log: Log, people: People, id: str) -> None:
        """After a failure: delete the person, unless the log names her all the same."""
        with suppress(StoreError):
            if id not in log.read().answers:
                people.delete(id)

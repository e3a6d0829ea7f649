"""The registration desk: signs people up, cancels and erases, and tells each where she stands.

A sign-up is a person written (nobody contends), then her event in the log (its number is her place). It is answered only
when both are on the disk. What a crash leaves between the two is put in order at the next start.
"""

import hashlib
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from registrations.catalogue import Catalogue, Lecture
from registrations.errors import LogError, RegistrationsError, StoreError, Unclear, complain
from registrations.form import Applicant
from registrations.letters import ANSWERS, Letter, held_until, is_too_much
from registrations.log import Log
from registrations.people import People, Person, new_id
from registrations.roster import GONE, Event, Registration, Roster, State
from registrations.store import Store, check_format

Clock = Callable[[], datetime]
QUIET = 0.05  # seconds
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

    @property
    def seat(self) -> bool:
        """Whether she has a seat that is hers: one who has not confirmed only holds it."""
        return self.registration.state is State.CONFIRMED and self.registration.verified


def now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """``moment`` as the log writes it: "2027-01-11T09:30:00Z"."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def terms(lecture: Lecture) -> list[Event]:
    """The lecture as the catalogue has it, as events that lack their time."""
    return [
        {"kind": "scheduled", "start": stamp(lecture.start), "end": stamp(lecture.end)},
        {"kind": "status", "status": lecture.status},
        {"kind": "seats", "seats": lecture.seats},
        {"kind": "link", "link": hashlib.sha256((lecture.join or "").encode()).hexdigest()[:16]},
    ]


class Idle:
    """Whether nobody is being signed up, nor has been a moment ago: in a rush there are gaps, but no time for other work."""

    def __init__(self) -> None:
        self._event, self._since = threading.Event(), -QUIET
        self._event.set()

    def set(self) -> None:
        """The last of them has her answer."""
        self._since = time.monotonic()
        self._event.set()

    def clear(self) -> None:
        """Somebody is being signed up."""
        self._event.clear()

    def wait(self, timeout: float) -> bool:
        """Return when it is so, or after ``timeout`` seconds; gives whether it is."""
        end = time.monotonic() + timeout
        while self._event.wait(max(end - time.monotonic(), 0)):
            now = time.monotonic()
            if now >= self._since + QUIET:
                return True
            if now >= end:
                break
            time.sleep(min(self._since + QUIET, end) - now)
        return False


class Desk:
    """Over one store and the catalogue as it is at each moment."""

    def __init__(self, store: Store, catalogue: Callable[[], Catalogue], *, clock: Clock = now):
        check_format(store)
        self.store, self.catalogue, self.clock = store, catalogue, clock
        self._logs: dict[str, Log] = {}
        self._people: dict[str, People] = {}
        self._terms: dict[
            str, tuple[Lecture, list[Event]]
        ] = {}  # by slug, as long as the catalogue has this very object
        self._counting = threading.Lock()
        self._healthy: datetime | None = None  # when the store was last written to for somebody who asked
        self._signing_up = 0
        self._needless: deque[tuple[str, str]] = deque()  # people of whom nothing needs to be kept
        self._gone: set[str] = set()  # ids of whom nothing is left
        self.idle = Idle()

    def lecture(self, slug: str) -> Lecture:
        """The lecture; Unknown if the catalogue has none of that name."""
        try:
            return self.catalogue().lectures[slug]
        except KeyError:
            raise Unknown(slug) from None

    def slugs(self) -> list[str]:
        """Every lecture that the store knows, also those that the catalogue has forgotten."""
        names = [name for name in self.store.names("") if "." not in name]
        return names if self.store.crowded else [name for name in names if self.store.names(f"{name}/log")]

    def log(self, slug: str) -> Log:
        """The lecture's log, the same object for all threads: one of them writes for all."""
        return self._logs.get(slug) or self._logs.setdefault(slug, self._log(slug))

    def _log(self, slug: str) -> Log:
        if not self.store.crowded:
            return Log(self.store, slug)
        from registrations.crowd import CrowdedLog  # a folder needs none of it

        return CrowdedLog(self.store, slug)

    def people(self, slug: str) -> People:
        """Those who signed up for the lecture."""
        return self._people.get(slug) or self._people.setdefault(slug, People(self.store, slug))

    def roster(self, lecture: Lecture) -> Roster:
        """The roster now, after whatever the catalogue has changed since the last time."""
        log = self.log(lecture.slug)
        roster = log.read()
        changes = self._news(lecture, roster)
        return log.append(*changes) if changes else roster

    def sign_up(self, slug: str, applicant: Applicant, *, verify: bool = False) -> State:
        """Sign up; says whether it is a seat or the waiting list. On the disk when this returns.

        With ``verify`` she is asked to confirm, and holds it for a while only. A second sign-up with the same address
        changes nothing (without ``verify`` it confirms), and is answered as a first one would be.
        Raises Unknown, Closed, StoreError.
        """
        lecture = self.lecture(slug)
        moment = self.check_open(lecture)
        with self._busy():
            return self._sign_up(lecture, applicant, moment, verify)

    def check_open(self, lecture: Lecture) -> datetime:
        """The time now, if the lecture takes sign-ups. Raises Closed."""
        moment = self.clock()
        if not lecture.is_open(moment):
            raise Closed(lecture, moment)
        return moment

    def _sign_up(self, lecture: Lecture, applicant: Applicant, moment: datetime, verify: bool) -> State:
        id = new_id()
        person = Person(**vars(applicant), at=stamp(moment), verify=verify)
        people, log = self.people(lecture.slug), self.log(lecture.slug)
        events = (*self._news(lecture, log.seen), self._registered(people, id, person))
        try:
            roster = log.append(*events, files=people.file(id, person))
        except StoreError as error:
            self._forget(log, people, id, error)
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
        if self.standing(slug, id).registration.active and moment >= lecture.start:
            raise Closed(lecture, moment)
        self.log(slug).append({"kind": "cancelled", "id": id, "at": stamp(moment)})

    def verify(self, slug: str, id: str) -> State:
        """She confirms; gives where she stands then: LAPSED when her time was out. Raises Unknown, StoreError."""
        self.standing(slug, id)
        roster = self.log(slug).append({"kind": "verified", "id": id, "at": stamp(self.clock())})
        return roster.registrations[id].state

    def lapse(self, slug: str) -> Roster:
        """Give up what those hold who were asked to confirm and whose time is out. Raises StoreError."""
        log, moment = self.log(slug), self.clock()
        roster = log.read()
        late = [each.id for each in roster.unverified if moment >= held_until(each, roster)]
        return log.append(*({"kind": "lapsed", "id": id, "at": stamp(moment)} for id in late)) if late else roster

    def had_enough(self, letter: Letter, email: str) -> bool:
        """Whether a letter should wait since its address has had so many, all lectures that are not over together."""
        if letter.kind not in ANSWERS:
            return False
        moment, known = self.clock(), []
        for slug, lecture in self.catalogue().lectures.items():
            if not lecture.is_past(moment):
                with suppress(StoreError):  # a log that can't be trusted keeps no letter from the other lectures
                    log = self.log(slug)
                    roster = log.seen if log.seen.number else log.read()
                    if roster.registrations and (address := self.people(slug).known_fingerprint(email)):
                        known.append((roster, address))
        return is_too_much(known, moment)

    def erase(self, slug: str, id: str) -> None:
        """Cancel and delete the personal data, at any time. Raises Unknown, StoreError."""
        if slug not in self.catalogue().lectures and slug not in self.slugs():
            raise Unknown(slug)
        log = self.log(slug)
        if id not in log.read().registrations:
            raise Unknown(slug)
        log.append({"kind": "erased", "id": id, "at": stamp(self.clock())})
        self.people(slug).delete(id)

    def tidy(self, slug: str) -> set[str]:
        """Let go those who didn't confirm, and delete the people of whom nothing needs to be kept: them, second sign-ups,
        and erasures that were cut short.

        Gives the ids of those who are gone. Raises StoreError.
        """
        while self._needless:
            repeated, id = self._needless.popleft()
            self.people(repeated).delete(id)
        registrations = tuple(self.lapse(slug).registrations.values())
        gone = {registration.id for registration in registrations if registration.state in GONE}
        if not gone <= self._gone:
            for id in gone.intersection(self.people(slug).ids()):
                self.people(slug).delete(id)
            self._gone |= gone
        return gone

    def sweep(self) -> None:
        """Remove what interrupted writes left: it may hold personal data."""
        for slug in self.slugs():
            for folder in ("people", "log", ""):
                self.store.sweep(f"{slug}/{folder}")
            self.log(slug).clear()

    def put_in_order(self, *, past: bool = True) -> None:
        """Finish what a crash interrupted: order whom no entry names, delete what should be gone. ``past``: in lectures
        that are over, too.

        A lecture whose log can't be trusted is named on stderr and left alone; the others are served.
        """
        moment = self.clock()
        for lecture in self.catalogue().lectures.values():
            if lecture.is_past(moment) and not past:
                continue
            try:
                self._put_in_order(lecture)
            except StoreError as error:
                complain(f"Föreläsningen {lecture.slug} tar inte emot anmälningar: {error}")

    def _put_in_order(self, lecture: Lecture) -> None:
        people, log = self.people(lecture.slug), self.log(lecture.slug)
        if lecture.is_open(self.clock()):
            people.fingerprint("")  # the key is there before the first who signs up
        roster = log.read()
        for id in people.ids():
            if id not in roster.answers:
                roster = self._order(lecture, people, id)
            known = roster.registrations.get(id)
            if roster.duplicate(id) or (known and known.state in GONE):
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
        self.store.settle(people.folder)
        roster = log.append(*self._news(lecture, log.read()), self._registered(people, id, person))
        return roster if people.read(id) else self._strike(log, id)

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

    def _news(self, lecture: Lecture, roster: Roster) -> list[Event]:
        """What the catalogue has of the lecture and the log doesn't say, as events."""
        known = self._terms.get(lecture.slug)
        if known is None or known[0] is not lecture:
            known = self._terms[lecture.slug] = lecture, terms(lecture)
        events = [event for event in known[1] if roster.changes(event)]
        refresh = getattr(self.catalogue, "refresh", None)  # only a catalogue that is read now and then has one
        if events and roster.number and refresh:
            refresh()  # the log may be newer than what this process has seen of the catalogue
            fresh = self.catalogue().lectures.get(lecture.slug)
            events = [event for event in terms(fresh) if roster.changes(event)] if fresh else []
        at = stamp(self.clock()) if events else ""
        return [{**event, "at": at} for event in events]

    def _registered(self, people: People, id: str, person: Person) -> Event:
        address = people.fingerprint(person.email)
        event = {"kind": "registered", "id": id, "at": person.at, "sector": person.sector, "address": address}
        return event | {"verify": True} if person.verify else event

    def _forget(self, log: Log, people: People, id: str, error: StoreError) -> None:
        """After a failure: delete the person, unless the log names her all the same, or may come to do so."""
        if isinstance(error, Unclear):
            return
        with suppress(StoreError):
            if isinstance(error, LogError) or id not in log.read().answers:
                people.delete(id)
                if id in log.read().answers:  # another process has put her in order meanwhile
                    self._strike(log, id)

    def _strike(self, log: Log, id: str) -> Roster:
        """Give up the seat of one whose data are gone."""
        return log.append({"kind": "erased", "id": id, "at": stamp(self.clock())})

"""The courier: hands over what is due and notes it in the log. At least once; twice only after a crash in between."""

import threading
import time
import traceback
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial

from registrations import news, wording
from registrations.catalogue import Lecture
from registrations.compose import compose, compose_news, page_address
from registrations.desk import Desk, stamp
from registrations.errors import RegistrationsError, StoreError, complain
from registrations.letters import Kind, due, due_to, lacks_link
from registrations.post import Carrier, Post, PostError, Refused, mark_of
from registrations.privacy import purge
from registrations.roster import Event

PAUSE = 30.0  # seconds between two looks when nobody calls
LONGEST_PAUSE = 900.0  # when the mail server is down
HOUSEKEEPING = timedelta(hours=1)
ALL = "*"  # no lecture's slug
BATCH = 25  # letters that are noted in one entry of the log
# Seconds of a round in which letters wait for those who are signing up. One that falls due while a round is under way
# waits for what is left of it and for the next one's: a minute at most.
PATIENCE = 30.0
LONGEST_ROUND = 240.0  # seconds: less than a function may run, and than a turn is kept in an object store
GLANCE = 0.5  # seconds until it is seen that the courier is to stop


@dataclass
class Round:
    """What one round of the courier did."""

    sent: int = 0
    refused: int = 0
    left: int = 0  # due, but could not be handed over now
    problem: str = ""


@dataclass(frozen=True)
class Parcel:
    """A letter to hand over."""

    name: str  # for the carrier
    message: EmailMessage
    noted: Callable[[int], Event]  # what the log should say of it: given the server's no, or 0 for its yes


Maker = Callable[[], Parcel | None]  # makes a letter when its turn comes; None if it is not due any more


class Courier:
    """Between a desk and a post."""

    def __init__(self, desk: Desk, post: Post, *, tick: Callable[[], float] = time.monotonic):
        self._desk, self._post, self._tick = desk, post, tick
        self._called = threading.Event()
        self._slugs: set[str] = set()  # for which it was called
        self._calling = threading.Lock()
        self._stopping = False
        self._patience = 0.0  # seconds that are left of this round's
        self._until = 0.0  # when the round ends, whatever is left
        self._unnoted: dict[str, list[Event]] = {}  # by lecture: of letters handed over that the log isn't told of yet
        self._readers: dict[tuple[str, Kind], list[news.Reader]] = {}  # who is still to be told of a lecture
        self._complained: set[tuple[str, datetime, Kind]] = set()
        self._kept_house: datetime | None = None

    def round(self, slugs: Collection[str] | None = None) -> Round:
        """Hand over everything that is due, in all lectures that are not over or only in ``slugs``.

        A lecture in another process's hands is left to it. Then those who were asked to confirm and didn't are let go (not
        before: a server that was down for a day loses nobody); what remains of them and of those who had their data erased
        is deleted. A lecture whose log can't be trusted keeps no letter from the others.
        """
        done = Round()
        self._patience, self._until, now = PATIENCE, self._tick() + LONGEST_ROUND, self._desk.clock()
        for lecture in list(self._desk.catalogue().lectures.values()):
            if self._is_over():
                break
            if slugs is not None and lecture.slug not in slugs:
                continue
            if lecture.is_past(now) and slugs is None:
                continue
            try:
                self._attend(lecture, done)
                if self._tidy(lecture.slug):  # seats fell free
                    self._attend(lecture, done)
            except PostError as error:
                done.problem = str(error)
                break
            except StoreError as error:
                done.problem = str(error)
        return done

    def keep_house(self) -> None:
        """Put in order what was left behind, and delete personal data whose time is out and what interrupted writes left."""
        self._desk.put_in_order()
        for slug in self._desk.slugs():
            with suppress(StoreError):  # it was just named
                self._tidy(slug)
        purge(self._desk, self._post)
        self._desk.sweep()
        self._post.sweep()

    def run(self) -> None:
        """Go on until ``stop``: a round in a lecture when called for it, and one in all every half minute.

        While the mail server is down those are rarer. House is kept once an hour.
        """
        pause, full_at = PAUSE, self._tick()
        while not self._stopping:
            self._called.clear()
            with self._calling:
                slugs, self._slugs = self._slugs, set()
            full = self._tick() >= full_at or ALL in slugs
            problem = self._try_round(None if full else slugs)
            if problem:
                complain(f"Breven väntar: {problem}")
            if full:
                pause = min(pause * 2, LONGEST_PAUSE) if problem else PAUSE
                full_at = self._tick() + pause
            self._called.wait(max(full_at - self._tick(), 0))

    def call(self, slug: str = ALL) -> None:
        """Something may have become due in a lecture."""
        with self._calling:
            self._slugs.add(slug)
        self._called.set()

    def stop(self) -> None:
        """End ``run`` after the letter in hand."""
        self._stopping = True
        self._called.set()

    def _try_round(self, slugs: Collection[str] | None = None) -> str:
        """What stood in the way of this round, or nothing. A fault of ours must not end the letters for good."""
        try:
            now = self._desk.clock()
            if self._kept_house is None or now - self._kept_house >= HOUSEKEEPING:
                self._kept_house = now
                self.keep_house()
            return self.round(slugs).problem
        except RegistrationsError as error:
            return str(error)
        except Exception as error:
            return _traceback(error)

    def _attend(self, lecture: Lecture, done: Round) -> None:
        if not self._concerns(lecture):
            return
        with self._desk.store.turn(f"{lecture.slug}/.letters.turn", wait=False) as mine:
            if mine:
                self._note_the_rest(lecture.slug, done)
                self._deliver(lecture, done)
                self._announce(lecture, done)

    def _tidy(self, slug: str) -> bool:
        """Delete what should be gone; gives whether anybody was let go just now."""
        log = self._desk.log(slug)
        before = log.read().number
        gone = self._desk.tidy(slug)
        self._post.forget(mark_of(slug, id) for id in gone)
        return log.seen.number > before

    def _is_over(self) -> bool:
        """Whether the round should end: asked to, or because its turn at a lecture lasts no longer."""
        return self._stopping or self._tick() >= self._until

    def _concerns(self, lecture: Lecture) -> bool:
        """Whether anything is due in the lecture: only then is it worth a turn, which costs calls in an object store."""
        now, roster = self._desk.clock(), self._desk.roster(lecture)
        if roster.confirmed:
            self._check_link(lecture, now)
        return (
            lecture.slug in self._unnoted
            or any(True for _ in due(roster, lecture, now))
            or bool(news.due(lecture, roster, news.missed_by(self._desk, lecture), now))
        )

    def _deliver(self, lecture: Lecture, done: Round) -> None:
        """The letters to those who signed up for the lecture."""
        now = self._desk.clock()
        roster = self._desk.roster(lecture)
        letters = list(due(roster, lecture, now))
        ready = [letter.id for letter in letters if not letter.rests(now)]
        done.left += len(letters) - len(ready)
        self._carry(lecture.slug, [partial(self._letter, lecture.slug, id) for id in ready], done)

    def _announce(self, lecture: Lecture, done: Round) -> None:
        """The letters about the lecture to those who signed up for others; who has just signed up goes first."""
        desk, slug, now = self._desk, lecture.slug, self._desk.clock()
        roster = desk.log(slug).read()
        for kind in news.due(lecture, roster, news.missed_by(desk, lecture), now):
            if (slug, kind) not in self._readers:
                self._readers[slug, kind] = list(news.readers(desk, lecture, kind))
            readers = self._readers[slug, kind]
            ready = [reader for reader in readers if not news.rests(reader, roster, now)]
            done.left += len(readers) - len(ready)
            for first in range(0, len(ready), BATCH):
                if self._called.is_set() or self._is_over():
                    done.left += len(ready) - first
                    return
                batch = ready[first : first + BATCH]
                self._carry(slug, [partial(self._news, slug, kind, reader) for reader in batch], done)
            readers[:] = [reader for reader in readers if news.still(desk, lecture, reader)]
            if not readers:
                desk.log(slug).append({"kind": "announced", "letter": kind, "at": stamp(now)})
                del self._readers[slug, kind]

    def _carry(self, slug: str, makers: Sequence[Maker], done: Round) -> None:
        """Hand over letters of one lecture, and note them batch by batch."""
        if not makers:
            return
        done.left += len(makers)
        self._desk.store.settle(f"{slug}/log")  # no letter tells what a power cut could take back
        with self._post.open() as carrier:
            for first in range(0, len(makers), BATCH):
                carried: list[Event] = []
                try:
                    for make in makers[first : first + BATCH]:
                        self._give_way()
                        if self._is_over():
                            return
                        self._hand_over(make, carrier, carried, done)
                finally:
                    if carried:
                        carrier.settle()
                        self._note(slug, done, carried)

    def _hand_over(self, make: Maker, carrier: Carrier, carried: list[Event], done: Round) -> None:
        try:
            parcel = make()
            if parcel is None:
                done.left -= 1
                return
            try:
                carrier.hand_over(parcel.name, parcel.message)
            except Refused as refusal:
                carried.append(parcel.noted(refusal.code))
            else:
                carried.append(parcel.noted(0))
        except PostError:
            raise
        except Exception as error:  # one letter that can't be made must not keep the others
            done.problem = str(error) if isinstance(error, RegistrationsError) else _traceback(error)

    def _note(self, slug: str, done: Round, notes: list[Event]) -> None:
        """Tell the log what was handed over. If it can't be told now, it is before anything else is sent."""
        self._unnoted[slug] = notes
        self._desk.log(slug).append(*notes)
        del self._unnoted[slug]
        codes = [note.get("code", 0) for note in notes]
        done.sent += codes.count(0)
        done.refused += sum(code >= 500 for code in codes)
        done.left -= sum(code == 0 or code >= 500 for code in codes)

    def _note_the_rest(self, slug: str, done: Round) -> None:
        """Tell the log what it could not be told of the last time."""
        if notes := self._unnoted.get(slug):
            done.left += len(notes)
            self._note(slug, done, notes)

    def _letter(self, slug: str, id: str) -> Parcel | None:
        """The letter that is due to a registration now: meanwhile she may have cancelled, got a seat or been erased."""
        desk, now, catalogue = self._desk, self._desk.clock(), self._desk.catalogue()
        lecture = catalogue.lectures.get(slug)
        if lecture is None:
            return None
        roster = desk.roster(lecture)
        number = roster.number  # before anything is read of it: what is folded meanwhile is told by another letter
        letters = due_to(roster.registrations[id], roster, lecture, now)
        letter = next((letter for letter in letters if not letter.rests(now)), None)
        person = desk.people(slug).read(id) if letter else None
        if letter is None or person is None:
            return None
        if desk.had_enough(letter, person.email):  # somebody uses the form to fill a mailbox: the letter can wait
            return None

        def noted(code: int) -> Event:
            note = {"id": id, "letter": letter.kind, "at": stamp(desk.clock())}
            if code:
                return {"kind": "refused" if code >= 500 else "deferred", **note, "code": code}
            return {"kind": "sent", **note, "of": number}

        message = compose(letter, person, lecture=lecture, site=catalogue.site, roster=roster, now=now)
        return Parcel(f"{mark_of(slug, id)}.{letter.kind}.{letter.copy}", message, noted)

    def _news(self, slug: str, kind: Kind, reader: news.Reader) -> Parcel | None:
        """The letter about a lecture to one who signed up for another, if she is to have it still."""
        desk, now, catalogue = self._desk, self._desk.clock(), self._desk.catalogue()
        lecture = catalogue.lectures.get(slug)
        person = news.still(desk, lecture, reader) if lecture and lecture.is_open(now) else None
        if person is None:
            return None

        def noted(code: int) -> Event:
            note = {"kind": "told", "address": reader.address, "letter": kind, "at": stamp(desk.clock())}
            return {**note, "code": code} if code else note

        message = compose_news(
            kind,
            person,
            missed=catalogue.lectures.get(lecture.rerun_of),
            page=page_address(catalogue.site, reader.slug, reader.id),
            id=reader.id,
            lecture=lecture,
            site=catalogue.site,
            now=now,
        )
        return Parcel(f"{mark_of(reader.slug, reader.id)}.{kind}.{slug}", message, noted)

    def _give_way(self) -> None:
        """Let those who are signing up go first."""
        while self._patience > 0 and not self._stopping:
            before = self._tick()
            idle = self._desk.idle.wait(min(self._patience, GLANCE))
            self._patience -= self._tick() - before
            if idle:
                return

    def _check_link(self, lecture: Lecture, now: datetime) -> None:
        """Say once the day before, and once in the last hour, that nobody can be told the way to the lecture."""
        kind = lacks_link(lecture, now)
        if kind and (mark := (lecture.slug, lecture.start, kind)) not in self._complained:
            self._complained.add(mark)
            complain(
                f"Föreläsningen {lecture.slug} börjar {wording.weekday(lecture.start)} men saknar länk. "
                "Skriv Join i filen och publicera, så mejlas länken till dem som har en plats."
            )


def _traceback(error: Exception) -> str:
    """Where it went wrong; never the error's own words, which may hold personal data."""
    return "".join(traceback.format_tb(error.__traceback__)) + type(error).__name__

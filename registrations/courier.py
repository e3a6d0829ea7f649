"""The courier: hands over what is due and notes it in the log. At least once; twice only after a crash in between."""

import threading
import traceback
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from registrations.catalogue import Lecture
from registrations.compose import compose
from registrations.desk import Desk, stamp
from registrations.errors import RegistrationsError, StoreError, complain
from registrations.letters import Letter, due, due_to
from registrations.post import Carrier, Later, Post, PostError, Refused, mark_of
from registrations.privacy import purge
from registrations.roster import Event

PAUSE = 30.0  # seconds between two looks when nobody calls
LONGEST_PAUSE = 900.0  # when the mail server is down
HOUSEKEEPING = timedelta(hours=1)
GIVE_WAY = 0.05  # seconds that a letter waits for those who are signing up


@dataclass
class Round:
    """What one round of the courier did."""

    sent: int = 0
    refused: int = 0
    left: int = 0  # due, but could not be handed over now
    problem: str = ""


class Courier:
    """Between a desk and a post."""

    def __init__(self, desk: Desk, post: Post):
        self._desk, self._post = desk, post
        self._called = threading.Event()
        self._stopping = False
        self._unnoted: dict[str, Event] = {}  # letters handed over that the log could not be told of, by name
        self._kept_house: datetime | None = None

    def round(self) -> Round:
        """Hand over everything that is due in all lectures. A lecture in another process's hands is left to it.

        What remains of those who had their data erased is deleted first. A lecture whose log can't be trusted
        keeps no letter from the others.
        """
        done = Round()
        for lecture in list(self._desk.catalogue().lectures.values()):
            try:
                erased = self._desk.tidy(lecture.slug)
                self._post.forget(mark_of(lecture.slug, id) for id in erased)
                with self._desk.store.turn(f"{lecture.slug}/.letters.turn", wait=False) as mine:
                    if mine:
                        self._deliver(lecture, done)
            except PostError as error:
                done.problem = str(error)
                break
            except StoreError as error:
                done.problem = str(error)
        return done

    def run(self) -> None:
        """Go on until ``stop``: a round when called, and one every half minute; rarer while the mail server is down."""
        pause = PAUSE
        while not self._stopping:
            problem = self._try_round()
            if problem:
                complain(f"Breven väntar: {problem}")
            pause = min(pause * 2, LONGEST_PAUSE) if problem else PAUSE
            self._called.wait(pause)
            self._called.clear()

    def call(self) -> None:
        """Something may have become due."""
        self._called.set()

    def stop(self) -> None:
        """End ``run`` after the letter in hand."""
        self._stopping = True
        self._called.set()

    def _try_round(self) -> str:
        """What stood in the way of this round, or nothing. A fault of ours must not end the letters for good."""
        try:
            self._keep_house()
            return self.round().problem
        except RegistrationsError as error:
            return str(error)
        except Exception as error:
            return _traceback(error)

    def _keep_house(self) -> None:
        """Once an hour: delete personal data whose time is out, and what interrupted writes left."""
        now = self._desk.clock()
        if self._kept_house is None or now - self._kept_house >= HOUSEKEEPING:
            purge(self._desk, self._post)
            self._desk.sweep()
            self._post.sweep()
            self._kept_house = now

    def _deliver(self, lecture: Lecture, done: Round) -> None:
        letters = list(due(self._desk.roster(lecture), lecture, self._desk.clock()))
        if not letters:
            return
        done.left += len(letters)
        with self._post.open() as carrier:
            for letter in letters:
                if self._stopping:
                    return
                self._desk.idle.wait(GIVE_WAY)
                try:
                    self._hand_over(letter, lecture, carrier, done)
                except Later as later:
                    done.problem = str(later)
                except PostError:
                    raise
                except Exception as error:  # one letter that can't be made must not keep the others
                    done.problem = str(error) if isinstance(error, RegistrationsError) else _traceback(error)

    def _hand_over(self, letter: Letter, lecture: Lecture, carrier: Carrier, done: Round) -> None:
        desk = self._desk
        log, site = desk.log(lecture.slug), desk.catalogue().site
        roster = log.read()
        fresh = due_to(roster.registrations[letter.id], roster, lecture, desk.clock())
        person = desk.people(lecture.slug).read(letter.id) if fresh else None
        if fresh is None or person is None:  # she has just cancelled, got a seat or had her data erased
            done.left -= 1
            return
        name = f"{mark_of(lecture.slug, fresh.id)}.{fresh.kind}.{fresh.copy}"
        if name not in self._unnoted:
            message = compose(fresh, person, lecture=lecture, site=site, roster=roster, now=desk.clock())
            self._unnoted[name] = self._carried(carrier, name, message, fresh)
        log.append(self._unnoted[name])
        note = self._unnoted.pop(name)
        done.sent += note["kind"] == "sent"
        done.refused += note["kind"] == "refused"
        done.left -= 1

    def _carried(self, carrier: Carrier, name: str, message: EmailMessage, letter: Letter) -> Event:
        """Hand the letter over; gives what the log should say of it. Raises Later, PostError."""
        note: Event = {"kind": "sent", "id": letter.id, "letter": letter.kind, "at": stamp(self._desk.clock())}
        try:
            carrier.hand_over(name, message)
        except Refused as refusal:
            note |= {"kind": "refused", "code": refusal.code}
        return note


def _traceback(error: Exception) -> str:
    """Where it went wrong; never the error's own words, which may hold personal data."""
    return "".join(traceback.format_tb(error.__traceback__)) + type(error).__name__

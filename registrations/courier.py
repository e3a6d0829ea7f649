"""The courier: hands over what is due and notes it in the log. At least once; twice only after a crash in between."""

import threading
import traceback
from dataclasses import dataclass

from registrations.catalogue import Lecture
from registrations.compose import compose, message_id
from registrations.desk import Desk, stamp
from registrations.errors import RegistrationsError, StoreError, complain
from registrations.letters import Letter, due, due_to
from registrations.post import Carrier, Later, Post, PostError, Refused
from registrations.roster import Event

PAUSE = 30.0  # seconds between two looks when nobody calls
LONGEST_PAUSE = 900.0  # when the mail server is down
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

    def round(self) -> Round:
        """Hand over everything that is due in all lectures. A lecture in another process's hands is left to it."""
        done = Round()
        for lecture in list(self._desk.catalogue().lectures.values()):
            try:
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
            return self.round().problem
        except RegistrationsError as error:
            return str(error)
        except Exception as error:
            return "".join(traceback.format_tb(error.__traceback__)) + type(error).__name__

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
                self._hand_over(letter, lecture, carrier, done)

    def _hand_over(self, letter: Letter, lecture: Lecture, carrier: Carrier, done: Round) -> None:
        desk = self._desk
        roster, site = desk.log(lecture.slug).read(), desk.catalogue().site
        letter = due_to(roster.registrations[letter.id], lecture, desk.clock())
        person = desk.people(lecture.slug).read(letter.id) if letter else None
        if letter is None or person is None:  # she has just cancelled, got a seat or had her data erased
            done.left -= 1
            return
        message = compose(letter, person, lecture=lecture, site=site, roster=roster, now=desk.clock())
        name = f"{lecture.slug}-{letter.kind}-{message_id(letter, site)[1:17]}"
        note: Event = {"kind": "sent", "id": letter.id, "letter": letter.kind, "at": stamp(desk.clock())}
        try:
            carrier.hand_over(name, message)
            done.sent += 1
        except Refused as refusal:
            note |= {"kind": "refused", "code": refusal.code}
            done.refused += 1
        except Later as later:
            done.problem = str(later)
            return
        done.left -= 1
        desk.log(lecture.slug).append(note)

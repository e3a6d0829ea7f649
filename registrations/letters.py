"""Letters: which are due, by rule. Pure: roster, lecture and time in, letters out. ``compose`` gives them words.

A letter is known by its registration and its kind. It is due until the log says that it was handed over or refused for good.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from registrations.catalogue import Lecture
from registrations.roster import Mark, Registration, Roster, State

AGAIN = timedelta(minutes=10)  # a letter that is asked for again is sent at most this often


class Kind(StrEnum):
    """What a letter tells."""

    CONFIRMED = "confirmed"  # you have a seat
    WAITING = "waiting"  # you are on the waiting list
    SEAT = "seat"  # you waited, and now you have a seat
    CANCELLED = "cancelled"  # you have cancelled
    CALLED_OFF = "called-off"  # the lecture won't be held


@dataclass(frozen=True)
class Letter:
    """A letter that is due."""

    registration: Registration
    kind: Kind
    copy: int  # 0 for the first; the log's number of the copy before it

    @property
    def id(self) -> str:
        """Of the registration."""
        return self.registration.id


def due(roster: Roster, lecture: Lecture, now: datetime) -> Iterator[Letter]:
    """The letters that are due at ``now``, in the order of the registrations."""
    for registration in tuple(roster.registrations.values()):  # another thread may sign somebody up meanwhile
        if letter := due_to(registration, lecture, now):
            yield letter


def due_to(registration: Registration, lecture: Lecture, now: datetime) -> Letter | None:
    """The letter that is due to one registration at ``now``."""
    kind = _kind(registration, lecture)
    if now >= lecture.end or kind is None or kind in registration.refused:
        return None
    last = registration.sent.get(kind)
    if last is not None and not _asked_again(registration, last):
        return None
    return Letter(registration, kind, copy=last.number if last else 0)


def _kind(registration: Registration, lecture: Lecture) -> Kind | None:
    if lecture.cancelled and registration.active:
        return Kind.CALLED_OFF
    match registration.state:
        case State.CONFIRMED:
            return Kind.SEAT if Kind.WAITING in registration.sent else Kind.CONFIRMED
        case State.WAITING:
            return Kind.WAITING
        case State.CANCELLED:
            return Kind.CANCELLED
        case State.ERASED:
            return None


def _asked_again(registration: Registration, last: Mark) -> bool:
    again = registration.asked_again
    if again is None or not registration.active or again.number <= last.number:
        return False
    return datetime.fromisoformat(again.at) - datetime.fromisoformat(last.at) >= AGAIN

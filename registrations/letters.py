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
    CHANGED = "changed"  # another time, another link, or held after all
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
        if letter := due_to(registration, roster, lecture, now):
            yield letter


def due_to(registration: Registration, roster: Roster, lecture: Lecture, now: datetime) -> Letter | None:
    """The letter that is due to one registration at ``now``."""
    kind = _kind(registration, roster, lecture)
    if now >= lecture.end or kind is None:
        return None
    told = registration.sent.get(kind)
    tried = max((mark for mark in (told, registration.refused.get(kind)) if mark), key=_number, default=None)
    if tried and not _asked_again(registration, tried) and _changed(kind, registration, roster) <= tried.number:
        return None
    return Letter(registration, kind, copy=told.number if told else 0)


def _kind(registration: Registration, roster: Roster, lecture: Lecture) -> Kind | None:
    """What the letter says that tells her how things stand."""
    if not registration.active:
        return Kind.CANCELLED if registration.state is State.CANCELLED else None
    if lecture.cancelled:
        return Kind.CALLED_OFF
    first = Kind.WAITING
    if registration.state is State.CONFIRMED:
        first = Kind.SEAT if Kind.WAITING in registration.sent else Kind.CONFIRMED
    if first in registration.sent:
        told = max(map(_number, registration.sent.values()))
        last = registration.sent.get(Kind.CHANGED)
        if _changed(Kind.CHANGED, registration, roster) > told or (last and last.number == told):
            return Kind.CHANGED
    return first


def _changed(kind: Kind, registration: Registration, roster: Roster) -> int:
    """The entry with the last change of the lecture that such a letter would tell her of; 0 if there is none."""
    link = roster.linked if kind is Kind.CHANGED and registration.state is State.CONFIRMED else None
    tells = (roster.moved, link) if kind in (Kind.CHANGED, Kind.CALLED_OFF) else ()
    return max((mark.number for mark in tells if mark), default=0)


def _number(mark: Mark) -> int:
    return mark.number


def _asked_again(registration: Registration, last: Mark) -> bool:
    again = registration.asked_again
    if again is None or not registration.active or again.number <= last.number:
        return False
    return datetime.fromisoformat(again.at) - datetime.fromisoformat(last.at) >= AGAIN

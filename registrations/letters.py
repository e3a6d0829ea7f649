"""Letters: which are due, by rule. Pure: roster, lecture and time in, letters out. ``compose`` gives them words.

A letter is known by its registration and its kind. It is due until the log says that it was handed over or refused for good;
one that the mail server refuses for now rests for a while, longer each time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from registrations.catalogue import ZONE, Lecture
from registrations.roster import Mark, Refusal, Registration, Roster, State

AGAIN = timedelta(minutes=10)  # a letter that is asked for again is sent at most this often
COPIES = 3  # and at most this many times to one registration
DAY = timedelta(days=1)
A_DAY = 10  # letters to one address, all lectures together, beyond which the answers to sign-ups wait
HELD = timedelta(hours=2)  # a seat, for one who is asked to confirm
LAST_HOUR = timedelta(hours=1)  # before the start: when the join letter is due
LONGEST_REST = timedelta(hours=24)


class Kind(StrEnum):
    """What a letter tells."""

    VERIFY = "verify"  # confirm that it was you
    CONFIRMED = "confirmed"  # you have a seat
    WAITING = "waiting"  # you are on the waiting list
    SEAT = "seat"  # you waited, and now you have a seat
    CANCELLED = "cancelled"  # you have cancelled
    CHANGED = "changed"  # another time, another link, or held after all
    CALLED_OFF = "called-off"  # the lecture won't be held
    REMINDER = "reminder"  # it is the day before
    JOIN = "join"  # it is the hour before: here is the link
    RERUN = "rerun"  # you waited in vain, and it is held again; ``news`` says when
    TIPS = "tips"  # there is a new lecture; ``news`` says when


SEATED = (Kind.CONFIRMED, Kind.SEAT, Kind.CHANGED)  # say when the lecture is and, once it is known, the way there
STANDING = (*SEATED, Kind.WAITING, Kind.CANCELLED, Kind.CALLED_OFF)  # say how things stand


ANSWERS = (Kind.VERIFY, Kind.CONFIRMED, Kind.WAITING)  # what a sign-up calls forth by itself, a stranger's too


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

    def rests(self, now: datetime) -> bool:
        """Whether the mail server has refused it so lately that it isn't tried at ``now``."""
        refusal = self.registration.deferred.get(self.kind)
        return refusal is not None and now < next_try(refusal)


def next_try(refusal: Refusal) -> datetime:
    """When a letter that was refused for now is tried again: after 1 minute, then 2, 4, … and at last every 24 hours."""
    doubled = timedelta(minutes=2 ** min(refusal.tries - 1, 11))
    return datetime.fromisoformat(refusal.at) + min(doubled, LONGEST_REST)


def day_before(lecture: Lecture) -> datetime:
    """The same time on the clock the day before the lecture, in UTC: 24 hours before, or 23 or 25."""
    return (lecture.start.astimezone(ZONE) - timedelta(days=1)).astimezone(UTC)


def hour_before(lecture: Lecture) -> datetime:
    """An hour before the lecture, in UTC."""
    return lecture.start.astimezone(UTC) - LAST_HOUR


def due(roster: Roster, lecture: Lecture, now: datetime) -> Iterator[Letter]:
    """The letters that are due at ``now``, in the order of the registrations; those that rest, too."""
    if now >= lecture.end:
        return
    for registration in tuple(roster.registrations.values()):  # another thread may sign somebody up meanwhile
        yield from due_to(registration, roster, lecture, now)


def due_to(registration: Registration, roster: Roster, lecture: Lecture, now: datetime) -> Iterator[Letter]:
    """The letters that are due to one registration at ``now``: how things stand, and what is to come."""
    if now >= lecture.end:
        return
    standing = _standing(registration, roster, lecture, now)
    if standing:
        yield standing
    if standing is None or standing.rests(now):  # else that letter is enough for now
        coming = _coming(registration, roster, lecture, now)
        if coming:
            yield coming


def lacks_link(lecture: Lecture, now: datetime) -> Kind | None:
    """The letter that should have the link to the lecture at ``now`` and can't, since there is none."""
    if lecture.join or lecture.cancelled or not day_before(lecture) <= now < lecture.end:
        return None
    return Kind.JOIN if now >= hour_before(lecture) else Kind.REMINDER


def _standing(registration: Registration, roster: Roster, lecture: Lecture, now: datetime) -> Letter | None:
    """The letter that tells her how things stand, if she doesn't know."""
    kind = _kind(registration, roster, lecture)
    if kind is None:
        return None
    if kind is Kind.VERIFY and now < _may_be_asked(roster.unanswered(registration.address)):
        return None
    told = registration.sent.get(kind)
    tried = max((mark for mark in (told, registration.refused.get(kind)) if mark), key=_number, default=None)
    if tried and not _asked_again(registration, tried) and _changed(kind, registration, roster) <= tried.number:
        return None
    return Letter(registration, kind, copy=told.number if told else 0)


def held_until(registration: Registration, roster: Roster) -> datetime:
    """When the seat or place of one who is asked to confirm is given up: some time after she was last asked.

    If the letter can't be handed over, she has a day; not if it waits because her address has left others unanswered.
    """
    if registration.letters:
        return datetime.fromisoformat(registration.letters[-1].at) + HELD
    registered = datetime.fromisoformat(registration.registered.at)
    waits = registered < _may_be_asked(roster.unanswered(registration.address))
    return registered + (HELD if waits else DAY)


def is_too_much(address: Iterable[tuple[Roster, str]], now: datetime) -> bool:
    """Whether ANSWERS should wait because their address has had so many letters; ``address``: its fingerprint in each roster."""
    since = (now - DAY).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return sum(roster.letters_to(each, since=since) for roster, each in address) >= A_DAY


def _may_be_asked(unanswered: list[Mark]) -> datetime:
    """When an address may be asked to confirm once more: after pauses that grow, from ten minutes to weeks."""
    if not unanswered:
        return datetime.min.replace(tzinfo=UTC)
    last = max(unanswered, key=_number)
    return datetime.fromisoformat(last.at) + AGAIN * 4 ** min(len(unanswered) - 1, 8)


def _kind(registration: Registration, roster: Roster, lecture: Lecture) -> Kind | None:
    """What the letter says that tells her how things stand. One who has not confirmed is told nothing else."""
    if not registration.verified:
        return Kind.VERIFY if registration.active and not lecture.cancelled else None
    if not registration.active:
        return Kind.CANCELLED if registration.state is State.CANCELLED else None
    if lecture.cancelled:
        return Kind.CALLED_OFF
    first = Kind.WAITING
    if registration.state is State.CONFIRMED:
        first = Kind.SEAT if Kind.WAITING in registration.sent else Kind.CONFIRMED
    if first in registration.sent:
        told = max(_number(registration.sent[kind]) for kind in STANDING if kind in registration.sent)
        last = registration.sent.get(Kind.CHANGED)
        if _changed(Kind.CHANGED, registration, roster) > told or (last and last.number == told):
            return Kind.CHANGED
    return first


def _changed(kind: Kind, registration: Registration, roster: Roster) -> int:
    """The entry with the last change of the lecture that such a letter would tell her of; 0 if there is none."""
    link = roster.linked if kind is Kind.CHANGED and registration.state is State.CONFIRMED else None
    tells = (roster.moved, link) if kind in (Kind.CHANGED, Kind.CALLED_OFF) else ()
    return max((mark.number for mark in tells if mark), default=0)


def _coming(registration: Registration, roster: Roster, lecture: Lecture, now: datetime) -> Letter | None:
    """The reminder or the join letter, if its hour has come and no letter has told her the same since then.

    Both go again when the lecture has been moved. Who got her seat after the hour had come isn't reminded.
    """
    if registration.state is not State.CONFIRMED or not registration.verified or lecture.cancelled:
        return None
    if lecture.join and now >= hour_before(lecture):
        kind, hour = Kind.JOIN, hour_before(lecture)
    elif day_before(lecture) <= now < lecture.start:
        kind, hour = Kind.REMINDER, day_before(lecture)
    else:
        return None
    if registration.seated is None or _time(registration.seated) >= hour:
        return None
    moved = roster.moved.number if roster.moved else 0
    sent, refused = registration.sent.get(kind), registration.refused.get(kind)
    if any(mark and mark.number >= moved for mark in (sent, refused)):
        return None
    others = (registration.sent.get(other) for other in SEATED)
    if any(mark and mark.number >= moved and _time(mark) >= hour for mark in others):
        return None
    return Letter(registration, kind, copy=sent.number if sent else 0)


def _number(mark: Mark) -> int:
    return mark.number


def _time(mark: Mark) -> datetime:
    return datetime.fromisoformat(mark.at)


def _asked_again(registration: Registration, last: Mark) -> bool:
    again = registration.asked_again
    if again is None or not registration.active or again.number <= last.number or registration.copies >= COPIES:
        return False
    return _time(again) - _time(last) >= AGAIN

"""News: who hears of a new lecture, and when. Rules over rosters and time, and the reading of those whom they concern.

Who waited in vain for the lecture that this one repeats hears of it first; those who asked for tips an hour after it was
published (time to mend a mistake), or a day after the others. One letter for each address; the lecture's own log knows
whom it was sent to by the fingerprint of the address.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from registrations.catalogue import Lecture
from registrations.desk import Desk
from registrations.errors import StoreError, complain
from registrations.letters import Kind, next_try
from registrations.people import Person
from registrations.roster import Registration, Roster, State

MENDING = timedelta(hours=1)
AHEAD = timedelta(days=1)
SIGNED_UP = (State.CONFIRMED, State.WAITING, State.CANCELLED)


@dataclass(frozen=True)
class Reader:
    """One who is to be told of a lecture, by her registration for another."""

    slug: str
    id: str = field(repr=False)
    address: str = field(repr=False)  # fingerprint, under the key of the lecture that she is told of


def hours(lecture: Lecture, roster: Roster, missed: Roster | None) -> dict[Kind, datetime]:
    """When each letter about ``lecture`` is due; ``missed`` is the roster of the one that it repeats."""
    if roster.seen is None:
        return {}
    seen = datetime.fromisoformat(roster.seen)
    if not lecture.rerun_of:
        return {Kind.TIPS: seen + MENDING}
    first = max(seen, datetime.fromisoformat(missed.start)) if missed and missed.start else seen
    return {Kind.RERUN: first, Kind.TIPS: first + AHEAD}


def due(lecture: Lecture, roster: Roster, missed: Roster | None, now: datetime) -> list[Kind]:
    """The letters about ``lecture`` that are due at ``now`` and have not been sent to all."""
    if lecture.example or not lecture.is_open(now):
        return []
    times = hours(lecture, roster, missed)
    return [kind for kind, hour in times.items() if now >= hour and kind not in roster.announced]


def concerns(kind: Kind, registration: Registration, roster: Roster) -> bool:
    """Whether one who signed up so for another lecture may be told of the one with this roster."""
    if registration.tips_ended or not registration.verified:
        return False
    if kind is Kind.RERUN:
        return registration.state is State.WAITING
    return registration.state in SIGNED_UP and registration.registered.at < (roster.seen or "")


def rests(reader: Reader, roster: Roster, now: datetime) -> bool:
    """Whether the mail server has refused her letter so lately that it isn't tried at ``now``."""
    told = roster.told.get(reader.address)
    return told is not None and not told.final and now < next_try(told)


def readers(desk: Desk, lecture: Lecture, kind: Kind) -> Iterator[Reader]:
    """All who are to be told of ``lecture``, each address once. Reads everybody who is kept, so ask for it once.

    A log or a person that can't be read is named on stderr and keeps nothing from the others.
    """
    roster, people, met = desk.log(lecture.slug).read(), desk.people(lecture.slug), set[str]()
    for slug in _sources(desk, lecture, kind):
        try:
            registrations = tuple(desk.log(slug).read().registrations.values())
        except StoreError as error:
            complain(str(error))
            continue
        kept = set(desk.people(slug).ids())
        for registration in registrations:
            if registration.id not in kept or not concerns(kind, registration, roster):
                continue
            person = _person(desk, slug, registration.id)
            if person is None or (kind is Kind.TIPS and not person.tips):
                continue
            address = people.fingerprint(person.email)
            if address not in met:
                met.add(address)
                yield Reader(slug, registration.id, address)


def still(desk: Desk, lecture: Lecture, reader: Reader) -> Person | None:
    """The person, unless she was told, has signed up, has ended such letters or been erased. Raises StoreError."""
    roster = desk.log(lecture.slug).read()
    told = roster.told.get(reader.address)
    if reader.address in roster.addresses or (told and told.final):
        return None
    known = desk.log(reader.slug).read().registrations[reader.id]
    return None if known.tips_ended or known.state is State.ERASED else desk.people(reader.slug).read(reader.id)


def missed_by(desk: Desk, lecture: Lecture) -> Roster | None:
    """The roster of the lecture that this one repeats. Raises StoreError."""
    return desk.log(lecture.rerun_of).read() if lecture.rerun_of else None


def _sources(desk: Desk, lecture: Lecture, kind: Kind) -> list[str]:
    """The lectures whose people may be told; first those whose people are kept longest, for the links in the letters."""
    slugs = desk.slugs()
    if kind is Kind.RERUN:
        return [slug for slug in slugs if slug == lecture.rerun_of]
    return sorted((slug for slug in slugs if slug != lecture.slug), key=lambda slug: _end(desk, slug), reverse=True)


def _end(desk: Desk, slug: str) -> str:
    try:
        return desk.log(slug).read().end or ""
    except StoreError:  # named when its turn comes
        return ""


def _person(desk: Desk, slug: str, id: str) -> Person | None:
    try:
        return desk.people(slug).read(id)
    except StoreError as error:
        complain(str(error))
        return None

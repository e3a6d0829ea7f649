"""Whom a new catalogue concerns: how many are signed up, and how many will hear of a new lecture. Reads; changes nothing."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from registrations import news
from registrations.catalogue import Catalogue, Lecture
from registrations.changes import Change, Count, Mailing, changes
from registrations.desk import Desk, stamp
from registrations.errors import StoreError
from registrations.letters import Kind
from registrations.roster import Roster, State


@dataclass(frozen=True)
class Standing:
    """How things stand before a new catalogue: the one there is, if any, and how many are signed up for what."""

    catalogue: Catalogue | None
    counts: dict[str, Count]


def look(desk: Desk, catalogue: Catalogue | None) -> Standing:
    """Return how things stand. Raises StoreError."""
    return Standing(catalogue, {slug: count(desk.log(slug).read()) for slug in desk.slugs()})


def count(roster: Roster) -> Count:
    """Return how many are signed up; those who haven't confirmed aren't written to, whatever happens."""
    asked = [registration.state for registration in roster.unverified]
    return Count(
        confirmed=roster.confirmed - asked.count(State.CONFIRMED),
        waiting=len(roster.waiting) - asked.count(State.WAITING),
        asked=len(asked),
    )


def foretell(desk: Desk, before: Standing, new: Catalogue) -> list[Change]:
    """Return what happens when ``new`` takes the place of the catalogue before. Raises StoreError."""
    now, old = desk.clock(), before.catalogue
    known = old.lectures if old else {}
    touched = [lecture for slug, lecture in new.lectures.items() if lecture != known.get(slug)] if old else []
    return changes(old, new, before.counts, now, {each.slug: mailings(desk, each, new, now) for each in touched})


def mailings(desk: Desk, lecture: Lecture, new: Catalogue, now: datetime) -> list[Mailing]:
    """Return the letters that will tell others of ``lecture``, by the rules of ``news``. Raises StoreError."""
    roster = desk.log(lecture.slug).read()
    if lecture.example or not lecture.is_open(now):
        return []
    published = Roster()  # as it will be when the catalogue has the lecture
    published.seen = roster.seen or stamp(now)
    found, met = [], set[str]()
    for kind, hour in news.hours(lecture, published, news.missed_by(desk, lecture)).items():
        hour = max(hour, now)
        if kind not in roster.announced and lecture.is_open(hour):
            people = _readers(desk, lecture, kind, published) - met
            met |= people
            if people:
                found.append(Mailing(hour=hour, people=len(people)))
    return found


def _readers(desk: Desk, lecture: Lecture, kind: Kind, published: Roster) -> set[str]:
    """The addresses of those who are to be told. What can't be read is named by whoever sends the letters."""
    slugs = [lecture.rerun_of] if kind is Kind.RERUN else [slug for slug in desk.slugs() if slug != lecture.slug]
    found = set()
    for slug in slugs:
        with suppress(StoreError):
            for registration in desk.log(slug).read().registrations.values():
                if news.concerns(kind, registration, published):
                    person = desk.people(slug).read(registration.id)
                    if person and (person.tips or kind is Kind.RERUN):
                        found.add(person.email.casefold())
    return found

"""What must hold of a store after crashes. Pure but for reading files: gives the faults, in words, or none.

The files are read as DESIGN.md describes them and not through the store's own code.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from registrations.roster import Roster, State
from tests.crash.seen import Seen

SUBJECTS = {
    "confirmed": "Bekräftelse på din anmälan",
    "seat": "Du har fått en plats",
    "waiting": "Du står på väntelistan",
    "cancelled": "Din avbokning",
}
SEATED = (SUBJECTS["confirmed"], SUBJECTS["seat"])
TELL = {  # one of these letters tells her how she stands
    State.CONFIRMED: SEATED,
    State.WAITING: (SUBJECTS["waiting"],),
    State.CANCELLED: (SUBJECTS["cancelled"],),
}


@dataclass(frozen=True)
class Kept:
    """A lecture as its files have it."""

    slug: str
    numbers: list[int]  # of the log's entries, sorted
    events: list[dict]
    people: dict[str, str]  # address by id
    roster: Roster

    @classmethod
    def read(cls, folder: Path) -> "Kept":
        """Read ``<store>/<slug>``. Raises ValueError on a damaged file."""
        entries = sorted((folder / "log").glob("[0-9]*.json"))
        roster, events = Roster(), []
        for path in entries:
            entry = json.loads(path.read_bytes())
            roster.fold(int(path.stem), entry)
            events += entry
        people = {path.stem: json.loads(path.read_bytes())["email"] for path in (folder / "people").glob("*.json")}
        return cls(folder.name, [int(path.stem) for path in entries], events, people, roster)


def faults(store: Path, seen: Seen) -> list[str]:
    """What must hold at any moment, also on the files of a process that was killed a moment ago."""
    lost = [f"{slug}: answered, and the store has no such lecture" for slug in _answered(seen) if not _is(store, slug)]
    return lost + [fault for kept in _kept(store) for fault in _faults(kept, seen)]


def faults_at_rest(store: Path, seen: Seen) -> list[str]:
    """What must hold beside ``faults`` when everything was put in order and all letters are sent."""
    return [fault for kept in _kept(store) for fault in (*_people_faults(kept), *_letter_faults(kept, seen))]


def unordered(store: Path) -> int:
    """How many are written and not ordered yet: no fault, but a sign that the end came at a bad moment."""
    return sum(len(set(kept.people) - set(kept.roster.answers)) for kept in _kept(store))


def _faults(kept: Kept, seen: Seen) -> Iterator[str]:
    slug, roster = kept.slug, kept.roster
    if kept.numbers != list(range(1, len(kept.numbers) + 1)):
        yield f"{slug}: a number is missing or doubled among the {len(kept.numbers)} entries"
    named = Counter(event["id"] for event in kept.events if event["kind"] == "registered")
    for _, count in _more_than_once(named):
        yield f"{slug}: one sign-up stands in the log {count} times"
    by_address = {email: id for id, email in kept.people.items() if id in roster.registrations}
    doubled = Counter(email for id, email in kept.people.items() if id in roster.registrations)
    for email, count in _more_than_once(doubled):
        yield f"{slug}: {email} has {count} sign-ups"
    for email in _answered(seen).get(slug, ()):
        answer, known = seen.answered[email], roster.registrations.get(by_address.get(email, ""))
        if known is None:
            yield f"{slug}: {email} was answered and is lost"
            continue
        if email in seen.cancelled and known.state is not State.CANCELLED:
            yield f"{slug}: {email} was told that she is cancelled, and is not"
        if answer == "confirmed" and known.seated is None:
            yield f"{slug}: {email} was told of a seat that she has not"
    for email in {letter.to for letter in seen.letters if seen.lecture[letter.to] == slug} - set(by_address):
        yield f"{slug}: {email} was told by letter and is lost"
    active = {email for email, id in by_address.items() if roster.registrations[id].active}
    told = {email for email, answer in seen.answered.items() if answer == "confirmed"}
    told |= {letter.to for letter in seen.letters if letter.subject.startswith(SEATED)}
    if roster.seats is not None and len(told & active) > roster.seats:
        yield f"{slug}: {len(told & active)} were told of a seat, and there are {roster.seats}"


def _people_faults(kept: Kept) -> Iterator[str]:
    wanted = {id for id, known in kept.roster.registrations.items() if known.state is not State.ERASED}
    if missing := wanted - set(kept.people):
        yield f"{kept.slug}: {len(missing)} in the log have no person's file"
    if needless := set(kept.people) - wanted:
        yield f"{kept.slug}: {len(needless)} persons' files have nobody in the log"


def _letter_faults(kept: Kept, seen: Seen) -> Iterator[str]:
    arrived, ids = defaultdict(set), defaultdict(set)
    for letter in seen.letters:
        arrived[letter.to].add(letter.subject)
        ids[letter.to, letter.subject].add(letter.id)
    for id, known in kept.roster.registrations.items():
        email = kept.people.get(id, "")
        if not _any_starts(arrived[email], TELL[known.state]):
            yield f"{kept.slug}: {email} is {known.state} and no letter said so"
        for kind in known.sent:
            if kind in SUBJECTS and not _any_starts(arrived[email], (SUBJECTS[kind],)):
                yield f"{kept.slug}: the log says that {email} was sent {kind}, and it never arrived"
    mine = set(kept.people.values())
    for (to, subject), different in ids.items():
        if to in mine and len(different) > 1:
            yield f"{kept.slug}: {to} got {subject!r} with {len(different)} Message-IDs"


def _answered(seen: Seen) -> dict[str, list[str]]:
    by_lecture: dict[str, list[str]] = defaultdict(list)
    for email in seen.answered:
        by_lecture[seen.lecture[email]].append(email)
    return by_lecture


def _kept(store: Path) -> Iterator[Kept]:
    for folder in sorted(store.glob("*/log")):
        yield Kept.read(folder.parent)


def _is(store: Path, slug: str) -> bool:
    return (store / slug / "log").is_dir()


def _more_than_once(counts: Counter[str]) -> list[tuple[str, int]]:
    return [(key, count) for key, count in counts.items() if count > 1]


def _any_starts(subjects: set[str], beginnings: tuple[str, ...]) -> bool:
    return any(subject.startswith(beginnings) for subject in subjects)

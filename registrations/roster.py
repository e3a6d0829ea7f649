"""The roster: who has a seat and who waits. A pure fold over a lecture's log, with six rules.

1. A registration takes a seat if one is free and nobody waits; otherwise it waits.
2. When a seat falls free or seats are added, the one who has waited longest has it at once.
3. Fewer seats than before take nobody's seat away.
4. One active registration per address; the same again changes nothing but asks for the letter again.
5. Nothing moves after the lecture has started.
6. Those with a seat never exceed the seats that were in force when the last of them got hers.

One who has been asked to confirm holds her seat or her place in the line until she does or her time is out; meanwhile she is
given no other seat, and those behind her don't wait for her.

An event is a dict as it stands in the log: ``{"kind": …, "at": "2027-01-11T09:30:00Z", …}``. The kinds:
``registered`` (id, address, sector; verify: true if she must confirm), ``verified`` (id), ``lapsed`` (id), ``cancelled`` (id),
``erased`` (id), ``seats`` (seats), ``scheduled`` (start, end),
``status`` (status), ``link`` (link, its fingerprint), ``sent`` (id, letter), ``refused`` (id, letter, code: a mail server's final
answer), ``deferred`` (the same: its answer for now), ``tips-ended`` (id: she wants no more letters about other lectures),
``told`` (address, letter: somebody who signed up for another lecture was told of this one; with a mail server's no: code),
``announced`` (letter: everybody was). ``sent`` may say as of which entry the letter told how things stood (of). Times are
UTC in one form, so that text compares.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import takewhile

from registrations.reading import checked, moment

Event = dict


class State(StrEnum):
    """Where a registration stands."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"  # by herself
    ERASED = "erased"  # she had her data deleted
    LAPSED = "lapsed"  # she was asked to confirm and did not


ACTIVE = (State.CONFIRMED, State.WAITING)
GONE = (State.ERASED, State.LAPSED)  # no personal data are left


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the log: the entry's number and the time that the event gives."""

    number: int
    at: str


@dataclass(frozen=True, slots=True)
class Refusal(Mark):
    """A place in the log where a mail server's no stands."""

    code: int  # its answer
    tries: int = 1  # how often it has said so, one after the other


@dataclass(frozen=True, slots=True)
class Told(Refusal):
    """A place in the log where somebody was told of the lecture, or the server's no to that letter stands."""

    letter: str = ""

    @property
    def final(self) -> bool:
        """Whether it is done with: the server took it (code 0) or refused it for good."""
        return self.code == 0 or self.code >= 500


@dataclass(frozen=True, slots=True)
class Registration:
    """One sign-up, as the log knows it: no personal data."""

    id: str = field(repr=False)  # secret: opens the registrant's own page
    state: State
    registered: Mark
    sector: str
    address: str = field(repr=False)  # fingerprint
    verified: bool = True  # False while she is asked to confirm, and for ever if she didn't
    before: str | None = field(default=None, repr=False)  # id of the registration that this address had before
    seated: Mark | None = None  # when she got her seat
    ended: Mark | None = None  # when she cancelled or erased
    asked_again: Mark | None = None  # the last time that the same address signed up once more
    copies: int = 0  # letters that went out once more because of that
    letters: tuple[Mark, ...] = ()  # each time that the mail server took or refused a letter
    sent: dict[str, Mark] = field(default_factory=dict)  # letter → when it was last handed over
    refused: dict[str, Refusal] = field(default_factory=dict)  # letter → when the mail server refused it for good
    deferred: dict[str, Refusal] = field(default_factory=dict)  # letter → when it last refused it for now
    tips_ended: Mark | None = None  # when she ended the letters about other lectures

    @property
    def active(self) -> bool:
        """Has a seat or waits for one."""
        return self.state in ACTIVE


def check(events: object) -> list[Event]:
    """``events`` if they can be folded. Raises ValueError that says which can't, so that no entry is folded by half."""
    if not isinstance(events, list):
        raise ValueError("an entry is a list of events")
    for event in events:
        kind = event.get("kind") if isinstance(event, dict) else None
        if not isinstance(kind, str) or kind not in _PARTS:
            raise ValueError(f"unknown event {kind!r:.40}")
        for part, form in {"at": str, **_PARTS[kind]}.items():
            if type(event.get(part)) is not form:
                raise ValueError(f"{kind}: {part} is not {form.__name__}")
            if part in _TIMES:
                moment(event[part])
            elif form is str and not event[part].isascii():
                raise ValueError(f"{kind}: {part} has letters that no log has")
        checked(event, _OPTIONAL.get(kind, {}))
    return events


class Roster:
    """The fold. Feed it the log's entries in order; ask it anything in between."""

    def __init__(self) -> None:
        self.number = 0  # of the last entry folded
        self.seen: str | None = None  # when the catalogue first had the lecture
        self.seats: int | None = None
        self.start: str | None = None
        self.end: str | None = None
        self.status: str | None = None
        self.link: str | None = None  # fingerprint of the way to the lecture
        self.moved: Mark | None = None  # when the lecture last got another time, was called off or restored
        self.linked: Mark | None = None  # when it last got another link
        self.registrations: dict[str, Registration] = {}  # by id, in the log's order
        self.answers: dict[str, State] = {}  # by id: what the one who signed up was told, duplicates too
        self.addresses: set[str] = set()  # fingerprints of all who ever signed up, and confirmed if asked
        self.told: dict[str, Told] = {}  # fingerprint → what one who signed up for another lecture was told of this one
        self.announced: set[str] = set()  # letters about this lecture that all who should have them have
        self.confirmed = 0
        self._waiting: dict[str, None] = {}  # ids, the longest wait first
        self._unverified: dict[str, None] = {}  # ids of the active ones who are asked to confirm
        self._unverified_waiting = 0
        self._by_address: dict[str, str] = {}  # fingerprint → id of its last registration

    def fold(self, number: int, events: Iterable[Event]) -> None:
        """Take in entry ``number`` of the log."""
        for event in events:
            self.seen = self.seen or event["at"]
            _FOLDS[event["kind"]](self, event, Mark(number, event["at"]))
        self.number = number

    @property
    def waiting(self) -> list[str]:
        """The ids of those who wait, the longest wait first."""
        return list(self._waiting)

    @property
    def unverified(self) -> list[Registration]:
        """Those who hold a seat or a place in the line and are asked to confirm, in the log's order."""
        return [self.registrations[id] for id in list(self._unverified)]

    @property
    def free(self) -> int:
        """Seats that nobody has; never below 0."""
        return max((self.seats or 0) - self.confirmed, 0)

    def takes(self, at: str, *, verified: bool = True) -> State:
        """What a new registration would get at ``at`` (rules 1 and 5)."""
        line = len(self._waiting) - self._unverified_waiting if verified else len(self._waiting)
        return State.CONFIRMED if self.free and not line and not self._started(at) else State.WAITING

    def letters_to(self, address: str, *, since: str) -> int:
        """How many letters have gone to an address (its fingerprint) from ``since`` on."""
        return sum(mark.at >= since for each in self._history(address) for mark in each.letters)

    def unanswered(self, address: str) -> list[Mark]:
        """The letters that have asked an address to confirm since it last did, in no order."""
        unverified = takewhile(lambda each: not each.verified, self._history(address))
        return [mark for each in unverified for mark in each.letters]

    def place(self, id: str) -> int | None:
        """The place in the line, 1 for the one who is next; None for one who doesn't wait."""
        line = self.waiting
        return line.index(id) + 1 if id in line else None

    def sequence(self, registration: Registration) -> int:
        """The version of her calendar entry: it grows when the lecture moves, is called off, or she leaves."""
        return max(
            mark.number for mark in (self.moved, self.linked, registration.registered, registration.ended) if mark
        )

    def changes(self, event: Event) -> bool:
        """Whether the event would tell the log something that it doesn't say already."""
        match event["kind"]:
            case "registered":
                return event["id"] not in self.answers
            case "cancelled":
                known = self.registrations.get(event["id"])
                return known is not None and known.active and not self._started(event["at"])
            case "erased":
                known = self.registrations.get(event["id"])
                return known is not None and known.state is not State.ERASED
            case "verified" | "lapsed":
                return event["id"] in self._unverified
            case "seats":
                return event["seats"] != self.seats
            case "scheduled":
                return (event["start"], event["end"]) != (self.start, self.end)
            case "status":
                return event["status"] != self.status
            case "link":
                return event["link"] != self.link
            case "tips-ended":
                known = self.registrations.get(event["id"])
                return known is not None and known.tips_ended is None
            case "announced":
                return event["letter"] not in self.announced
            case _:
                return True

    def duplicate(self, id: str) -> bool:
        """Whether this sign-up only repeated an active one: nothing of it needs to be kept."""
        return id in self.answers and id not in self.registrations

    def _history(self, address: str) -> Iterator[Registration]:
        """The registrations of an address, the last one first."""
        id = self._by_address.get(address)
        while id is not None:
            yield self.registrations[id]
            id = self.registrations[id].before

    def _started(self, at: str) -> bool:
        return self.start is not None and at >= self.start

    def _registered(self, event: Event, mark: Mark) -> None:
        id, address = event["id"], event["address"]
        if id in self.answers:
            return
        verified = not event.get("verify", False)
        state = self.answers[id] = self.takes(mark.at, verified=verified)
        before = self._by_address.get(address)
        known = self.registrations.get(before)
        if known is not None and known.active:
            self._update(known.id, asked_again=mark)
            if verified:  # without the one before it this would have been taken as it is
                self._verify(known.id, mark)
            return
        seat = state is State.CONFIRMED
        if verified:
            self.addresses.add(address)
        self.registrations[id] = Registration(
            id=id,
            state=state,
            registered=mark,
            sector=event["sector"],
            address=address,
            verified=verified,
            before=before,
            seated=mark if seat else None,
        )
        self._by_address[address] = id
        if not verified:
            self._unverified[id] = None
        if seat:
            self.confirmed += 1
        else:
            self._waiting[id] = None
            self._unverified_waiting += not verified

    def _verified(self, event: Event, mark: Mark) -> None:
        self._verify(event["id"], mark)

    def _lapsed(self, event: Event, mark: Mark) -> None:
        if event["id"] in self._unverified:
            self._leave(self.registrations[event["id"]], State.LAPSED, mark)

    def _cancelled(self, event: Event, mark: Mark) -> None:
        known = self.registrations.get(event["id"])
        if known is not None and known.active and not self._started(mark.at):
            self._leave(known, State.CANCELLED, mark)

    def _erased(self, event: Event, mark: Mark) -> None:
        known = self.registrations.get(event["id"])
        if known is not None and known.state is not State.ERASED:
            self._leave(known, State.ERASED, mark)

    def _seats(self, event: Event, mark: Mark) -> None:
        self.seats = event["seats"]
        self._promote(mark)

    def _scheduled(self, event: Event, mark: Mark) -> None:
        self.start, self.end, self.moved = event["start"], event["end"], mark
        self._promote(mark)

    def _status(self, event: Event, mark: Mark) -> None:
        self.status, self.moved = event["status"], mark

    def _link(self, event: Event, mark: Mark) -> None:
        self.link, self.linked = event["link"], mark

    def _sent(self, event: Event, mark: Mark) -> None:
        known, letter = self.registrations.get(event["id"]), event["letter"]
        if known is not None:
            self._count(known, letter, mark)
            told = Mark(event.get("of", mark.number), mark.at)
            self._update(known.id, sent={**known.sent, letter: told}, deferred=_without(known.deferred, letter))

    def _refused(self, event: Event, mark: Mark) -> None:
        known, letter = self.registrations.get(event["id"]), event["letter"]
        if known is not None:
            refusal = Refusal(mark.number, mark.at, event["code"])
            self._count(known, letter, mark)
            self._update(
                known.id, refused={**known.refused, letter: refusal}, deferred=_without(known.deferred, letter)
            )

    def _deferred(self, event: Event, mark: Mark) -> None:
        known, letter = self.registrations.get(event["id"]), event["letter"]
        if known is not None:
            before = known.deferred.get(letter)
            refusal = Refusal(mark.number, mark.at, event["code"], before.tries + 1 if before else 1)
            self._update(known.id, deferred={**known.deferred, letter: refusal})

    def _tips_ended(self, event: Event, mark: Mark) -> None:
        known = self.registrations.get(event["id"])
        if known is not None and known.tips_ended is None:
            self._update(known.id, tips_ended=mark)

    def _told(self, event: Event, mark: Mark) -> None:
        address, before = event["address"], self.told.get(event["address"])
        tries = before.tries + 1 if before else 1
        self.told[address] = Told(mark.number, mark.at, event.get("code", 0), tries, event["letter"])

    def _announced(self, event: Event, mark: Mark) -> None:
        self.announced.add(event["letter"])

    def _count(self, known: Registration, letter: str, mark: Mark) -> None:
        last = max((each.number for each in (known.sent.get(letter), known.refused.get(letter)) if each), default=0)
        again = known.asked_again.number if known.asked_again else 0
        self._update(known.id, letters=(*known.letters, mark), copies=known.copies + (0 < last < again))

    def _leave(self, known: Registration, state: State, mark: Mark) -> None:
        if known.active:
            self._settle(known.id)
            self._waiting.pop(known.id, None)
            if known.state is State.CONFIRMED:
                self.confirmed -= 1
        self._update(known.id, state=state, ended=mark)
        self._promote(mark)

    def _verify(self, id: str, mark: Mark) -> None:
        if id in self._unverified:
            self._settle(id)
            self._update(id, verified=True)
            self.addresses.add(self.registrations[id].address)
            self._promote(mark)

    def _settle(self, id: str) -> None:
        """She is no longer one who is asked to confirm."""
        if id in self._unverified:
            del self._unverified[id]
            self._unverified_waiting -= id in self._waiting

    def _promote(self, mark: Mark) -> None:
        while self.free and len(self._waiting) > self._unverified_waiting and not self._started(mark.at):
            first = next(id for id in self._waiting if id not in self._unverified)
            del self._waiting[first]
            self._update(first, state=State.CONFIRMED, seated=mark)
            self.confirmed += 1

    def _update(self, id: str, **changes: object) -> None:
        self.registrations[id] = replace(self.registrations[id], **changes)


def _without(marks: dict, letter: str) -> dict:
    return {each: mark for each, mark in marks.items() if each != letter}


_FOLDS = {
    "registered": Roster._registered,
    "verified": Roster._verified,
    "lapsed": Roster._lapsed,
    "cancelled": Roster._cancelled,
    "erased": Roster._erased,
    "seats": Roster._seats,
    "scheduled": Roster._scheduled,
    "status": Roster._status,
    "link": Roster._link,
    "sent": Roster._sent,
    "refused": Roster._refused,
    "deferred": Roster._deferred,
    "tips-ended": Roster._tips_ended,
    "told": Roster._told,
    "announced": Roster._announced,
}
_PARTS: dict[str, dict[str, type]] = {
    "registered": {"id": str, "address": str, "sector": str},
    "verified": {"id": str},
    "lapsed": {"id": str},
    "cancelled": {"id": str},
    "erased": {"id": str},
    "seats": {"seats": int},
    "scheduled": {"start": str, "end": str},
    "status": {"status": str},
    "link": {"link": str},
    "sent": {"id": str, "letter": str},
    "refused": {"id": str, "letter": str, "code": int},
    "deferred": {"id": str, "letter": str, "code": int},
    "tips-ended": {"id": str},
    "told": {"address": str, "letter": str},
    "announced": {"letter": str},
}
_OPTIONAL: dict[str, dict[str, type]] = {"registered": {"verify": bool}, "sent": {"of": int}, "told": {"code": int}}
_TIMES = {"at", "start", "end"}

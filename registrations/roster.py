"""The roster: who has a seat and who waits. A pure fold over a lecture's log, with six rules.

1. A registration takes a seat if one is free and nobody waits; otherwise it waits.
2. When a seat falls free or seats are added, the one who has waited longest has it at once.
3. Fewer seats than before take nobody's seat away.
4. One active registration per address; the same again changes nothing but asks for the letter again.
5. Nothing moves after the lecture has started.
6. Those with a seat never exceed the seats that were in force when the last of them got hers.

An event is a dict as it stands in the log: ``{"kind": …, "at": "2027-01-11T09:30:00Z", …}``. The kinds:
``registered`` (id, address, sector), ``cancelled`` (id), ``erased`` (id), ``seats`` (seats), ``scheduled`` (start, end),
``status`` (status), ``link`` (link, its fingerprint), ``sent`` (id, letter), ``refused`` (id, letter, code). Times are UTC
in one form, so that text compares.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

Event = dict


class State(StrEnum):
    """Where a registration stands."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"  # by herself
    ERASED = "erased"  # she had her data deleted


ACTIVE = (State.CONFIRMED, State.WAITING)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the log: the entry's number and the time that the event gives."""

    number: int
    at: str


@dataclass(frozen=True, slots=True)
class Refusal(Mark):
    """A place in the log where a mail server's final answer stands."""

    code: int  # 500–599


@dataclass(frozen=True, slots=True)
class Registration:
    """One sign-up, as the log knows it: no personal data."""

    id: str = field(repr=False)  # secret: opens the registrant's own page
    state: State
    registered: Mark
    sector: str
    address: str = field(repr=False)  # fingerprint
    seated: Mark | None = None  # when she got her seat
    ended: Mark | None = None  # when she cancelled or erased
    asked_again: Mark | None = None  # the last time that the same address signed up once more
    sent: dict[str, Mark] = field(default_factory=dict)  # letter → when it was last handed over
    refused: dict[str, Refusal] = field(default_factory=dict)  # letter → when the mail server refused it for good

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
    return events


class Roster:
    """The fold. Feed it the log's entries in order; ask it anything in between."""

    def __init__(self) -> None:
        self.number = 0  # of the last entry folded
        self.seats: int | None = None
        self.start: str | None = None
        self.end: str | None = None
        self.status: str | None = None
        self.link: str | None = None  # fingerprint of the way to the lecture
        self.moved: Mark | None = None  # when the lecture last got another time, was called off or restored
        self.linked: Mark | None = None  # when it last got another link
        self.registrations: dict[str, Registration] = {}  # by id, in the log's order
        self.answers: dict[str, State] = {}  # by id: what the one who signed up was told, duplicates too
        self.confirmed = 0
        self._waiting: dict[str, None] = {}  # ids, the longest wait first
        self._by_address: dict[str, str] = {}  # fingerprint → id, active ones only

    def fold(self, number: int, events: Iterable[Event]) -> None:
        """Take in entry ``number`` of the log."""
        for event in events:
            _FOLDS[event["kind"]](self, event, Mark(number, event["at"]))
        self.number = number

    @property
    def waiting(self) -> list[str]:
        """The ids of those who wait, the longest wait first."""
        return list(self._waiting)

    @property
    def free(self) -> int:
        """Seats that nobody has; never below 0."""
        return max((self.seats or 0) - self.confirmed, 0)

    def takes(self, at: str) -> State:
        """What a new registration would get at ``at`` (rules 1 and 5)."""
        return State.CONFIRMED if self.free and not self._waiting and not self._started(at) else State.WAITING

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
            case "seats":
                return event["seats"] != self.seats
            case "scheduled":
                return (event["start"], event["end"]) != (self.start, self.end)
            case "status":
                return event["status"] != self.status
            case "link":
                return event["link"] != self.link
            case _:
                return True

    def duplicate(self, id: str) -> bool:
        """Whether this sign-up only repeated an active one: nothing of it needs to be kept."""
        return id in self.answers and id not in self.registrations

    def _started(self, at: str) -> bool:
        return self.start is not None and at >= self.start

    def _registered(self, event: Event, mark: Mark) -> None:
        id, address = event["id"], event["address"]
        if id in self.answers:
            return
        state = self.answers[id] = self.takes(mark.at)
        known = self._by_address.get(address)
        if known is not None:
            self._update(known, asked_again=mark)
            return
        seat = state is State.CONFIRMED
        self.registrations[id] = Registration(
            id=id,
            state=state,
            registered=mark,
            sector=event["sector"],
            address=address,
            seated=mark if seat else None,
        )
        self._by_address[address] = id
        if seat:
            self.confirmed += 1
        else:
            self._waiting[id] = None

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
        known = self.registrations.get(event["id"])
        if known is not None:
            self._update(known.id, sent={**known.sent, event["letter"]: mark})

    def _refused(self, event: Event, mark: Mark) -> None:
        known = self.registrations.get(event["id"])
        if known is not None:
            refusal = Refusal(mark.number, mark.at, event["code"])
            self._update(known.id, refused={**known.refused, event["letter"]: refusal})

    def _leave(self, known: Registration, state: State, mark: Mark) -> None:
        if known.active:
            self._by_address.pop(known.address, None)
            self._waiting.pop(known.id, None)
            if known.state is State.CONFIRMED:
                self.confirmed -= 1
        self._update(known.id, state=state, ended=mark)
        self._promote(mark)

    def _promote(self, mark: Mark) -> None:
        while self.free and self._waiting and not self._started(mark.at):
            first = next(iter(self._waiting))
            del self._waiting[first]
            self._update(first, state=State.CONFIRMED, seated=mark)
            self.confirmed += 1

    def _update(self, id: str, **changes: object) -> None:
        self.registrations[id] = replace(self.registrations[id], **changes)


_FOLDS = {
    "registered": Roster._registered,
    "cancelled": Roster._cancelled,
    "erased": Roster._erased,
    "seats": Roster._seats,
    "scheduled": Roster._scheduled,
    "status": Roster._status,
    "link": Roster._link,
    "sent": Roster._sent,
    "refused": Roster._refused,
}
_PARTS: dict[str, dict[str, type]] = {
    "registered": {"id": str, "address": str, "sector": str},
    "cancelled": {"id": str},
    "erased": {"id": str},
    "seats": {"seats": int},
    "scheduled": {"start": str, "end": str},
    "status": {"status": str},
    "link": {"link": str},
    "sent": {"id": str, "letter": str},
    "refused": {"id": str, "letter": str, "code": int},
}

"""The log where many processes meet and none can wait for its turn: functions over an object store.

If each fought for a number of its own, most would lose most of the time. So whoever signs somebody up first leaves a *wish*:
an empty object beside the entries, whose name holds the event. Whoever claims the next number names all the wishes that are
there. Most of those who lose that claim find themselves named in the winner's entry, and are done.

A *pack* is a copy of the first entries in one object, so that a new process needn't read them one by one. It is a shortcut
only: without it, or with one that can't be read, the entries themselves are read.
"""

import base64
import json
import re
import time
from collections.abc import Mapping
from contextlib import suppress

from registrations.errors import LogError, StoreError, Unclear
from registrations.log import ENTRY, Log, dump
from registrations.reading import document
from registrations.roster import Event, Roster, check
from registrations.store import Store

PACK = "pack.json"  # JSON list of entries, each a list of events
UNPACKED = 3  # entries that may lie beside the pack, or a 32nd of those that are in it
LEAST_PAUSE = 0.03  # seconds
_WISH = re.compile(r"wish-[0-9TZ]+-([\w-]+)")


class CrowdedLog(Log):
    """A Log in a store with ``read_all`` and ``write_all``, whose ``turn`` keeps nobody out."""

    def __init__(self, store: Store, slug: str):
        super().__init__(store, slug)
        self._kept: list[list[Event]] = []  # every entry, for the pack
        self._packed = 0  # how many of them are in it

    def read(self) -> Roster:
        with self._folding:
            self._look()
            return self._roster

    def clear(self) -> None:
        for name in self._names():
            event = _wished(name)
            if event is not None and event["id"] in self._roster.answers:
                self._store.delete(f"{self.slug}/log/{name}")

    def _write(self, events: list[Event], files: Mapping[str, bytes]) -> None:
        joining = [event for event in events if event["kind"] == "registered"]
        try:
            self._store.write_all(files)
            self._store.write_all({f"{self.slug}/log/{_wish(event)}": b"" for event in joining})
            self._order(events, with_wishes=bool(joining))
        except StoreError as error:
            if joining:  # and her wish may be seen by another at any time
                raise Unclear(error.name, error.words) from error
            raise

    def _order(self, events: list[Event], *, with_wishes: bool) -> None:
        while True:
            began = time.monotonic()
            with self._folding:
                wishes = self._look()
                if not self._unsaid(events):
                    return
                news = self._unsaid([*events, *wishes] if with_wishes else events)
                number = self._roster.number + 1
            if self._others_first(news, events):  # give them the time that they need to name us: a look saves a claim
                time.sleep(max(time.monotonic() - began, LEAST_PAUSE))
                if self._said_by(number, events):
                    return
            if self._store.claim(self._name(number), dump(news)):
                with self._folding:
                    if self._roster.number < number:  # a reader may have been faster
                        self._take(number, news)
                    self._pack()
                return
            if self._said_by(number, events):
                return

    def _others_first(self, news: list[Event], events: list[Event]) -> bool:
        """Whether the wish that is first in the line is another's."""
        mine = [event["id"] for event in events if event["kind"] == "registered"]
        line = [event["id"] for event in news if event["kind"] == "registered"]
        return bool(line) and line[0] not in mine

    def _look(self) -> list[Event]:
        """Take in the entries that are new; gives the wishes that lie there, the oldest first."""
        names = self._names()
        entries = [name for name in names if ENTRY.fullmatch(name)]
        first = self._roster.number + 1
        for expected, name in enumerate(entries, first):
            if name != f"{expected:08}.json":
                raise self._missing(expected, name)
        if not self._opened and PACK in names and len(entries) > UNPACKED:
            self._unpack(len(entries))
        missed = [f"{self.slug}/log/{name}" for name in entries[self._roster.number + 1 - first :]]
        for name, data in zip(missed, self._store.read_all(missed), strict=True):
            if data is None:
                raise LogError(name, "försvann medan den lästes. Lägg tillbaka filen från en säkerhetskopia.")
            self._fold(self._roster.number + 1, data)
        self._opened = True
        return [event for event in map(_wished, names) if event is not None]

    def _names(self) -> list[str]:
        """What lies beside the entries that are known, and after them."""
        return self._store.names(f"{self.slug}/log", f"{self._roster.number:08}.json")

    def _unsaid(self, events: list[Event]) -> list[Event]:
        """Those that tell the log something: each registration once, and after the rest, which it may depend on."""
        new = [event for event in events if self._roster.changes(event)]
        joining = {event["id"]: event for event in new if event["kind"] == "registered"}
        rest = [event for event in new if event["kind"] != "registered"]
        return rest + sorted(joining.values(), key=lambda event: (event["at"], event["id"]))

    def _said_by(self, number: int, events: list[Event]) -> bool:
        """Whether entry ``number``, with which another was faster, leaves nothing to be said of ``events``."""
        data = self._store.read(self._name(number))
        with self._folding:
            if data is not None and self._roster.number == number - 1:
                self._fold(number, data)
            return not self._unsaid(events)

    def _take(self, number: int, events: list[Event]) -> None:
        super()._take(number, events)
        self._kept.append(events)

    def _unpack(self, most: int) -> None:
        """Take in at most so many entries from the pack, if it can be read."""
        try:
            entries = [check(events) for events in document(self._store.read(f"{self.slug}/log/{PACK}") or b"")]
        except (ValueError, TypeError):
            return
        for number, events in enumerate(entries[:most], 1):
            if number > self._roster.number:
                self._take(number, events)
        self._packed = len(entries)

    def _pack(self) -> None:
        """Copy the entries together, if many lie beside the pack."""
        if len(self._kept) - self._packed < max(UNPACKED, self._packed // 32):
            return
        with suppress(StoreError):  # the entries are there
            self._store.write(f"{self.slug}/log/{PACK}", json.dumps(self._kept, separators=(",", ":")).encode())
            self._packed = len(self._kept)


def _wish(event: Event) -> str:
    """The name of an object that says what ``event`` says."""
    text = base64.urlsafe_b64encode(json.dumps(event, separators=(",", ":")).encode()).decode().rstrip("=")
    return f"wish-{re.sub('[^0-9TZ]', '', event['at'])}-{text}"


def _wished(name: str) -> Event | None:
    """The event that the name of a wish holds; None for the names of other things."""
    match = _WISH.fullmatch(name)
    if not match:
        return None
    try:
        event = check([document(base64.urlsafe_b64decode(f"{match[1]}==="))])[0]
    except ValueError:
        return None
    return event if event["kind"] == "registered" else None

"""A lecture's log: what happened, in order, without personal data. Entries are never changed and never deleted.

Entry N is the JSON list of events under ``<slug>/log/0000000N.json``. The number is the order, and it belongs to whoever
claims the name first. In a process one thread writes for all who wait, their files too: that saves commits and costs
no thread a wait for the interpreter.
"""

import json
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from registrations.errors import LogError
from registrations.reading import document
from registrations.roster import Event, Roster, check
from registrations.store import NOTHING, Store

ENTRY = re.compile(r"\d{8}\.json")  # an editor's backup copy beside them is nobody's entry


@dataclass(eq=False)
class _Ticket:
    """What one thread wants to have in the log."""

    events: Sequence[Event]
    files: Mapping[str, bytes]  # which must be durable before the events are in the log
    woken: threading.Event = field(default_factory=threading.Event)
    done: bool = False
    error: BaseException | None = None


class Log:
    """The log of the lecture ``slug`` in ``store``, folded into a roster as far as it has been read."""

    def __init__(self, store: Store, slug: str):
        self.slug = slug
        self._store = store
        self._roster = Roster()
        self._folding = threading.RLock()
        self._opened = False
        self._queue: list[_Ticket] = []
        self._led = False  # some thread is writing now
        self._gate = threading.Lock()

    @property
    def seen(self) -> Roster:
        """The roster as far as the log has been read: not at all, perhaps."""
        return self._roster

    def read(self) -> Roster:
        """The roster as the log stands now. Raises LogError when an entry is missing or damaged."""
        with self._folding:
            if not self._opened:
                self._check_numbers()
            while (data := self._store.read(self._name(self._roster.number + 1))) is not None:
                self._fold(self._roster.number + 1, data)
            self._opened = True
            return self._roster

    def clear(self) -> None:
        """Remove what lies beside the entries and isn't needed any more. Here there is nothing."""

    def append(self, *events: Event, files: Mapping[str, bytes] = NOTHING) -> Roster:
        """Return when the log says what ``events`` say; those that tell it nothing new are left out.

        ``files`` are kept before any of it is said. Raises StoreError when that could not be done (some of the files may
        be there all the same); LogError when the log can't be trusted.
        """
        ticket = _Ticket(events, files)
        with self._gate:
            self._queue.append(ticket)
            leads, self._led = not self._led, True
        if not leads:
            ticket.woken.wait()
        if not ticket.done:
            self._lead()
        if ticket.error is not None:
            raise ticket.error
        return self._roster

    def _lead(self) -> None:
        """Write for all who wait, then wake them, and let the first of those who came meanwhile lead."""
        with self._gate:
            batch, self._queue = self._queue, []
        error: BaseException | None = None
        try:
            self._write(
                [event for ticket in batch for event in ticket.events],
                {name: data for ticket in batch for name, data in ticket.files.items()},
            )
        except BaseException as caught:  # each of those who wait must be told
            error = caught
        finally:
            for ticket in batch:
                ticket.done, ticket.error = True, error
                ticket.woken.set()
            with self._gate:
                self._led = bool(self._queue)
                if self._queue:
                    self._queue[0].woken.set()

    def _write(self, events: list[Event], files: Mapping[str, bytes]) -> None:
        with self._store.turn(f"{self.slug}/.turn"):
            while True:
                roster = self.read()
                news = [event for event in events if roster.changes(event)]
                if not news:
                    self._store.settle(f"{self.slug}/log")  # another said it, and may not have come further yet
                    return
                number, data = roster.number + 1, dump(news)
                if self._store.claim(self._name(number), data, first=files):
                    with self._folding:
                        if self._roster.number < number:  # a reader may have been faster
                            self._take(number, news)
                    return
                files = NOTHING

    def _fold(self, number: int, data: bytes) -> None:
        try:
            self._take(number, check(document(data)))
        except ValueError as error:
            raise LogError(
                self._name(number), f"är skadad ({error}). Lägg tillbaka filen från en säkerhetskopia."
            ) from error

    def _take(self, number: int, events: list[Event]) -> None:
        self._roster.fold(number, events)

    def _check_numbers(self) -> None:
        expected = 1
        for name in filter(ENTRY.fullmatch, self._store.names(f"{self.slug}/log")):
            if name != f"{expected:08}.json":
                raise self._missing(expected, name)
            expected += 1

    def _missing(self, number: int, found: str) -> LogError:
        words = f"saknas, men {found} finns. Lägg tillbaka filen från en säkerhetskopia."
        return LogError(self._name(number), words)

    def _name(self, number: int) -> str:
        return f"{self.slug}/log/{number:08}.json"


def dump(events: list[Event]) -> bytes:
    """An entry as bytes: a JSON list with a line for each event."""
    lines = ",\n ".join(json.dumps(event, separators=(", ", ": ")) for event in events)
    return f"[{lines}]\n".encode()

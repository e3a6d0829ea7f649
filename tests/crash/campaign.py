"""Rounds of one store: a collector under load, ended at a bad moment, its files checked, and started again.

The moments are drawn from a seed: at a random time under load, when a letter arrives, before or after the mail server has
answered, and during the start. Threads run as they like, so the same seed gives like rounds and not the very same.
"""

import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from registrations.desk import Desk
from registrations.folder import FolderStore
from registrations.letters import due
from tests.crash.check import faults, faults_at_rest, unordered
from tests.crash.clients import Clients
from tests.crash.disk import Disk
from tests.crash.mail import MailServer
from tests.crash.seen import Seen
from tests.support import catalogue, coming, environment, publish

SERVE = ("-m", "registrations", "serve")
SEATS = {"hundra": 100, "tjugo": 20, "fem": 5, "en": 1}
LONGEST = 0.5  # seconds of load, or of a start, before the end
LETTER = 1.0  # seconds at most that the end waits for its letter
UNDER_LOAD, FIRST_CALLS, AT_THE_START = "under load", "at the first calls", "at the start"
BEFORE_YES, AFTER_YES = "before a letter's yes", "after a letter's yes"
MOMENTS = {UNDER_LOAD: 4, FIRST_CALLS: 2, AT_THE_START: 2, BEFORE_YES: 2, AFTER_YES: 2}  # with their weights
WITHOUT_A_DISK = 0.2  # seconds at most that the collector lives on when its disk has no power
PATIENCE = 120.0  # seconds for a start, or for the letters of a whole campaign


@dataclass(frozen=True)
class Result:
    """What a campaign found and how much of it there was."""

    seen: Seen
    faults: list[str]
    rounds: int
    doubled: int  # letters that came more than once
    ends: Counter[str]  # how often each kind of moment was chosen
    unordered: int  # people who were written and not ordered when the end came

    def __str__(self) -> str:
        seen = self.seen
        ends = ", ".join(f"{count} {name}" for name, count in sorted(self.ends.items()))
        return (
            f"{self.rounds} rounds ({ends}): {len(seen.answered)} sign-ups answered of {sum(seen.tried.values())} tried, "
            f"{len(seen.cancelled)} cancelled, {len(seen.letters)} letters, {self.doubled} of them twice, "
            f"{self.unordered} put in order afterwards, {len(self.faults)} faults"
        )


class Campaign:
    """Everything in ``folder``, which is empty. A round ends with SIGKILL; with a ``disk``, which holds the store then, its
    power is cut first.
    """

    def __init__(
        self,
        folder: Path,
        *,
        seed: int,
        disk: Disk | None = None,
        command: tuple[str, ...] = SERVE,
    ):
        self.folder, self.seed, self.seen = folder, seed, Seen()
        self.store = (disk.root if disk else folder) / "store"
        self._disk, self._command = disk, command
        self._lectures = [coming(slug, seats=seats, days=30 + day) for day, (slug, seats) in enumerate(SEATS.items())]
        self._chance = random.Random(seed)
        self._process: subprocess.Popen | None = None
        self._over = threading.Event()  # the disaster of this round has come
        self._striking = threading.Lock()
        self._ends: Counter[str] = Counter()
        self._unordered = 0
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._address = free.getsockname()
        publish(folder, *self._lectures)

    def run(self, rounds: int, *, tell: Callable[[str], None] = lambda words: None) -> Result:
        """End the collector ``rounds`` times; stops after the first round with faults. Then let it finish its letters."""
        found: list[str] = []
        done = 0
        with MailServer(self.seen.letters) as mail:
            self._mail = mail
            try:
                with Clients(self.seen, tuple(SEATS), self._address, seed=self.seed) as clients:
                    while done < rounds and not found:
                        self._round(clients)
                        self._unordered += unordered(self.store)
                        found = faults(self.store, self.seen)
                        done += 1
                        tell(f"{done}/{rounds}")
                if not found:
                    self._finish()
                    found = faults(self.store, self.seen) + faults_at_rest(self.store, self.seen)
            finally:
                if self._process:
                    self._process.kill()
                    self._process.wait()
        return Result(self.seen, found, done, self._doubled(), self._ends, self._unordered)

    def _round(self, clients: Clients) -> None:
        moment = self._chance.choices(tuple(MOMENTS), tuple(MOMENTS.values()))[0]
        self._ends[moment] += 1
        self._over.clear()
        self._start()
        if moment == AT_THE_START:
            self._over.wait(self._chance.uniform(0, LONGEST))
        else:
            self._wait_until_up()
            if moment == BEFORE_YES:
                self._mail.before = self._at_letter(self._chance.randint(1, 8))
            elif moment == AFTER_YES:
                self._mail.after = self._at_letter(self._chance.randint(1, 8))
            answered = len(self.seen.answered)
            clients.up.set()
            if moment == UNDER_LOAD:
                self._wait_for(lambda: len(self.seen.answered) > answered)
            self._over.wait(LETTER if moment in (BEFORE_YES, AFTER_YES) else self._chance.uniform(0, LONGEST))
        self._end()
        clients.up.clear()

    def _at_letter(self, count: int) -> Callable[[], None]:
        """A call that brings the disaster when it is called for the ``count``-th time."""
        left = iter(range(count - 1))

        def called() -> None:
            if next(left, None) is None:
                self._strike()

        return called

    def _start(self) -> None:
        settings = {"REGISTRATIONS_STORE": f"file:{self.store}", "REGISTRATIONS_MAIL": self._mail.setting}
        with (self.folder / "server.log").open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self._command],
                env=environment(self.folder, **settings, PORT=str(self._address[1])),
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )

    def _wait_until_up(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                socket.create_connection(self._address, timeout=1).close()
                return
            except OSError:
                time.sleep(0.01)
        raise AssertionError(f"the collector did not start: {self.said()[-2000:]}")

    def _end(self) -> None:
        self._mail.before = self._mail.after = lambda: None
        self._strike()
        if self._disk:
            time.sleep(self._chance.uniform(0, WITHOUT_A_DISK))
        self._process.kill()
        self._process.wait()
        if self._disk:
            self._disk.come_back()

    def _strike(self) -> None:
        with self._striking:
            if self._over.is_set():
                return
            if self._disk:
                self._disk.cut()
            else:
                self._process.kill()
            self._over.set()

    def _finish(self) -> None:
        """Have everything put in order and all letters sent, and end the collector as one should."""
        self._start()
        self._wait_until_up()
        desk = Desk(FolderStore(self.store), lambda: catalogue(*self._lectures))
        self._wait_for(lambda: not self._due(desk))
        self._process.terminate()
        self._process.wait(PATIENCE)

    def _wait_for(self, holds: Callable[[], bool]) -> None:
        """Until it holds, the collector has ended or nobody has patience any more; the check says what became of it."""
        deadline = time.monotonic() + PATIENCE
        while not holds() and time.monotonic() < deadline and self._process.poll() is None:
            time.sleep(0.02)

    def _due(self, desk: Desk) -> bool:
        now = desk.clock()
        return any(any(due(desk.log(lecture.slug).read(), lecture, now)) for lecture in self._lectures)

    def _doubled(self) -> int:
        return len(self.seen.letters) - len({letter.id for letter in self.seen.letters})

    def said(self) -> str:
        """What the collectors have written."""
        return (self.folder / "server.log").read_text("utf-8")

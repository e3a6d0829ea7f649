"""32 people at a time who sign up, try again when nobody answers, and sometimes cancel, as long as the collector is up."""

import http.client
import json
import random
import threading
from collections.abc import Sequence
from urllib.parse import urlencode

from tests.crash.check import SEATED
from tests.crash.seen import Seen

CLIENTS = 32
REST = 0.8  # seconds at most that a client thinks before her next call
CANCELS = 0.4  # the part of the calls that cancel, when somebody has a seat
HEADERS = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}


class Clients:
    """They call ``host:port`` while ``up`` is set. What they saw is in ``seen``."""

    def __init__(self, seen: Seen, slugs: Sequence[str], address: tuple[str, int], *, seed: int):
        self.up = threading.Event()
        self._seen, self._slugs, self._address = seen, slugs, address
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._unanswered: list[str] = []
        self._number = 0
        self._offered = 0  # letters looked at for somebody who could cancel
        self._may_cancel: list[tuple[str, str]] = []  # address and own page
        self._faults: list[BaseException] = []
        self._threads = [threading.Thread(target=self._run, args=(seed + each,)) for each in range(CLIENTS)]

    def __enter__(self) -> "Clients":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self.up.set()
        for thread in self._threads:
            thread.join()
        if self._faults:
            raise self._faults[0]

    def _run(self, seed: int) -> None:
        chance = random.Random(seed)
        connection = http.client.HTTPConnection(*self._address, timeout=30)
        try:
            while not self._ended.wait(chance.uniform(0, REST)):
                self.up.wait()
                if not self._ended.is_set():
                    self._call(connection, chance)
        except BaseException as fault:
            self._faults.append(fault)
        finally:
            connection.close()

    def _call(self, connection: http.client.HTTPConnection, chance: random.Random) -> None:
        leaves = self._somebody_who_leaves(chance) if chance.random() < CANCELS else None
        if leaves:
            email, page = leaves
            status, _ = self._post(connection, f"{page}avboka", {})
            if status == 200:
                self._seen.cancelled.add(email)
            return
        email = self._somebody_new(chance)
        status, answer = self._post(
            connection, f"/anmalan/{self._seen.lecture[email]}", {"email": email, "name": "A", "sector": "vard"}
        )
        if status == 201:
            self._seen.answered[email] = answer["status"]
        elif status in (0, 503):
            with self._lock:
                self._seen.refused += status == 503
                self._unanswered.append(email)
        else:
            raise AssertionError(f"a sign-up was answered {status}")

    def _post(self, connection: http.client.HTTPConnection, path: str, form: dict[str, str]) -> tuple[int, dict]:
        """Status and answer; 0 when there was none."""
        try:
            connection.request("POST", path, urlencode(form), HEADERS)
            response = connection.getresponse()
            body = response.read()
            return response.status, json.loads(body)
        except (OSError, http.client.HTTPException):
            connection.close()
            return 0, {}

    def _somebody_new(self, chance: random.Random) -> str:
        """An address that nobody has used, or that of one who got no answer and tries again."""
        with self._lock:
            if self._unanswered and chance.random() < 0.5:
                email = self._unanswered.pop()
            else:
                self._number += 1
                email = f"{self._number}@exempel.se"
                self._seen.lecture[email] = chance.choice(self._slugs)
            self._seen.tried[email] += 1
            return email

    def _somebody_who_leaves(self, chance: random.Random) -> tuple[str, str] | None:
        with self._lock:
            letters = self._seen.letters
            while self._offered < len(letters):
                letter = letters[self._offered]
                self._offered += 1
                if letter.page and letter.subject.startswith(SEATED) and letter.to in self._seen.answered:
                    self._may_cancel.append((letter.to, letter.page))
            if not self._may_cancel:
                return None
            return self._may_cancel.pop(chance.randrange(len(self._may_cancel)))

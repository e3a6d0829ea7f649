"""The signed age of a form: a mark that the lecture page fetches, which says when, and can't be made by anybody else.

A person needs some seconds to fill in the form; a script that only posts has no mark, and one in a hurry has a young one.
"""

import hmac
import secrets
from datetime import datetime
from enum import Enum

from registrations.errors import StoreError
from registrations.store import Store

YOUNGEST = 3  # seconds
OLDEST = 12 * 3600  # seconds: a page that was left open over the day
NAME = "marks.key"  # with a dot: no lecture's slug has one


class Age(Enum):
    """What a mark says of the form that brings it."""

    GOOD = "good"
    NONE = "none"  # there is none, or it has grown too old: nothing is known
    BAD = "bad"  # too young, another lecture's, or made up


class Marks:
    """Makes and reads marks with the key in ``store``, so that every process and instance takes those of the others."""

    def __init__(self, store: Store):
        self._store = store
        self._key: bytes | None = None

    def make(self, slug: str, now: datetime) -> str:
        """A mark for the form of a lecture, as of now. Raises StoreError."""
        moment = f"{int(now.timestamp()):x}-{secrets.token_hex(8)}"  # two who open the page in one second have one each
        return f"{moment}.{self._sign(slug, moment)}"

    def read(self, mark: str, slug: str, now: datetime) -> Age:
        """What ``mark`` says of a form that comes now. Raises StoreError."""
        if not mark:
            return Age.NONE
        moment, _, signature = mark.partition(".")
        if len(mark) > 100 or not mark.isascii() or not hmac.compare_digest(signature, self._sign(slug, moment)):
            return Age.BAD
        age = now.timestamp() - int(moment.partition("-")[0], 16)
        if age > OLDEST:
            return Age.NONE
        return Age.GOOD if age >= YOUNGEST else Age.BAD

    def _sign(self, slug: str, moment: str) -> str:
        return hmac.digest(self._secret(), f"{slug} {moment}".encode(), "sha256").hex()[:32]

    def _secret(self) -> bytes:
        """The key, made when it is first needed, read once."""
        if self._key is None:
            if (key := self._store.read(NAME)) is None:
                self._store.claim(NAME, secrets.token_hex(32).encode())
                key = self._store.read(NAME)
            if not key:  # with an empty key anybody could sign
                raise StoreError(NAME, "är tom. Radera filen, så görs en ny.")
            self._key = key
        return self._key

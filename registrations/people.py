"""People: the only place with personal data. One file per sign-up; erasing somebody is deleting her file."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, fields

from registrations.errors import StoreError
from registrations.reading import checked, document
from registrations.store import Store


@dataclass(frozen=True, kw_only=True, repr=False)
class Person:
    """Somebody who signed up. Does not print."""

    email: str
    name: str
    organisation: str = ""
    sector: str = ""
    tips: bool = False  # wants to hear of later lectures
    at: str = ""  # when she signed up, "2027-01-11T09:30:00Z"
    verify: bool = False  # she is asked to confirm; here too, should a crash come before the log says so

    def __repr__(self) -> str:
        return "Person(…)"


_FORMS = {each.name: each.type for each in fields(Person)}


def new_id() -> str:
    """128 random bits: whoever knows them may see and cancel the registration."""
    return secrets.token_hex(16)


def is_id(text: str) -> bool:
    """Whether ``text`` looks like an id; nothing else is ever made into a file name."""
    return len(text) == 32 and set(text) <= set("0123456789abcdef")


class People:
    """Those who signed up for the lecture ``slug``."""

    def __init__(self, store: Store, slug: str):
        self.folder = f"{slug}/people"
        self._store = store
        self._key_name = f"{slug}/key"
        self._key: bytes | None = None

    def file(self, id: str, person: Person) -> dict[str, bytes]:
        """``person`` as the store keeps her: name and bytes."""
        return {self._name(id): json.dumps(vars(person), ensure_ascii=False).encode()}

    def read(self, id: str) -> Person | None:
        """The person, or None when she has been erased. Raises StoreError on a damaged file."""
        data = self._store.read(self._name(id))
        if data is None:
            return None
        try:
            return Person(**checked(document(data), _FORMS))
        except (ValueError, TypeError) as error:
            raise StoreError(
                f"{self.folder}/…", "en persons fil är skadad. Lägg tillbaka den från en säkerhetskopia."
            ) from error

    def delete(self, id: str) -> None:
        """Erase the person."""
        self._store.delete(self._name(id))

    def ids(self) -> Iterator[str]:
        """The ids of everybody who is written, in the log or not yet."""
        for name in self._store.names(self.folder):
            id = name.removesuffix(".json")
            if is_id(id):
                yield id

    def fingerprint(self, email: str) -> str:
        """The same for the same address, and nothing to anybody without the lecture's key, which is made when needed."""
        if not self.has_key():
            key = secrets.token_hex(32).encode()
            self._key = key if self._store.claim(self._key_name, key) else self._store.read(self._key_name)
        return hmac.new(self._key or b"", email.casefold().encode(), hashlib.sha256).hexdigest()[:32]

    def known_fingerprint(self, email: str) -> str | None:
        """The fingerprint, or None when there is no key: then nobody is known any more."""
        return self.fingerprint(email) if self.has_key() else None

    def has_key(self) -> bool:
        """Whether addresses can still be told from each other."""
        if self._key is None:
            self._key = self._store.read(self._key_name)
        return self._key is not None

    def delete_key(self) -> None:
        """Make the log anonymous for ever."""
        self._key = None
        self._store.delete(self._key_name)

    def _name(self, id: str) -> str:
        return f"{self.folder}/{id}.json"

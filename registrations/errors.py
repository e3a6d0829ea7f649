"""What can go wrong in the collector. Each kind carries the bad value and its place, not only words."""

import re
import sys
from contextlib import suppress

_ID = re.compile(r"[0-9a-f]{32}|wish-[\w-]+")  # opens a registrant's own page, or holds what does: no message has one


class RegistrationsError(Exception):
    """Base of everything that this package raises on purpose."""


class SettingError(RegistrationsError):
    """A setting that can't be used. The text says how to mend it."""

    def __init__(self, name: str, value: str, remedy: str):
        super().__init__(f"{name}={value!r}: {remedy}")
        self.name, self.value, self.remedy = name, value, remedy


class CatalogueError(RegistrationsError):
    """The catalogue is missing, unreadable, or not in a form that this version knows."""

    def __init__(self, path: str, words: str):
        super().__init__(f"{path}: {words}")
        self.path = path


class StoreError(RegistrationsError):
    """The store can't do what was asked. Whoever asked may try again later."""

    def __init__(self, name: str, words: str):
        super().__init__(f"{_ID.sub('…', name)}: {words}")
        self.name, self.words = name, words


class Unusable(StoreError):
    """The store can't be used as it is set up: its name, its keys, the clock, its version. Trying again changes nothing."""


class Unclear(StoreError):
    """The store didn't say how it went: what was asked may have happened. What belongs to it must be kept."""


class LogError(StoreError):
    """A lecture's log can't be trusted: an entry is missing or damaged. Only that lecture stops."""


def complain(words: str) -> None:
    """Say loudly, on stderr, what those who run the server must know. A log that is full is no reason to fail."""
    shown = "".join(letter if letter.isprintable() or letter == "\n" else "?" for letter in words)
    with suppress(OSError):
        print(shown, file=sys.stderr, flush=True)

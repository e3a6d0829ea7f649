"""Where everything is kept: named bytes. This module says what a store must do; ``folder`` does it on a disk.

Names are paths with ``/``, made by this package only ("<slug>/log/00000001.json"). All bytes are small and are written whole.
"""

import json
from contextlib import AbstractContextManager
from typing import Protocol

from registrations.errors import StoreError

FORMAT = 1


class Store(Protocol):
    """The terms. Every method raises StoreError when the store can't do it; nothing is then half done."""

    def read(self, name: str) -> bytes | None:
        """The bytes under ``name``, or None when there are none."""

    def names(self, folder: str) -> list[str]:
        """The last parts of the names in ``folder``, sorted; empty when there is no such folder."""

    def write(self, name: str, data: bytes) -> None:
        """Keep ``data`` under a new name of the caller's own. Durable once ``settle`` was called for its folder."""

    def settle(self, folder: str) -> None:
        """Make the names in ``folder`` durable."""

    def claim(self, name: str, data: bytes, *, after: str | None = None) -> bool:
        """Keep ``data`` under ``name`` if nobody has it: True, and durable; or False, and nothing was changed.

        The names in the folder ``after`` are durable before ``name`` can be seen.
        """

    def delete(self, name: str) -> None:
        """Remove ``name``, if it is there."""

    def turn(self, name: str, *, wait: bool = True) -> AbstractContextManager[bool]:
        """One at a time among all processes, as far as the store can. Without ``wait``: False when it is another's turn."""

    def sweep(self, folder: str) -> None:
        """Remove what an interrupted write left behind in ``folder``."""


def check_format(store: Store) -> None:
    """Mark a new store with the version of its layout. Raises StoreError on one from a newer version."""
    name = "format.json"
    if store.claim(name, json.dumps({"format": FORMAT}).encode()):
        return
    try:
        found = json.loads(store.read(name) or b"")["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(name, 'är skadad. Lägg tillbaka {"format": 1} om anmälningarna ligger här.') from error
    if found != FORMAT:
        raise StoreError(
            name, f"anmälningarna har format {found!r}, men den här versionen läser {FORMAT}. Använd en nyare version."
        )

"""Where everything is kept: named bytes. This module says what a store must do; ``folder`` does it on a disk, ``bucket``
in an object store.

Names are paths with ``/``, made by this package only ("<slug>/log/00000001.json"). All bytes are small and are written whole.
"""

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import Protocol

from registrations.errors import StoreError, Unusable
from registrations.reading import document

FORMAT = 1
NOTHING: Mapping[str, bytes] = MappingProxyType({})
_MARK = "format.json"


class Store(Protocol):
    """The terms. Every method raises StoreError when the store can't do it; nothing is then half done.

    Unclear, one of them, says of a write, a claim or a deletion that it may have been done all the same.
    """

    crowded: bool  # many processes meet here without a turn to wait for; then ``crowd`` keeps the logs

    def read(self, name: str) -> bytes | None:
        """The bytes under ``name``, or None when there are none."""

    def names(self, folder: str, after: str = "") -> list[str]:
        """The last parts of the names in ``folder`` that come after ``after``, sorted; empty when there is no such folder.

        Folders in it are among them. What begins with a dot is the store's own, and isn't.
        """

    def walk(self) -> list[str]:
        """Every name in the store, whole and sorted, without the store's own."""

    def write(self, name: str, data: bytes) -> None:
        """Keep ``data`` under a new name of the caller's own. Durable once ``settle`` was called for its folder."""

    def settle(self, folder: str) -> None:
        """Make the names in ``folder`` durable."""

    def claim(self, name: str, data: bytes, *, first: Mapping[str, bytes] = NOTHING) -> bool:
        """Keep ``data`` under ``name`` if nobody has it: True, and durable; or False, and ``name`` is unchanged.

        What ``first`` holds, under new names of the caller's own, is kept and durable before ``name`` can be seen.
        """

    def delete(self, name: str) -> None:
        """Remove ``name``, if it is there."""

    def turn(self, name: str, *, wait: bool = True) -> AbstractContextManager[bool]:
        """Without ``wait``: whether nobody else has the turn, in any process; it is ours for as long as this lasts.

        With ``wait``: True when it is our turn. A store that can't keep others out doesn't; ``claim`` settles it then.
        """

    def sweep(self, folder: str) -> None:
        """Remove what an interrupted write left behind in ``folder``."""


def check_format(store: Store) -> None:
    """Mark a new store with the version of its layout. Raises Unusable on one from a newer version."""
    if read_format(store) is None and not store.claim(_MARK, json.dumps({"format": FORMAT}).encode()):
        read_format(store)  # another was faster, perhaps a newer version


def read_format(store: Store) -> int | None:
    """The version of the layout, which this version can read; None when the store isn't marked. Raises StoreError."""
    data = store.read(_MARK)
    if data is None:
        return None
    try:
        found = document(data)["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(_MARK, 'är skadad. Lägg tillbaka {"format": 1} om anmälningarna ligger här.') from error
    if found != FORMAT:
        raise Unusable(
            _MARK,
            f"anmälningarna har format {found!r:.40}, men den här versionen läser {FORMAT}. Använd en nyare version.",
        )
    return found

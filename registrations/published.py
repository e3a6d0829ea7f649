"""The catalogue and the frame page in the store: what functions on many machines read, and take up without a deployment.

One object holds both, so that nobody sees a new catalogue in an old frame.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path

from registrations.catalogue import Catalogue, CatalogueFile, Policy, parse
from registrations.errors import CatalogueError, StoreError
from registrations.reading import document
from registrations.store import Store

NAME = "site.json"  # {"catalogue": <the catalogue's text>, "frame": <HTML>}
AGE = 10.0  # seconds that a reader may be behind


def publish(path: Path, store: Store) -> Catalogue:
    """Put the catalogue at ``path`` and its frame page into ``store``. Raises CatalogueError, StoreError."""
    file = CatalogueFile(path)
    catalogue, frame = file(), file.frame()
    document = {"catalogue": path.read_text("utf-8"), "frame": frame}
    store.write(NAME, json.dumps(document, ensure_ascii=False).encode())
    store.settle("")
    return catalogue


class PublishedCatalogue:
    """The catalogue in ``store``, looked for again every ten seconds."""

    def __init__(self, store: Store, *, siteurl: str | None = None, clock: Callable[[], float] = time.time):
        self._store, self._siteurl, self._clock = store, siteurl, clock
        self._read_at = -AGE
        self._data: bytes | None = None
        self._catalogue: Catalogue | None = None
        self._frame = ""

    def __call__(self) -> Catalogue:
        now = self._clock()  # of the wall: an instance may be put to sleep between two calls
        if self._catalogue is None or abs(now - self._read_at) >= AGE:
            try:
                self._read()
            except StoreError:
                if self._catalogue is None:
                    raise
            self._read_at = now
        return self._catalogue

    def refresh(self) -> None:
        """Look for it again at the next call."""
        self._read_at = -AGE

    def version(self) -> bytes | None:
        self()
        return self._data

    def policy(self) -> Policy:
        return self._catalogue.policy if self._catalogue else Policy()

    def frame(self) -> str:
        self()
        return self._frame

    def _read(self) -> None:
        data = self._store.read(NAME)
        if data is None:
            raise CatalogueError(f"{self._store!r}/{NAME}", "finns inte. Publicera webbplatsen först: make publish")
        if data == self._data:
            return
        try:
            whole = document(data)
            text, frame = whole["catalogue"], whole["frame"]
        except (ValueError, KeyError, TypeError) as error:
            raise CatalogueError(
                f"{self._store!r}/{NAME}", "är skadad. Publicera webbplatsen på nytt: make publish"
            ) from error
        self._catalogue, self._frame, self._data = parse(text, path=NAME).at(self._siteurl), frame, data

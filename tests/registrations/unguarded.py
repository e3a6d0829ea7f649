"""The collector with the guard switched off: its store overwrites instead of claiming. For the negative control only.

``python -m tests.registrations.unguarded [guarded]``: with ``guarded`` the same slow store keeps its guard.
"""

import os
import sys
import time
from contextlib import contextmanager
from dataclasses import replace

from registrations import settings
from registrations.folder import FolderStore
from registrations.serve import Server

LOOK = 0.15  # seconds between looking at the log and writing to it, so that two processes surely meet


def slowly(publish):
    """``publish`` after a pause."""

    def published(source: str, target: str) -> None:
        if "/log/" in target:
            time.sleep(LOOK)
        publish(source, target)

    return published


class Unguarded(FolderStore):
    """Takes turns with nobody."""

    @contextmanager
    def turn(self, name, *, wait=True):
        yield True


def main() -> None:
    """Serve, with or without the guard."""
    chosen = settings.read(os.environ)
    if "guarded" in sys.argv[1:]:
        store = FolderStore(chosen.store.root, publish=slowly(os.link))
    else:
        store = Unguarded(chosen.store.root, publish=slowly(os.replace))
    server = Server(replace(chosen, store=store))
    print(server.url, file=sys.stderr, flush=True)
    server.run()


if __name__ == "__main__":
    main()

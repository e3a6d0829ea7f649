"""The collector on a disk that fails once: ``python -m tests.registrations.failing FILE``.

While there is a FILE that says N, the Nth fsync from then on fails with EIO, and no other.
"""

import errno
import os
import sys
from itertools import count
from pathlib import Path

from registrations import cli

fsync = os.fsync


def failing(order: Path):
    """An fsync that fails as ``order`` says."""
    calls = count(1)

    def call(handle: int) -> None:
        try:
            number = int(order.read_text())
        except (FileNotFoundError, ValueError):  # not there, no longer, or being written
            number = None
        if number is not None and next(calls) == number:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        fsync(handle)

    return call


if __name__ == "__main__":
    os.fsync = failing(Path(sys.argv.pop()))
    cli.main()

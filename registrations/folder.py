"""A store in a folder on a local disk. What it says is kept, survives a crash and a power cut.

A file is written under a temporary name, fsynced, and published in one step: ``link`` fails when the name exists, so two
processes can't have the same. An fsync that fails is never tried again, since the kernel may have dropped the pages: the
store stops until it is opened anew.
"""

import errno
import fcntl
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from registrations.errors import StoreError

TEMPORARY = ".tmp-"
ABANDONED = 600.0  # seconds after which a temporary file can't belong to a write that is under way
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class FolderStore:
    """The store below ``root``, which is made if it isn't there. Files are 0600, folders 0700."""

    def __init__(self, root: Path, *, publish: Callable[[str, str], None] = os.link):
        self.root = Path(root)
        self._publish = publish
        self._made: set[str] = set()
        self._stopped: str | None = None

    def __repr__(self) -> str:
        return f"file:{self.root}"

    def read(self, name: str) -> bytes | None:
        try:
            with open(self._path(name), "rb") as file:
                return file.read()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self._error(name, "går inte att läsa", error) from error

    def names(self, folder: str) -> list[str]:
        try:
            return sorted(name for name in os.listdir(self._path(folder)) if not name.startswith("."))
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise self._error(folder, "går inte att läsa", error) from error

    def write(self, name: str, data: bytes) -> None:
        with self._temporary(name, data) as temporary:
            os.rename(temporary, self._path(name))

    def settle(self, folder: str) -> None:
        try:
            self._sync_folder(self._path(folder))
        except OSError as error:
            raise self._error(folder, "går inte att skriva", error) from error

    def claim(self, name: str, data: bytes, *, after: str | None = None) -> bool:
        with self._temporary(name, data) as temporary:
            if after is not None:  # here, since the fsync just made has most often written those names too
                self._sync_folder(self._path(after))
            try:
                self._publish(temporary, self._path(name))
            except FileExistsError:
                return False
            self._sync_folder(os.path.dirname(self._path(name)))
        return True

    def delete(self, name: str) -> None:
        path = self._path(name)
        try:
            with suppress(FileNotFoundError):
                os.unlink(path)
                self._sync_folder(os.path.dirname(path))
        except OSError as error:
            raise self._error(name, "går inte att radera", error) from error

    @contextmanager
    def turn(self, name: str, *, wait: bool = True) -> Iterator[bool]:
        path = self._path(name)
        try:
            self._make_folder(os.path.dirname(path))
            lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise self._error(name, "går inte att skriva", error) from error
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(lock)

    def sweep(self, folder: str) -> None:
        path = self._path(folder)
        with suppress(FileNotFoundError, NotADirectoryError):
            for name in os.listdir(path):
                leftover = os.path.join(path, name)
                with suppress(FileNotFoundError):
                    if name.startswith(TEMPORARY) and time.time() - os.stat(leftover).st_mtime > ABANDONED:
                        os.unlink(leftover)

    def _path(self, name: str) -> str:
        return f"{self.root}/{name}".rstrip("/")

    @contextmanager
    def _temporary(self, name: str, data: bytes) -> Iterator[str]:
        """``data`` on the disk under a temporary name beside ``name``; gone afterwards, whatever happens."""
        if self._stopped:
            raise StoreError(name, self._stopped)
        path = self._path(name)
        folder = os.path.dirname(path)
        temporary = f"{folder}/{TEMPORARY}{secrets.token_hex(8)}"
        try:
            self._make_folder(folder)
            handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                try:
                    left = memoryview(data)
                    while left:
                        left = left[os.write(handle, left) :]
                    self._fsync(handle)
                finally:
                    os.close(handle)
                yield temporary
            finally:
                with suppress(OSError):
                    os.unlink(temporary)
        except OSError as error:
            self._made.clear()  # a folder may have been taken away: look again next time
            raise self._error(name, "går inte att skriva", error) from error

    def _make_folder(self, folder: str) -> None:
        """Make ``folder`` and whatever is missing above it, durably. Remembers those that it has seen."""
        if folder in self._made:
            return
        parent, missing = os.path.dirname(folder), not os.path.isdir(folder)
        if missing:
            self._make_folder(parent)
            with suppress(FileExistsError):
                os.mkdir(folder, 0o700)
        if missing or f"{folder}/".startswith(f"{self.root}/"):  # another process may have made it, and come no further
            self._sync_folder(parent)
        self._made.add(folder)

    def _sync_folder(self, folder: str) -> None:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            self._fsync(handle)
        finally:
            os.close(handle)

    def _fsync(self, handle: int) -> None:
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in FULL:
                self._stopped = (
                    f"disken behöll inte det som skrevs ({error.strerror}). Kontrollera disken och starta sedan om."
                )
            raise

    def _error(self, name: str, what: str, error: OSError) -> StoreError:
        return StoreError(self._path(name), f"{what} ({error.strerror or error})")

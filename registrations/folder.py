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
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from registrations.errors import StoreError, Unclear
from registrations.store import NOTHING

TEMPORARY = ".tmp-"
ABANDONED = 600.0  # seconds after which a temporary file can't belong to a write that is under way
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class FolderStore:
    """The store below ``root``, which is made if it isn't there. Files are 0600, folders 0700."""

    crowded = False

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

    def names(self, folder: str, after: str = "") -> list[str]:
        try:
            found = os.listdir(self._path(folder))
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise self._error(folder, "går inte att läsa", error) from error
        return sorted(name for name in found if name > after and not name.startswith("."))

    def walk(self) -> list[str]:
        def fail(error: OSError) -> None:
            if not isinstance(error, FileNotFoundError):
                raise self._error("", "går inte att läsa", error) from error

        found = []
        for folder, folders, files in os.walk(self.root, onerror=fail):
            folders[:] = [name for name in folders if not name.startswith(".")]
            inside = os.path.relpath(folder, self.root)
            found += [os.path.normpath(f"{inside}/{name}") for name in files if not name.startswith(".")]
        return sorted(found)

    def write(self, name: str, data: bytes) -> None:
        with self._temporaries({name: data}) as temporaries:
            os.rename(temporaries.pop(name), self._path(name))

    def settle(self, folder: str) -> None:
        if self._stopped:  # an fsync that failed says yes the next time
            raise StoreError(self._path(folder), self._stopped)
        try:
            self._sync_folder(self._path(folder))
        except OSError as error:
            raise self._error(folder, "går inte att skriva", error) from error

    def claim(self, name: str, data: bytes, *, first: Mapping[str, bytes] = NOTHING) -> bool:
        with self._temporaries({**first, name: data}) as temporaries:
            for each in first:
                os.rename(temporaries.pop(each), self._path(each))
            for folder in {os.path.dirname(self._path(each)) for each in first}:
                self._sync_folder(folder)
            try:
                self._publish(temporaries[name], self._path(name))
            except FileExistsError:
                return False
            try:
                self._sync_folder(os.path.dirname(self._path(name)))
            except OSError as error:  # the name can be seen, and may be there after a restart
                raise Unclear(self._path(name), f"går kanske inte att behålla ({error.strerror})") from error
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
    def _temporaries(self, files: Mapping[str, bytes]) -> Iterator[dict[str, str]]:
        """All on the disk, each under a temporary name beside its own; whatever happens, those are gone afterwards.

        All are written before the first is synced: its commit most often serves the others too.
        """
        last = next(reversed(files))
        if self._stopped:
            raise StoreError(last, self._stopped)
        temporaries: dict[str, str] = {}
        handles: list[int] = []
        try:
            try:
                for name, data in files.items():
                    folder = os.path.dirname(self._path(name))
                    self._make_folder(folder)
                    temporary = f"{folder}/{TEMPORARY}{secrets.token_hex(8)}"
                    handles.append(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
                    temporaries[name] = temporary
                    _write_all(handles[-1], data)
                for handle in handles:
                    self._fsync(handle)
            finally:
                for handle in handles:
                    os.close(handle)
            yield temporaries
        except OSError as error:
            self._made.clear()  # a folder may have been taken away: look again next time
            raise self._error(last, "går inte att skriva", error) from error
        finally:
            for temporary in temporaries.values():
                with suppress(OSError):
                    os.unlink(temporary)

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


def _write_all(handle: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(handle, left) :]

"""Root reads what the pushing user left: no link is followed on the way, and nothing but plain files is opened.

She can put there what she likes, a link to a secret or a pipe that never ends, and change it at any moment.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

LARGEST = 10_000_000  # bytes of a text
MOST = 1_000_000_000  # bytes of a copied folder

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


def text(home: Path, *parts: str) -> str | None:
    """The text of a plain file below ``home``; None when there is none."""
    *folders, name = parts
    with suppress(OSError, UnicodeDecodeError), _folder(home, *folders) as folder:
        if file := _open(name, folder):
            with file:
                return file.read(LARGEST).decode("utf-8")
    return None


def names(home: Path, *parts: str) -> list[str]:
    """The names in a folder below ``home``."""
    with suppress(OSError), _folder(home, *parts) as folder:
        return sorted(os.listdir(folder))
    return []


def link(home: Path, name: str) -> list[str]:
    """The parts of the relative path that a link in ``home`` leads to, none of them upwards."""
    with suppress(OSError):
        parts = os.readlink(home / name).split("/")
        if all(part not in ("", ".", "..") for part in parts):
            return parts
    return []


def mirror(home: Path, *parts: str, target: Path, most: int = MOST) -> bool:
    """Put a copy of a folder below ``home`` in place of ``target``, in one step: plain files only. False when there is none.

    ``target`` is a link to the newest copy. Raises OSError, or ValueError when there are more than ``most`` bytes.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        with _folder(home, *parts) as folder:
            _copy(folder, new, most)
    except BaseException as error:
        shutil.rmtree(new, ignore_errors=True)
        if isinstance(error, FileNotFoundError):
            return False
        raise
    link = target.with_name(f".{target.name}.new")
    link.unlink(missing_ok=True)
    link.symlink_to(new.name)
    os.replace(link, target)
    for old in target.parent.glob(f".{target.name}-*"):
        if old != new:
            shutil.rmtree(old, ignore_errors=True)
    return True


def _copy(folder: int, new: Path, room: int) -> None:
    new.chmod(0o755)
    for path, _, files, handle in os.fwalk(".", dir_fd=folder):
        where = new / path
        where.mkdir(exist_ok=True)
        for name in files:
            if file := _open(name, handle):
                with file, (where / name).open("wb") as copy:
                    room -= os.fstat(file.fileno()).st_size
                    if room < 0:
                        raise ValueError("mappen är för stor")
                    shutil.copyfileobj(file, copy)


@contextmanager
def _folder(home: Path, *parts: str) -> Iterator[int]:
    handle = os.open(home, _FOLDER)
    try:
        for part in parts:
            inner = os.open(part, _FOLDER, dir_fd=handle)
            os.close(handle)
            handle = inner
        yield handle
    finally:
        os.close(handle)


def _open(name: str, folder: int) -> BinaryIO | None:
    """The file, if it is a plain one."""
    try:
        file = open(os.open(name, _FILE, dir_fd=folder), "rb")  # noqa: SIM115  who gets it closes it
    except OSError:
        return None
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    return None

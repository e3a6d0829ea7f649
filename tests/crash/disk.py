"""A disk whose power can be cut: an ext4 file system in an image file, mounted through a loop device. Needs root on Linux.

``cut`` stops the file system in one instant, in the middle of whatever it does, as FS_IOC_SHUTDOWN does without flushing its
journal: from then on nothing reaches the disk, and every write and fsync fails. The image is then copied without unmounting
it, and the copy is mounted in its place, which replays the journal as after a power cut. The copy holds what the file system
had handed to the disk and nothing of what was in memory only. What the disk itself may lose from a cache of its own that it
was told to flush is not simulated.

``commit=300`` keeps the file system from writing things out by itself every five seconds: what nobody has fsynced is lost.
"""

import fcntl
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

SIZE = 256 * 1024 * 1024  # bytes, most of them never written
SHUTDOWN, WITHOUT_FLUSHING = 0x8004587D, 2  # FS_IOC_SHUTDOWN, FS_SHUTDOWN_FLAGS_NOLOGFLUSH


class NotAllowed(Exception):
    """This machine lets nobody mount an image; the text says why."""


class Disk:
    """Mounted at ``folder/disk`` until the end of the ``with`` block. Raises NotAllowed."""

    def __init__(self, folder: Path):
        self.root = folder / "disk"
        self._folder, self._cuts = folder, 0

    def __enter__(self) -> "Disk":
        if sys.platform != "linux" or shutil.which("mkfs.ext4") is None:
            raise NotAllowed("needs Linux and mkfs.ext4")
        self.root.mkdir()
        with self._image.open("wb") as image:
            image.truncate(SIZE)
        _run("mkfs.ext4", "-q", str(self._image))
        self._mount()
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run(["umount", str(self.root)], check=False, capture_output=True)

    def cut(self) -> None:
        """Cut the power. What runs on the disk goes on, and fails, until it is killed."""
        handle = os.open(self.root, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, SHUTDOWN, struct.pack("I", WITHOUT_FLUSHING))
        finally:
            os.close(handle)

    def come_back(self) -> None:
        """Mount what a cut has left. Nothing may have a file open on the disk any more."""
        cut = self._image
        self._cuts += 1
        _run("cp", "--sparse=always", str(cut), str(self._image))
        _run("umount", str(self.root))
        cut.unlink()
        self._mount()

    @property
    def _image(self) -> Path:
        return self._folder / f"disk-{self._cuts}.img"

    def _mount(self) -> None:
        _run("mount", "-t", "ext4", "-o", "loop,commit=300", str(self._image), str(self.root))


def _run(*command: str) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise NotAllowed(f"{command[0]}: {done.stderr.strip()}")

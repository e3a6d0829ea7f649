"""The folders that the settings name: whether anything can be written there, and a loud word when it is over a network.

On a network file system a write may be said to be kept before it is, and two machines may both win the same name.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from registrations.errors import SettingError, complain
from registrations.settings import Settings

MOUNTINFO = Path("/proc/self/mountinfo")
# By way of FUSE those with a network behind them; others (ntfs-3g, bindfs, …) are local.
NETWORK = re.compile(
    r"9p|afs|ceph|cifs|coda|gpfs|lustre|ncpfs|nfs4?|orangefs|pvfs2|smb3|smbfs|fuse\.(ceph|ceph-fuse|curlftpfs|davfs|gcsfuse|"
    r"glusterfs|goofys|juicefs|mfs|moosefs|rclone|s3fs|s3ql|seaweedfs|smbnetfs|sshfs)"
)
_ESCAPE = re.compile(r"\\([0-7]{3})")


def check(settings: Settings) -> None:
    """Raises SettingError when a folder can't be written, or can't be made. Touches nothing."""
    for name, value, root in _folders(settings):
        there = next(folder for folder in (root, *root.parents) if os.path.lexists(folder))
        if not there.is_dir():
            raise SettingError(name, value, f"{there} är ingen mapp, så det går inte att skriva där. Välj en mapp.")
        if not os.access(there, os.W_OK | os.X_OK):
            words = f"mappen {there} går inte att skriva i. Välj en annan, eller ge den som kör servern rätt till den."
            raise SettingError(name, value, words)


def warn(settings: Settings, *, mountinfo: Path = MOUNTINFO) -> None:
    """Say on stderr which of the folders are on a network file system."""
    try:
        mounts = mountinfo.read_text("utf-8", "surrogateescape")
    except OSError:  # not Linux
        return
    for name, value, root in _folders(settings):
        if NETWORK.fullmatch(kind := kind_of(mounts, root) or ""):
            complain(
                f"VARNING: {name}={value!r} ligger på ett nätverksfilsystem ({kind}). Där kan anmälningar försvinna "
                "och platser bokas dubbelt. Välj en mapp på en lokal disk."
            )


def kind_of(mountinfo: str, path: Path) -> str | None:
    """The type of the file system that ``path`` is on, as ``/proc/self/mountinfo`` has it; None if it has none.

    ``path`` is absolute and need not exist.
    """
    kinds: dict[Path, str] = {}
    for line in mountinfo.splitlines():
        mount, _, source = line.partition(" - ")
        parts = mount.split(" ")
        if len(parts) > 4 and source:
            kinds[Path(_unescaped(parts[4]))] = source.split(" ")[0]  # of two on one folder the later lies above
    return next((kinds[folder] for folder in (path, *path.parents) if folder in kinds), None)


def _folders(settings: Settings) -> Iterator[tuple[str, str, Path]]:
    """Setting, its value and the folder, for the store and the outbox; a mail server has none."""
    for name, place in (("REGISTRATIONS_STORE", settings.store), ("REGISTRATIONS_MAIL", settings.post)):
        if root := getattr(place, "root", None):
            yield name, repr(place), Path(root).resolve()


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 8)), text)

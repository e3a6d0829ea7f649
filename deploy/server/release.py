"""Releases: a build that is ready, what visitors see of them, and which are kept."""

import hashlib
import json
import os
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.server.home import Home

SHOWN = "shown"
LEFT = 3600  # seconds after which a build that nobody showed is none that is about to be
KEPT = 10  # RELEASES in settings.env
CODE = ("registrations", "requirements")  # what the collector runs


@dataclass(frozen=True, kw_only=True)
class Release:
    """A build that is ready. ``folder`` has all of it, and a file ``shown`` when visitors have seen it."""

    folder: Path
    commit: str
    title: str
    code: str  # fingerprint of what the collector runs
    told: tuple[str, ...]  # what happens to the lectures, and to those who are signed up
    began: float  # when the push came; seconds since 1970
    words: str = ""  # what the build had to say beside

    @classmethod
    def read(cls, folder: Path) -> "Release":
        """The release in ``folder``. Raises OSError, ValueError or TypeError when it isn't whole."""
        return cls(folder=folder, **json.loads((folder / "release.json").read_text("utf-8")))

    @property
    def shown(self) -> bool:
        """Whether visitors have seen it; a build that was refused, or whose push was cut off, has no such mark."""
        return (self.folder / SHOWN).exists()

    def write(self) -> None:
        """Last of all: a folder without it is no release."""
        values = {name: value for name, value in asdict(self).items() if name != "folder"}
        (self.folder / "release.json").write_text(json.dumps(values, ensure_ascii=False), "utf-8")


def at(link: Path) -> Release | None:
    """The release that ``link`` leads to."""
    try:
        return Release.read(link.resolve(strict=True))
    except (OSError, ValueError, TypeError):
        return None


def whole(home: Home) -> list[Release]:
    """Those that are whole, shown or not, the newest first."""
    found = (at(folder) for folder in home.releases.glob("[0-9]*"))
    return sorted((each for each in found if each), key=lambda release: release.began, reverse=True)


def show(home: Home, release: Release) -> bool:
    """Let visitors see it, in one step. True when the collector has to start again for its code."""
    (release.folder / SHOWN).touch()
    _lead(home.current, release.folder)
    running = at(home.app)
    if running is None or running.code != release.code:
        _lead(home.app, release.folder)
    started = home.path / "restart"
    before = started.read_text() if started.exists() else None
    if before != release.code:
        started.write_text(release.code)
    return before != release.code


def prune(home: Home) -> None:
    """Delete the releases beyond those that are kept, and the environments that none of them needs."""
    used = {home.current.resolve(), home.app.resolve()}
    shown = [release for release in whole(home) if release.shown]
    left = [release for release in whole(home) if not release.shown and time.time() - release.began > LEFT]
    for release in (*shown[int(home.settings().get("RELEASES", KEPT)) :], *left):
        if release.folder not in used:
            shutil.rmtree(release.folder, ignore_errors=True)
    venvs = home.path / "venvs"
    needed = {os.readlink(release.folder / "venv").rpartition("/")[2] for release in whole(home)}
    for done in venvs.glob("*.done"):
        if done.stem not in needed:
            done.unlink()
            shutil.rmtree(venvs / done.stem, ignore_errors=True)


def fingerprint(code: Path) -> str:
    """Of what the collector runs: a push that leaves it alone needs no new start."""
    seen = hashlib.sha256()
    for path in sorted(path for name in CODE for path in (code / name).rglob("*") if path.is_file()):
        seen.update(f"{path.relative_to(code)}\0".encode() + path.read_bytes())
    return seen.hexdigest()


def _lead(link: Path, folder: Path) -> None:
    """Let ``link`` lead to ``folder`` in one step."""
    new = link.with_name(f".{link.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(os.path.relpath(folder, link.parent))
    os.sync()  # all that it leads to, or a power cut leaves a link to empty files
    os.replace(new, link)

"""All that lies in HOME, the folder of the server's user (/srv/jour), and what every command needs of it.

repo.git/     what is pushed to; its hooks call ``receive`` (before anything is taken in) and ``announce`` (after)
releases/     the last ten and the one in app, each with code/, site/, venv, catalogue.json, frame.html and release.json
current       leads to the release that visitors see
app           leads to the release whose code the collector runs
previews/     other branches, each under a name that nobody guesses
venvs/        Python environments, by the hash of what they are made of
cache/        what a build need not make again
store/        the sign-ups
outbox/       letters, when no mail server is set
visits/       how many visited, a file a day, nothing about anybody
tools/        a copy of this project with an environment of its own; belongs to root
settings.env  the collector's settings (README), and those in docs/drift.md
backup.env    restic's settings: where the copies go, and their password
restart       the fingerprint of the code that the collector was last told to start with; written when it must start again
"""

import fcntl
import os
import pwd
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


class Refused(Exception):
    """It isn't done; the words say why and what to do."""


def say(words: str) -> None:
    """To the one who pushes."""
    print(words, flush=True)


class Home:
    """The folder ``path``."""

    def __init__(self, path: Path):
        self.path = path.resolve()
        self.repository = self.path / "repo.git"
        self.current = self.path / "current"
        self.app = self.path / "app"
        self.releases = self.path / "releases"
        self.previews = self.path / "previews"
        self.store = self.path / "store"
        self.visits = self.path / "visits"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Two pushes wait for each other."""
        with (self.path / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Någon annan publicerar just nu. Väntar …")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def settings(self, file: str = "settings.env") -> dict[str, str]:
        """A NAME=value a line; nothing when there is no such file."""
        try:
            lines = (self.path / file).read_text("utf-8").splitlines()
        except FileNotFoundError:
            return {}
        pairs = (line.split("=", 1) for line in lines if "=" in line and not line.lstrip().startswith("#"))
        return {name.strip(): value.strip().strip("\"'") for name, value in pairs}

    def environment(self, **settings: str) -> dict[str, str]:
        """What a program of the project is started with: the server's settings and nothing of git's."""
        foreign = ("GIT_", "REGISTRATIONS_", "PYTHONPATH")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        return {**kept, **self.settings(), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1", **settings}

    def git(self, *arguments: str) -> str:
        """What git says of the repository."""
        return subprocess.run(
            ["git", *arguments], cwd=self.repository, check=True, capture_output=True, text=True
        ).stdout

    def commit(self, branch: str) -> str | None:
        """What the branch points at."""
        try:
            return self.git("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}").strip()
        except subprocess.CalledProcessError:
            return None

    def tell(self) -> bool:
        """Have web server and collector take up what is new: the command CHANGED of the settings. True when they have."""
        command = shlex.split(self.settings().get("CHANGED", ""))
        return not command or subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode == 0


def become_owner(home: Path, environment: Mapping[str, str]) -> None:
    """From root to the user that HOME belongs to: nothing that was pushed runs as root."""
    owner = pwd.getpwuid(home.stat().st_uid)
    if os.geteuid() != 0 or owner.pw_uid == 0:
        return
    os.initgroups(owner.pw_name, owner.pw_gid)
    os.setgid(owner.pw_gid)
    os.setuid(owner.pw_uid)
    os.environ.update(HOME=owner.pw_dir, USER=owner.pw_name, LOGNAME=owner.pw_name)
    os.chdir(home)

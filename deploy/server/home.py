"""The three places of a server, and what every command needs of them.

HOME (/srv/jour) belongs to the user who is pushed to, and nobody else gets in. What a push makes lies there:

    repo.git/     what is pushed to; its hooks call ``receive`` (before anything is taken in) and ``announce`` (after)
    releases/     the last ten and the one in app, each with code/, site/, venv, catalogue.json, frame.html and release.json
    current       leads to the release that visitors see
    app           leads to the release whose code the collector runs
    previews/     other branches, each under a name that nobody guesses
    venvs/        Python environments, by the hash of what they are made of
    cache/        what a build need not make again
    store/        the sign-ups
    outbox/       letters, when no mail server is set
    trace/        tracebacks of builds that ended on a fault in the code, the last ten
    visits/       how many visited, a file a day, nothing about anybody
    restart       the fingerprint of the code that the collector was last told to start with; written when it must start again

ETC (/etc/jour) belongs to root, who decides there: ``settings.env`` (README, and docs/drift.md), ``backup.env`` (restic's
settings, for root only), the keys of those who may push, and what they may ask over ssh. It is the user's home for ssh.

STATE (/var/lib/jour) is what root makes of HOME: copies of what the web server may serve by itself, and what was last taken up.
"""

import fcntl
import os
import pwd
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Refused(Exception):
    """It isn't done; the words say why and what to do."""


def say(words: str) -> None:
    """To the one who pushes."""
    print(words, flush=True)


class Home:
    """HOME at ``path`` with the other two. ``told``: the command that has web server and collector take up what is new."""

    def __init__(self, path: Path, *, etc: Path | None = None, state: Path | None = None, told: str = ""):
        self.path = path.resolve()
        self.etc, self.state = etc or self.path, state or self.path
        self._told = shlex.split(told)
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
            return pairs((self.etc / file).read_text("utf-8"))
        except FileNotFoundError:
            return {}

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
        """Have web server and collector take up what is new. True when they have."""
        return not self._told or subprocess.run(self._told, check=False, stdin=subprocess.DEVNULL).returncode == 0


def pairs(text: str) -> dict[str, str]:
    """The NAME=value of each line."""
    lines = (line.split("=", 1) for line in text.splitlines() if "=" in line and not line.lstrip().startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, value in lines}


def is_ours(home: Path) -> bool:
    """Whether HOME belongs to the user that this process runs as."""
    return home.stat().st_uid == os.geteuid()


def as_owner(home: Path, *arguments: str, stdin: int | None = subprocess.DEVNULL) -> int:
    """Run a command of ours as the user that HOME belongs to; gives the exit status.

    Nothing that was pushed runs as root, or in root's terminal: it could type into it.
    """
    owner = pwd.getpwuid(home.stat().st_uid)
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "PYTHONPATH") if name in os.environ}
    names = {"HOME": owner.pw_dir, "USER": owner.pw_name, "LOGNAME": owner.pw_name}
    become = [] if is_ours(home) else ["setsid", "--wait", "runuser", "-u", owner.pw_name, "--"]
    command = [*become, sys.executable, "-P", "-m", "deploy.server", *arguments]
    return subprocess.run(command, env=kept | names, cwd="/", stdin=stdin, check=False).returncode

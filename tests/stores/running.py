"""Programs that a store is made of: found or installed, started, waited for, ended."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tests.support import end_group

SECONDS = 10.0  # that each program may take to end by itself


def install(*packages: str, program: str) -> None:
    """Have Debian's ``packages`` if ``program`` isn't there."""
    if shutil.which(program):
        return
    admin = [] if os.geteuid() == 0 else ["sudo", "-n"]
    quiet = [*admin, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    subprocess.run([*quiet, "update"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([*quiet, "install", "--no-install-recommends", *packages], check=True, stdout=subprocess.DEVNULL)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def listens(port: int) -> bool:
    """Whether somebody answers there."""
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


class Programs:
    """Those that run in the background, each with a log in ``folder``; the last one started is ended first.

    Each leads a session of its own, so that what it starts ends with it.
    """

    def __init__(self, folder: Path):
        self._folder = folder
        self._running: list[subprocess.Popen] = []

    def start(self, *command: str | Path, **options: object) -> None:
        """Run ``command`` until ``stop``."""
        with (self._folder / f"{Path(command[0]).name}.log").open("ab") as log:
            settings = {"stdout": log, "stderr": log, "stdin": subprocess.DEVNULL, "start_new_session": True, **options}
            self._running.append(subprocess.Popen(command, **settings))

    def wait(self, ready: Callable[[], bool], what: str, *, seconds: float = 120) -> None:
        """Return when ``ready`` says yes. Raises AssertionError with what the programs said."""
        deadline = time.monotonic() + seconds
        while not ready():
            ended = [each.args[0] for each in self._running if each.poll() is not None]
            if ended or time.monotonic() > deadline:
                said = "\n".join(path.read_text("utf-8", "replace")[-2000:] for path in self._folder.glob("*.log"))
                raise AssertionError(f"{what} did not come up; ended: {ended}\n{said}")
            time.sleep(0.1)

    def stop(self) -> None:
        """End them all, with all that they have started."""
        for each in reversed(self._running):
            end_group(each, seconds=SECONDS)

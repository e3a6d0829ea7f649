"""Builds of the site, each in a folder of its own; ``var/site`` leads to the last one that succeeded.

A visitor meets the old site or the new one, never half of one and never a broken one.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from registrations import traces

TRACE = "var/trace.txt"


class Builds:
    """The builds of the site in ``root``, made with ``environment``."""

    def __init__(self, root: Path, environment: Mapping[str, str]):
        self.site = root / "var" / "site"
        self._root, self._environment = root, environment
        self._folder = root / "var" / "builds"
        self._process: subprocess.Popen | None = None
        self.stopped = False  # told to end
        self._noticed = ""

    @property
    def exist(self) -> bool:
        """Whether there is a site to show."""
        return self.site.is_dir()

    def build(self) -> bool:
        """Build in a new process, so that changed plugins count too. True when ``site`` leads to the new build.

        Prints how it went. A build that fails changes nothing but what is printed: every fault.
        """
        began = time.monotonic()
        self._folder.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        folder.chmod(0o755)
        good, said = self._run(folder)
        words = said if good else self._told(said)
        if good:
            self._switch(folder)
            print(f"Webbplatsen är byggd ({time.monotonic() - began:.1f} s).".replace(".", ",", 1), flush=True)
        else:
            shutil.rmtree(folder)
        if words and not self.stopped and (words != self._noticed or not good):
            print(words, file=sys.stderr, flush=True)
        self._noticed = words if good else self._noticed
        return good

    def stop(self) -> None:
        """End a build that is under way; for a signal's handler."""
        self.stopped = True
        if self._process:
            self._process.terminate()

    def _run(self, folder: Path) -> tuple[bool, str]:
        """Whether Pelican succeeded, and what it had to say."""
        command = [sys.executable, "-m", "pelican", "-s", "pelicanconf.py", "-o", str(folder)]
        self._process = subprocess.Popen(  # noqa: S603  nothing in it comes from outside
            [*command, "--fatal", "warnings", "--log-handler", "plain"],
            cwd=self._root,
            env=dict(self._environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,  # Ctrl-C is for the server, which ends the build itself
        )
        if self.stopped:
            self._process.terminate()
        _, words = self._process.communicate()
        return self._process.returncode == 0, words.strip()

    def _told(self, said: str) -> str:
        """What is said of a build that failed: a traceback is for whoever mends the code, and goes to a file."""
        ours, trace = traces.split(said)
        if not trace or self.stopped:
            return ours
        sentence = traces.sentence(TRACE, kept=traces.keep(self._root / TRACE, trace))
        return f"{ours}\n\n{sentence}".lstrip()

    def _switch(self, folder: Path) -> None:
        """Lead ``site`` to ``folder`` in one step, and remove what is older than the build before it."""
        before = self.site.resolve()
        link = self.site.with_name(f".site.{os.getpid()}")
        link.unlink(missing_ok=True)
        link.symlink_to(folder.relative_to(self.site.parent))
        link.replace(self.site)
        for other in self._folder.iterdir():
            if other not in (folder, before):
                shutil.rmtree(other, ignore_errors=True)

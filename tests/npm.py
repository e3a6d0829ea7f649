"""Programs that come from npm, run by the Node that the virtual environment has: kept in ``var/npm`` from one run to the next."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support import ROOT

_BIN = Path(sys.executable).parent
_QUIET = ("--silent", "--no-audit", "--no-fund", "--ignore-scripts")


def program(package: str, version: str, name: str) -> list[str | Path]:
    """The command that runs the program ``name`` of ``package``; fetched if it isn't there."""
    return _command(f"{package}-{version}", name, ["install", f"{package}@{version}"])


def locked(folder: Path, name: str) -> list[str | Path]:
    """The same for a package that ``folder`` locks, with hashes, by its package-lock.json."""
    return _command(folder.name, name, ["ci"], lock=folder)


def packages(folder: Path) -> Path:
    """Where the packages stand that ``folder`` locks: for what is in them, not to be run. Raises CalledProcessError."""
    kept = _kept(folder.name, "node_modules/.package-lock.json", ["ci"], lock=folder)
    return kept / "node_modules"


def _command(kept: str, name: str, arguments: list[str], *, lock: Path | None = None) -> list[str | Path]:
    found = f"node_modules/.bin/{name}"
    return [_BIN / "node", (_kept(kept, found, arguments, lock=lock) / found).resolve()]


def _kept(kept: str, needed: str, arguments: list[str], *, lock: Path | None) -> Path:
    """The folder ``kept`` once the file ``needed`` is in it."""
    folder = ROOT / "var" / "npm" / kept
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as alone:  # workers of a test run ask at the same time
        fcntl.flock(alone, fcntl.LOCK_EX)
        if not (folder / needed).exists() or (lock and _changed(lock, folder)):
            for file in lock.glob("*.json") if lock else ():
                shutil.copy(file, folder)
            path = os.pathsep.join([str(_BIN), os.environ.get("PATH", "")])
            subprocess.run(
                [_BIN / "npm", *arguments, *_QUIET, "--prefix", folder], check=True, env={**os.environ, "PATH": path}
            )
    return folder


def _changed(lock: Path, folder: Path) -> bool:
    name = "package-lock.json"
    return not (folder / name).exists() or (lock / name).read_bytes() != (folder / name).read_bytes()

"""Where the samples come from: packages of the registries, locked with hashes, kept in ``var/inputs`` and ``var/npm``.

Only archives are fetched; nothing of them is installed or imported.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
import tarfile
import zipfile
from functools import cache
from pathlib import Path

from tests import npm
from tests.support import ROOT

LOCK = ROOT / "requirements" / "inputs.txt"
NPM = ROOT / "requirements" / "inputs"
KEPT = ROOT / "var" / "inputs"
_PIP = ("-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps", "--require-hashes")


class Unreachable(Exception):
    """The samples aren't here and can't be fetched."""


@cache
def pypi(package: str) -> Path:
    """The unpacked source archive of a package in requirements/inputs.txt. Raises Unreachable."""
    return next(
        path for path in _archives().iterdir() if path.name.rpartition("-")[0].lower().replace("_", "-") == package
    )


@cache
def node(package: str) -> Path:
    """The folder of a package in requirements/inputs/package-lock.json. Raises Unreachable."""
    try:
        return npm.packages(NPM) / package
    except subprocess.CalledProcessError as error:
        raise Unreachable(_words("npm", error)) from error


@cache
def _archives() -> Path:
    KEPT.mkdir(parents=True, exist_ok=True)
    unpacked, mark = KEPT / "unpacked", KEPT / "made-of.txt"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    with (KEPT / ".lock").open("w") as alone:  # workers of a test run ask at the same time
        fcntl.flock(alone, fcntl.LOCK_EX)
        if not mark.exists() or mark.read_text() != wanted:
            for folder in (KEPT / "archives", unpacked):
                shutil.rmtree(folder, ignore_errors=True)
            for archive in _fetched(KEPT / "archives"):
                _unpack(archive, unpacked)
            shutil.rmtree(KEPT / "archives")
            mark.write_text(wanted)
    return unpacked


def _fetched(folder: Path) -> list[Path]:
    """The source archives of all packages: wheels have no samples."""
    names = [line.partition("==")[0] for line in LOCK.read_text().splitlines() if "==" in line]
    command = [sys.executable, *_PIP, "--no-binary", ",".join(names), "-d", folder, "-r", LOCK]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        raise Unreachable(_words("pip", error)) from error
    return sorted(folder.iterdir())


def _unpack(archive: Path, folder: Path) -> None:
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as file:
            file.extractall(folder)
    else:
        with tarfile.open(archive) as file:
            file.extractall(folder, filter="data")


def _words(client: str, error: subprocess.CalledProcessError) -> str:
    last = (error.stderr or "").strip().rpartition("\n")[2]
    return (
        "The samples for tests/inputs are not in var/ and could not be fetched. Run the tests once with a network: "
        f"they are kept in var/inputs and var/npm after that. {client} said: {last or f'exit status {error.returncode}'}"
    )

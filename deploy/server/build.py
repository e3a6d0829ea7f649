"""Build a commit strictly, in a folder of its own, with the packages that its own lock names."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from deploy.server import crash
from deploy.server.home import Home, Refused, say

FETCHING = 600  # seconds that new packages may take
# When each file was changed, which the build can't ask git for: plugins/history.py reads it.
HISTORY = ".content-history"
CHANGES = ("-c", "core.quotePath=false", "log", "--format=@%ct", "--name-only", "--no-renames")
SECONDS = 60  # that a build may take; BUILD_SECONDS in settings.env


def build(home: Home, commit: str, folder: Path, **settings: str) -> str:
    """Make code/, venv, site/, catalogue.json and frame.html of ``commit`` in ``folder``. Raises Refused, OSError.

    Gives what the build had to say beside that it succeeded: it is told after the result.
    """
    code = folder / "code"
    code.mkdir()
    _unpack(home, commit, code)
    if not (code / "publishconf.py").exists():
        raise Refused("Det som skickades är inte webbplatsen: publishconf.py saknas.")
    (code / HISTORY).write_text(home.git(*CHANGES, commit, "--", "content"), "utf-8")
    environment = _venv(home, code, commit)
    (folder / "venv").symlink_to(os.path.relpath(environment, folder))
    settings = {"REGISTRATIONS_CATALOGUE": str(folder / "catalogue.json"), **settings}
    return _pelican(home, folder, commit, home.environment(**settings))


def environment_key(code: Path) -> str:
    """The name of the environment that the code's lock describes, for the Python that we are run by."""
    locks = sorted(path for path in (code / "requirements").glob("*.txt") if path.stem != "test")
    version = f"{sys.version_info.major}.{sys.version_info.minor}".encode()
    return hashlib.sha256(b"".join([version, *(path.read_bytes() for path in locks)])).hexdigest()[:16]


def python(folder: Path) -> str:
    """The Python that a build was made with."""
    return str(folder / "venv" / "bin" / "python")


def _pelican(home: Home, folder: Path, commit: str, environment: dict[str, str]) -> str:
    seconds = int(home.settings().get("BUILD_SECONDS", SECONDS))
    cache = json.dumps(str(home.path / "cache"))
    command = [python(folder), "-m", "pelican", "content", "-s", "publishconf.py", "-o", str(folder / "site")]
    options = ["--fatal", "warnings", "--log-handler", "plain", "-e", f"CACHE_PATH={cache}"]
    with tempfile.TemporaryFile("w+") as words:
        process = subprocess.Popen(
            [*command, *options],
            cwd=folder / "code",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=words,
            start_new_session=True,  # so that all it has started can be ended with it
        )
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Refused(f"Bygget tog mer än {seconds} sekunder och avbröts. Försök igen.") from None
        finally:
            _end(process)
        words.seek(0)
        said = words.read().strip()
    if status:
        raise Refused(crash.told(home, said, commit[:10]) or "Bygget misslyckades utan att säga varför.")
    return said


def _unpack(home: Home, commit: str, folder: Path) -> None:
    archive = subprocess.Popen(["git", "archive", "--format=tar", commit], cwd=home.repository, stdout=subprocess.PIPE)
    taken = subprocess.run(["tar", "-x", "-C", folder], stdin=archive.stdout, check=False)
    archive.stdout.close()
    if archive.wait() or taken.returncode:
        raise Refused("Det som skickades gick inte att packa upp. Är disken full? Se docs/drift.md.")


def _venv(home: Home, code: Path, commit: str) -> Path:
    """The environment that the code's lock describes; made when it is new."""
    lock = code / "requirements" / "main.txt"
    key = environment_key(code)
    folder, done = home.path / "venvs" / key, home.path / "venvs" / f"{key}.done"
    if not done.exists():
        say("Paketen är nya. Det tar en minut att hämta dem …")
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        try:
            for command in (
                [sys.executable, "-m", "venv", folder],
                [folder / "bin/python", "-m", "pip", "install", "-q", "--require-hashes", "-r", lock],
            ):
                subprocess.run(command, check=True, capture_output=True, text=True, timeout=FETCHING)
        except subprocess.TimeoutExpired:
            raise Refused("Paketen gick inte att hämta på tio minuter. Försök igen.") from None
        except subprocess.CalledProcessError as error:
            words = crash.told(home, error.stderr.strip(), commit[:10])
            raise Refused(f"Paketen gick inte att hämta:\n{words[-1000:]}") from error
        done.touch()
    return folder


def _end(process: subprocess.Popen) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()

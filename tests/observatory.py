"""What MDN's HTTP Observatory says of a web server: the rules of its own npm package, run here."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests import npm
from tests.support import ROOT

DRIVER = Path(__file__).with_suffix(".mjs")


@dataclass(frozen=True)
class Grade:
    """The verdict on a server."""

    score: int
    grade: str  # "A+" to "F"
    failed: tuple[str, ...]  # the tests that it did not pass
    found: dict[str, str]  # what each test found: {"redirection": "redirection-to-https", …}


def score(host: str, port: int = 443, *, http: int = 80, ca: Path | None = None, path: str = "/") -> Grade:
    """The grade of the server that speaks HTTPS at ``port`` and HTTP at ``http``; ``ca`` has signed its certificate.

    Names under localhost are this machine. Nothing at ``http`` passes as "redirection-not-needed-no-http", and so does a redirect
    that leads nowhere: look at ``found``. An answer that is an error (404, 500) raises.
    """
    node, program = npm.locked(ROOT / "requirements" / "observatory", "mdn-http-observatory-scan")
    package = Path(program).parent.parent
    _without_preloaded(package)
    done = subprocess.run(
        [node, DRIVER, package, host, str(port), str(http), path],
        env={"NODE_EXTRA_CA_CERTS": str(ca)} if ca else {},  # nor any proxy
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"no grade: {done.stderr}")
    return _read(json.loads(done.stdout))


def _read(said: dict) -> Grade:
    tests = said["tests"]
    return Grade(
        score=said["scan"]["score"],
        grade=said["scan"]["grade"],
        failed=tuple(sorted(name for name, test in tests.items() if not test["pass"])),
        found={name: test["result"] for name, test in tests.items()},
    )


def _without_preloaded(package: Path) -> None:
    """No name counts as preloaded by browsers: the package fetches their list when its scripts run, and npm runs none here."""
    kept = package / "conf" / "hsts-preload.json"
    if not kept.exists():
        new = kept.with_suffix(f".{os.getpid()}")
        new.write_text("{}", "utf-8")
        new.replace(kept)  # whole, though workers of a test run write at the same time

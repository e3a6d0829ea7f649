"""How soon a ``git push`` of the real site is seen: from the command to the page that has the change."""

import statistics
import tempfile
import time
from pathlib import Path

import requests

from tests.deploy.server import collector, make
from tests.support import ROOT

RUNS = 5


def measure() -> None:
    """Print the median time; the push goes to a repository on this machine."""
    with tempfile.TemporaryDirectory() as work:
        server = make(Path(work), content=ROOT / "content")
        server.publish("Första")
        with collector(server) as running:
            times = [_push(server, f"{running.url}/stod/", number) for number in range(RUNS)]
    print(
        f"git push until the page has the change {statistics.median(times):.2f} s, at most {max(times):.2f}; budget 6 s"
    )


def _push(server: object, url: str, number: int) -> float:
    mark = f"Ändring {number}."
    page = server.work / "content/pages/stod.md"
    server.write("pages/stod.md", f"{page.read_text('utf-8')}\n{mark}\n")
    server.commit()
    start = time.perf_counter()
    done = server.push()
    assert done.returncode == 0, done.stderr
    while mark not in requests.get(url, timeout=20).text:
        time.sleep(0.02)
    return time.perf_counter() - start

"""How soon the devserver shows a change in a page of the real site."""

import shutil
import statistics
import tempfile
import time
from pathlib import Path

import requests

from tests.site.built import free_port
from tests.support import ROOT, Collector

RUNS = 5


def measure() -> None:
    """Print the median time from the saved file to the page that has the change."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        for name in ("content", "theme", "plugins"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pelicanconf.py", folder)
        with Collector(
            folder, command=("-m", "plugins.devserver"), PORT=str(free_port()), PYTHONPATH=f"{folder}:{ROOT}"
        ) as server:
            times = [_change(folder / "content/pages/stod.md", f"{server.url}/stod/", number) for number in range(RUNS)]
    print(f"a change is shown after {statistics.median(times):.2f} s; budget 2 s")


def _change(page: Path, url: str, number: int) -> float:
    mark = f"Ändring {number}."
    page.write_text(f"{page.read_text('utf-8')}\n{mark}\n", "utf-8")
    start = time.perf_counter()
    while mark not in requests.get(url, timeout=20).text:
        time.sleep(0.02)
    return time.perf_counter() - start

"""How long a build takes: the real site, and 1,000 lectures beside plain Pelican's own build of the same Markdown."""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from registrations.catalogue import ZONE
from tests.support import ROOT, environment

LECTURES = 1000
RUNS = 5
BODY = """Ekonomiskt våld kan ge skulder och lån som kvinnan aldrig har velat ha. Ofta går det vidare efteråt.

## Vad timmen handlar om

- hur det kan se ut
- hur du kan **fråga**
- vad du kan göra i [ditt arbete](https://example.org/{number})

## Så går det till

Vi ses på Zoom i en timme. Först pratar föreläsaren, sedan kan du ställa frågor.
"""


def measure() -> None:
    """Print the median times and their ratio; ours and plain Pelican's in turn."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        real = statistics.median(_ours(ROOT / "content", folder) for _ in range(RUNS))
        print(f"the real site: {real:.2f} s; budget 2.5 s")
        ours, plain = _write(folder)
        pairs = [(_ours(ours, folder), _plain(plain, folder)) for _ in range(RUNS)]
    first, second = (statistics.median(each) for each in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{LECTURES} lectures: {first:.2f} s, plain Pelican {second:.2f} s, ratio {ratio:.2f}; budget 1.0")


def _write(folder: Path) -> tuple[Path, Path]:
    """The same Markdown twice: as lectures beside our pages, and as articles for Pelican as it comes."""
    ours, plain = folder / "ours", folder / "plain"
    shutil.copytree(ROOT / "content", ours, ignore=shutil.ignore_patterns("lectures"))
    (ours / "lectures").mkdir()
    plain.mkdir()
    first = datetime.now(ZONE).replace(hour=12, minute=0) + timedelta(days=1)
    for number in range(LECTURES):
        start, body = first + timedelta(days=number), BODY.format(number=number)
        head = f"Title: Föreläsning {number}\nSummary: Om skulder, lån och kontroll.\n"
        dated = f"{head}Start: {start:%Y-%m-%d %H:%M}\nEnd: 13:00\nSpeaker: Inbjuden föreläsare\nSeats: 300\n"
        (ours / "lectures" / f"nummer-{number}.md").write_text(f"{dated}\n{body}", "utf-8")
        (plain / f"nummer-{number}.md").write_text(f"{head}Date: 2026-01-01 12:00\n\n{body}", "utf-8")
    return ours, plain


def _ours(content: Path, folder: Path) -> float:
    kept = f"CACHE_PATH={json.dumps(str(folder / 'cache'))}"  # warm after the first run
    settings = ["-s", str(ROOT / "pelicanconf.py"), "--fatal", "warnings", "-e", kept]
    return _time([str(content), *settings], folder)


def _plain(content: Path, folder: Path) -> float:
    return _time([str(content)], folder)


def _time(arguments: list[str], folder: Path) -> float:
    # A new folder each time, as on a server: a disk that has just deleted thousands of files makes new ones slowly.
    output = tempfile.mkdtemp(prefix="output-", dir=folder)
    command = [sys.executable, "-m", "pelican", *arguments, "-o", output]
    start = time.perf_counter()
    done = subprocess.run(command, env=environment(folder), cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return time.perf_counter() - start

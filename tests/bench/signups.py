"""Sign-ups a second over HTTP, on one lecture, with every answer durable."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support import ROOT, Collector, coming, publish

SECONDS = 6


def measure() -> dict[int, float]:
    """Print a line for 1, 16 and 64 clients and one for a steady 300/s; gives sign-ups/s by clients."""
    rates = {}
    print(f"{'clients':>16} {'sign-ups/s':>11} {'p50 ms':>8} {'p99 ms':>8}")
    for clients in (1, 16, 64):
        seen = _run(clients)
        rates[clients] = seen["rate"]
        print(f"{clients:>16} {seen['rate']:>11.0f} {seen['p50']:>8.1f} {seen['p99']:>8.1f}")
    seen = _run(16, rate=300)
    print(f"{'16, at 300/s':>16} {seen['rate']:>11.0f} {seen['p50']:>8.1f} {seen['p99']:>8.1f}")
    return rates


def _run(clients: int, rate: float | None = None) -> dict:
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder:
        publish(Path(folder), coming("lopp", seats=300))
        with Collector(Path(folder)) as collector:
            host, _, port = collector.url.removeprefix("http://").partition(":")
            asked = [host, port, "lopp", str(clients), str(SECONDS), *([str(rate)] if rate else [])]
            done = subprocess.run(
                [sys.executable, "-m", "tests.bench.client", *asked],
                capture_output=True,
                text=True,
                check=True,
                cwd=ROOT,
            )
            return json.loads(done.stdout)

"""``python -m tests.crash [ROUNDS [SEED]]``: kill the collector that many times, and cut its disk's power a fifth as often.

Exit status 1 when anything was lost, doubled or oversold; the files are kept then.
"""

import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from tests.crash.campaign import Campaign
from tests.crash.disk import Disk, NotAllowed
from tests.support import ROOT

EACH = 20  # rounds of one campaign; the next begins with an empty store


def main() -> None:
    """Run the campaigns and print what each saw."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else secrets.randbelow(10**6)
    print("Killed:", flush=True)
    _campaigns(rounds, seed, lambda folder: nullcontext())
    print("Power cut:", flush=True)
    try:
        _campaigns(max(rounds // 5, 1), seed, Disk)
    except NotAllowed as reason:
        print(f"not done, since no disk of its own can be mounted here: {reason}")


def _campaigns(rounds: int, seed: int, disk_in: Callable[[Path], AbstractContextManager]) -> None:
    for first in range(0, rounds, EACH):
        start = time.monotonic()
        (ROOT / "var").mkdir(exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="crash-", dir=ROOT / "var"))
        with disk_in(folder) as disk:
            campaign = Campaign(folder, seed=seed + first, disk=disk)
            result = campaign.run(min(EACH, rounds - first), tell=_tell)
        print(f"seed {seed + first}: {result}, {time.monotonic() - start:.0f} s", flush=True)
        if result.faults:
            sys.exit("\n".join([*result.faults, f"The files are in {folder}"]))
        shutil.rmtree(folder)


def _tell(words: str) -> None:
    if sys.stderr.isatty():
        print(f"{words}\r", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

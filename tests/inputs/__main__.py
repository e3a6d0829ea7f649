"""``make test-inputs``: all of other people's input, and a table of what came of it. Ends with 1 when any of it is wrong."""

import os
import sys
import tempfile
from pathlib import Path

from tests.inputs import pictures, refusals, samples, sources, texts
from tests.inputs.findings import Findings, table
from tests.support import ROOT

DAMAGED = 10_000
SEARCHED = 3_000


def main() -> int:
    """Run every part; the exit status."""
    try:
        markdown, shown = samples.samples(), pictures.real()
    except sources.Unreachable as error:
        print(error, file=sys.stderr)
        return 1
    rows: list[Findings] = []
    (ROOT / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as name:
        folder = Path(name) / "site"
        rows += texts.check(folder, markdown)
        rows += refusals.check(folder, [*refusals.fixed(), *refusals.searched(SEARCHED)])
        rows += [refusals.check_fields(folder), refusals.check_legitimate(folder)]
        rows += pictures.check_real(folder, shown)
        rows.append(pictures.check_damaged(DAMAGED, seed=int(os.environ.get("SEED", "0"))))
    print(table(rows))
    for row in rows:
        if row.faults:
            print(f"\n{row.source}: {len(row.faults)} wrong")
            print("\n".join(row.examples()))
    return 1 if any(row.faults for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())

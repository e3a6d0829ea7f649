"""``make bench``: sign-ups over HTTP, the same calls on the bare disk, functions over an object store, the build, the pages."""

import tempfile
from pathlib import Path

from tests.bench import building, cold, disk, instances, pages, pushing, rebuilding, signups
from tests.support import ROOT


def main() -> None:
    """Measure everything and print it, a part each."""
    print("Building the site, whole commands")  # first: the others delete many files, and the disk is slow after that
    building.measure()
    rebuilding.measure()
    pushing.measure()
    (ROOT / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder:
        work = Path(folder)
        print("\nSign-ups over HTTP on one lecture, durable; client and server on this machine")
        signups.measure(work)
        print("\nThe store and the bare calls that it makes, in one process")
        disk.measure(work)
        print("\nMany behind")
        signups.measure_behind(work)
    print("\nFunctions over an object store on this machine")
    cold.measure()
    instances.measure_on_ceph()
    print("\nThe pages, in Chromium")
    pages.measure()


if __name__ == "__main__":
    main()

"""A function instance: from a new process to its first answer, how large its bundle is, and how much memory it holds."""

import platform
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from registrations import published
from registrations.bucket import Bucket
from tests.instance import Instance, post
from tests.objects import Objects
from tests.support import ROOT, coming, publish

STARTS = 9


def measure() -> None:
    """Print the median of several starts, over an object store on this machine."""
    with tempfile.TemporaryDirectory() as folder, Objects() as objects:
        folder, arch = Path(folder), {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
        bundle = folder / "function.zip"
        subprocess.run(
            [sys.executable, ROOT / "deploy/function/bundle.py", bundle, arch], check=True, capture_output=True
        )
        with zipfile.ZipFile(bundle) as packed:
            packed.extractall(folder / "unpacked")
        store = Bucket(objects.url(), objects.environment)
        published.publish(publish(folder, coming("liten")), store)
        took, memory = [], 0
        for number in range(STARTS):
            with Instance(folder / "unpacked", {**objects.environment, "REGISTRATIONS_STORE": repr(store)}) as instance:
                answer = instance.send(post("/anmalan/liten", email=f"{number}@exempel.se", name="A"))
                assert answer["statusCode"] == 201, answer
                took.append(instance.took)
                memory = max(memory, instance.memory())
        print(
            f"new process to first answer {sorted(took)[STARTS // 2] * 1000:.0f} ms (budget 350), "
            f"bundle {bundle.stat().st_size / 1e6:.1f} MB (budget 25), memory {memory / 1e6:.0f} MB (budget 90)"
        )


if __name__ == "__main__":
    measure()

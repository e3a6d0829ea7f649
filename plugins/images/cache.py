"""What has been made is kept, so that a build makes only what is new. Two builds at once may make the same thing twice."""

import os
import shutil
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from plugins.images.recipes import VERSION, encoded

UNUSED = 30 * 24 * 3600  # seconds after which something that no build has used is removed
FEW = 4  # things that are made without starting processes for it


@dataclass(frozen=True)
class Job:
    """A file of the site: ``make(*values)`` gives its pixels. The same ``key`` and ``kind`` give the same bytes for ever."""

    key: str
    file: str
    kind: str
    make: Callable[..., Image.Image]
    values: tuple

    def run(self) -> bytes:
        """Make it."""
        return encoded(self.make(*self.values), self.kind)


class Cache:
    """Kept in ``folder``."""

    def __init__(self, folder: Path):
        self._folder = folder

    def publish(self, jobs: Iterable[Job], output: Path) -> None:
        """Put the file of each job into ``output``, and forget what hasn't been used for long."""
        jobs = list(jobs)
        if not jobs:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        missing = [job for job in jobs if not self._kept(job).exists()]
        for job, data in zip(missing, _made(missing), strict=True):
            self._keep(self._kept(job), data)
        for job in jobs:
            kept, target = self._kept(job), output / job.file
            os.utime(kept)
            target.parent.mkdir(parents=True, exist_ok=True)
            _put(kept, target)
        self._forget()

    def _kept(self, job: Job) -> Path:
        return self._folder / f"{job.key}-{VERSION}.{job.kind}"

    def _keep(self, path: Path, data: bytes) -> None:
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        temporary.write_bytes(data)
        temporary.replace(path)

    def _forget(self) -> None:
        oldest = time.time() - UNUSED
        for path in self._folder.iterdir():
            if path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)


def _put(kept: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    try:
        os.link(kept, target)  # the same file under another name: nothing writes into either
    except OSError:  # another disk
        shutil.copyfile(kept, target)


def _made(jobs: list[Job]) -> Iterable[bytes]:
    if len(jobs) <= FEW:
        return map(Job.run, jobs)
    with ProcessPoolExecutor() as pool:
        return list(pool.map(Job.run, jobs, chunksize=4))

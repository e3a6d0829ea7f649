"""What many tests need: lectures, a catalogue on disk, and the collector as a real process."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import requests

from registrations.catalogue import ZONE, Catalogue, Lecture, Site, write

ROOT = Path(__file__).parent.parent
SITE = Site(name="Testjouren", url="http://127.0.0.1", email="info@testjouren.se", phone="08-644 20 32")
FRAME = '<!doctype html><html lang="sv"><title>{{title}} – Testjouren</title><main>{{main}}</main></html>'
PATIENCE = 20.0  # seconds that a collector may take to start
START = datetime(2027, 2, 10, 12, 0, tzinfo=ZONE)
NOW = datetime(2027, 1, 11, 9, 30, tzinfo=UTC)


class Clock:
    """Shows ``now`` until it is set."""

    def __init__(self, now: datetime = NOW):
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def lecture(slug: str = "ekonomiskt-vald", *, seats: int = 300, start: datetime = START, **values) -> Lecture:
    """A lecture of an hour that is open until it starts."""
    defaults = {"title": "Ekonomiskt våld", "speaker": "Inbjuden föreläsare", "join": "https://zoom.example/j/hemlig"}
    times = {"start": start, "end": start + timedelta(hours=1), "closes": start}
    return Lecture(slug=slug, seats=seats, **{**defaults, **times, **values})


def coming(slug: str = "ekonomiskt-vald", *, days: float = 30, **values) -> Lecture:
    """A lecture some days from the real now, for the tests that run a real server."""
    start = datetime.now(ZONE).replace(microsecond=0) + timedelta(days=days)
    return lecture(slug, start=start, **values)


def catalogue(*lectures: Lecture) -> Catalogue:
    """A catalogue of them."""
    return Catalogue.of(lectures, site=SITE)


def publish(folder: Path, *lectures: Lecture) -> Path:
    """Write catalogue and frame page as a build would; gives the catalogue's path."""
    path = folder / "catalogue.json"
    write(catalogue(*lectures), path)
    path.with_name("frame.html").write_text(FRAME, "utf-8")
    return path


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """The environment of a collector that keeps everything in ``folder``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REGISTRATIONS_", "SITEURL"))}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "REGISTRATIONS_STORE": f"file:{folder}/store",
        "REGISTRATIONS_MAIL": f"outbox:{folder}/outbox",
        "REGISTRATIONS_CATALOGUE": f"{folder}/catalogue.json",
        "REGISTRATIONS_LIMITS": "off",
        "PORT": "0",
        **settings,
    }


def end_group(process: subprocess.Popen, *, seconds: float = 10) -> None:
    """End ``process``, which leads a session of its own, and whatever it has started: npm's programs leave theirs behind."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):  # nobody is left
            os.killpg(process.pid, how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)


class Collector:
    """``python -m registrations serve`` in a process of its own, on a free port, over ``folder``."""

    def __init__(self, folder: Path, *, command: tuple[str, ...] = ("-m", "registrations", "serve"), **options):
        self.folder = folder
        settings = {name: value for name, value in options.items() if name.isupper()}
        popen = {name: value for name, value in options.items() if not name.isupper()}
        self.log = folder / f"server-{time.monotonic_ns()}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command],
                env=environment(folder, **settings),
                stdout=log,
                stderr=log,
                cwd=folder,
                **popen,
            )
        try:
            self.url = self._wait()
        except BaseException:  # nobody else will end it
            self.process.kill()
            self.process.wait()
            raise

    def __enter__(self) -> "Collector":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self, how: int = signal.SIGTERM) -> int:
        """End the process; gives its exit status."""
        self.process.send_signal(how)
        return self.process.wait(20)

    def said(self) -> str:
        """What it has written."""
        return self.log.read_text("utf-8")

    def _wait(self) -> str:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if match := re.search(r"http://127\.0\.0\.1:\d+", self.said()):
                return match[0]
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError(f"the collector did not start: {self.said()}")


@contextmanager
def workers(folder: Path, count: int = 2, **settings: str) -> Iterator[tuple[subprocess.Popen, int, Path]]:
    """``count`` granian processes over ``folder``; gives the process above them, the port and the file that they write to."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    asked = ["--workers", str(count), "--blocking-threads", "16", "--port", str(port)]
    with (folder / "workers.log").open("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface", "wsgi", "registrations.wsgi:app", *asked],
            env=environment(folder, **settings),
            stdout=log,
            stderr=log,
            cwd=folder,
            start_new_session=True,
        )
        try:
            yield process, port, Path(log.name)
        finally:
            end_group(process, seconds=20)


def healthy(port: int) -> bool:
    """Whether the server there says that it can store."""
    try:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=5).ok
    except requests.ConnectionError:
        return False


def wait_until(holds: Callable[[], bool], log: Path, *, seconds: float = 30) -> None:
    """Return when it holds; shows ``log`` when it never does."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, log.read_text("utf-8")
        time.sleep(0.05)


class Taker:
    """A post that takes every letter: ``hand_over`` says what becomes of it."""

    @contextmanager
    def open(self) -> Iterator["Taker"]:
        """Itself."""
        yield self

    def forget(self, whose: Iterable[str]) -> None:
        """Nothing is kept."""

    def sweep(self) -> None:
        """Nothing is left."""

    def settle(self) -> None:
        """Nothing is put off."""


def letters(folder: Path) -> list[EmailMessage]:
    """The letters in the outbox, oldest first."""
    paths = sorted((folder / "outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]


def wait_for_letters(folder: Path, count: int, *, seconds: float = 20) -> list[EmailMessage]:
    """The letters once there are ``count`` of them."""
    deadline = time.monotonic() + seconds
    while len(found := letters(folder)) < count and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(found) == count, [letter["Subject"] for letter in found]
    return found


def wait_for_notes(folder: Path, slug: str, count: int, *, seconds: float = 20) -> int:
    """The log's last number once it says of ``count`` letters that they were handed over."""
    deadline = time.monotonic() + seconds
    while True:
        entries = sorted((folder / "store" / slug / "log").glob("*.json"))
        if sum(path.read_text().count('"sent"') for path in entries) >= count:
            return len(entries)
        assert time.monotonic() < deadline, [path.read_text() for path in entries]
        time.sleep(0.02)


def own_page(letter: EmailMessage) -> str:
    """The path of the registrant's own page, from the link in her letter."""
    text = letter.get_body(("plain",)).get_content()
    return re.search(r"/anmalan/[a-z0-9-]+/[0-9a-f]{32}/", text)[0]

"""``python -m plugins.devserver``: the site and the sign-up on one port, built again whenever something is changed.

A build with faults changes nothing: the last good site is served, and every fault is told. Exit status 0 after Ctrl-C or
SIGTERM, 1 when the server fails, 2 when a setting can't be used.
"""

import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from queue import SimpleQueue

from watchfiles import DefaultFilter, watch

from plugins.builds import TRACE, Builds
from plugins.mailbox import PATH, Mailbox
from plugins.postbox import ToldOutbox
from registrations import audience, settings, traces
from registrations.desk import Desk
from registrations.errors import RegistrationsError, SettingError
from registrations.listening import listen, url_of
from registrations.loopback import is_loopback
from registrations.post import Outbox
from registrations.serve import Server

FOLDERS = ("content", "theme", "plugins")
FILES = ("pelicanconf.py",)
QUIET = 50  # milliseconds without a further change before a build
LONGEST_WAIT = 500  # milliseconds after the first change, however many follow
CHANGED, STOP, FAILED = "changed", "stop", "failed"


def main(root: Path, environment: Mapping[str, str]) -> int:
    """Build, serve and build again until told to stop. Gives the exit status."""
    try:
        chosen = settings.read(environment)
        listener = listen(chosen.host, chosen.port)
        environment = {**environment, "SITEURL": environment.get("SITEURL") or url_of(listener)}
        return Devserver(root, environment, settings.read(environment), listener).run()
    except RegistrationsError as error:
        print(error, file=sys.stderr)
        return 2 if isinstance(error, SettingError) else 1


class Devserver:
    """The site in ``root``, for the one who writes it."""

    def __init__(self, root: Path, environment: Mapping[str, str], chosen: settings.Settings, listener: socket.socket):
        self._root, self._listener = root, listener
        self._url = url_of(listener)
        outbox = isinstance(chosen.post, Outbox)
        self._letters = self._url if outbox and is_loopback(listener.getsockname()[0]) else None  # where they are read
        told = ToldOutbox(chosen.post.root, url=self._letters, tell=_say) if outbox else chosen.post
        self._chosen = replace(chosen, post=told)
        self._builds = Builds(root, environment)
        self._events: SimpleQueue[str] = SimpleQueue()  # whose put may be called in a signal's handler
        self._ended = threading.Event()
        self._server: Server | None = None
        self._threads: list[threading.Thread] = []

    def run(self) -> int:
        """Serve until Ctrl-C or SIGTERM. Gives the exit status."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        self._start("changes", self._watch_folders)
        self._start("settings", self._watch_files)
        event = CHANGED
        while event == CHANGED:
            self._build()
            event = self._next()
        self._close()
        return 1 if event == FAILED else 0

    def _build(self) -> None:
        before = self._standing()
        good = self._builds.build()
        if self._builds.stopped:
            return
        if good and before:
            self._tell(before)
        if self._server is None and self._builds.exist and self._chosen.catalogue.path.exists():
            self._serve()
        if good and self._server:
            self._server.call_courier()
        if not good:
            old = "Den tidigare versionen visas" if self._server else "Webbplatsen visas inte"
            print(f"{old} tills felen är rättade. Rätta och spara, så byggs den igen.", file=sys.stderr, flush=True)

    def _serve(self) -> None:
        """What is called of the collector: ``run`` blocks, ``close`` ends it."""
        site, post = self._chosen.catalogue().site.url, self._chosen.post
        front = partial(Mailbox, outbox=post, siteurl=site) if self._letters else None
        self._server = Server(self._chosen, site=self._builds.site, listener=self._listener, front=front)
        self._start("server", self._server.run)
        _say(f"Webbplatsen visas på {self._url}/ (avsluta med Ctrl-C).")
        _say(f"Anmälningar sparas i {self._chosen.store}, och breven lämnas till {post}.")
        if self._letters:
            _say(f"Breven går att läsa på {self._letters}{PATH} (bara här).")

    def _standing(self) -> audience.Standing | None:
        """How things stand before a build, if there is anything to compare it with."""
        try:
            catalogue = self._chosen.catalogue()
            return audience.look(self._desk(), catalogue)
        except RegistrationsError:  # no build yet, or what the server itself will say of the store
            return None

    def _tell(self, before: audience.Standing) -> None:
        """Say what a push of this build would say."""
        try:
            found = audience.foretell(self._desk(), before, self._chosen.catalogue())
        except RegistrationsError as error:
            print(error, file=sys.stderr, flush=True)
            return
        for change in found:
            _say(f"  {change.words}")
        if any(change.harm for change in found):
            _say("  En push av detta frågar dig först.")

    def _desk(self) -> Desk:
        """One of its own, that only reads. Raises RegistrationsError."""
        return Desk(self._chosen.store, self._chosen.catalogue)

    def _next(self) -> str:
        """Wait for something to do. Many changes are one."""
        event = self._events.get()
        while event == CHANGED and not self._events.empty():
            event = self._events.get()
        return event

    def _close(self) -> None:
        self._ended.set()
        if self._server:
            self._server.close()
        for thread in self._threads:
            thread.join(10)

    def _stop(self, *_: object) -> None:
        self._builds.stop()
        self._events.put(STOP)

    def _start(self, name: str, work: object) -> None:
        """Work in the background. If it ends before it should, the whole server ends and says why."""

        def guarded() -> None:
            try:
                work()
            except Exception:
                kept = traces.keep(self._root / TRACE, traceback.format_exc())
                print(traces.sentence(TRACE, kept=kept), file=sys.stderr, flush=True)
            if not self._ended.is_set():
                self._events.put(FAILED)

        thread = threading.Thread(target=guarded, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _watch_folders(self) -> None:
        self._watch(*(self._root / name for name in FOLDERS if (self._root / name).is_dir()))

    def _watch_files(self) -> None:
        """Files one by one, by way of their folder: an editor that saves puts another file in its place."""
        own = DefaultFilter()
        self._watch(
            self._root,
            recursive=False,
            watch_filter=lambda change, path: own(change, path) and os.path.basename(path) in FILES,
        )

    def _watch(self, *paths: Path, **options: object) -> None:
        quick = {"step": QUIET, "debounce": LONGEST_WAIT, "stop_event": self._ended, "raise_interrupt": False}
        for _ in watch(*paths, **quick, **options):
            self._events.put(CHANGED)


def _say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main(Path.cwd(), os.environ))

"""The embedded server: the collector, the courier and, if asked, the built site, in one process over one folder."""

import os
import resource
import socket
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from whitenoise import WhiteNoise

from registrations import filesystem, supervised
from registrations.courier import Courier
from registrations.desk import Desk
from registrations.door import Door
from registrations.errors import RegistrationsError
from registrations.headers import of_answer
from registrations.limits import Limits
from registrations.listening import listen, url_of
from registrations.settings import Settings
from registrations.web import application

THREADS = 48  # each waits for the disk most of its time, and one fsync serves all who wait
CONNECTIONS = 1000  # that may be open
MISSING = "404.html"  # in the built site
FILES = 400  # open at most beside them: those of the threads, of the courier and of the site

Wsgi = Callable[[dict, Callable], Iterable[bytes]]


class Server:
    """Listens from the start; serves in ``run`` until ``close`` is called from another thread or a signal."""

    def __init__(
        self,
        settings: Settings,
        *,
        site: Path | None = None,
        listener: socket.socket | None = None,
        front: Callable[[Wsgi], Wsgi] | None = None,  # what stands before all of it
    ):
        filesystem.check(settings)
        listener = listener or supervised.handed_over(os.environ) or listen(settings.host, settings.port)
        filesystem.warn(settings)
        desk = Desk(settings.store, settings.catalogue)
        self._courier = Courier(desk, settings.post)
        self._letters = threading.Thread(target=self._courier.run, name="courier", daemon=True)
        app: Wsgi = application(
            desk,
            settings.catalogue,
            Limits(on=settings.limits, proxies=settings.proxies),
            verify=settings.verify,
            call_courier=self._courier.call,
        )
        if site is not None:
            app = _StaticSite(app, site, settings)
        if front is not None:
            app = front(app)
        self._waitress = _waitress(app, listener)
        self.url = url_of(listener)
        desk.sweep()
        desk.put_in_order()

    def run(self) -> None:
        """Serve until ``close`` or Ctrl-C."""
        try:
            self._letters.start()
            supervised.ready(os.environ)
            self._waitress.run()
        except (KeyboardInterrupt, SystemExit):
            pass
        finally:
            self._stop()

    def call_courier(self) -> None:
        """Have letters looked for now: a build may have changed a lecture."""
        self._courier.call()

    def close(self) -> None:
        """End ``run`` when those who are being answered have been. May be called in a signal's handler."""
        self._waitress.end()

    def _stop(self) -> None:
        self._courier.stop()
        self._waitress.close()
        if self._letters.is_alive():
            self._letters.join()


class _StaticSite:
    """The built site in front of the collector. Another build behind the same path is taken up at once."""

    def __init__(self, app: Wsgi, root: Path, settings: Settings):
        self._app, self._root, self._catalogue = app, root, settings.catalogue
        self._served: tuple[object, WhiteNoise] | None = None

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: object) -> Callable:
            present = {name.lower() for name, _ in headers}
            extra = of_answer(self._catalogue.policy(), environ).items()
            return start_response(
                status, [*headers, *(pair for pair in extra if pair[0].lower() not in present)], *rest
            )

        return self._files()(environ, start)

    def _collector(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        """The collector's answer; for a page that isn't there the site's own words, which lead on."""
        answered: list[tuple] = []
        body = self._app(environ, lambda *answer: answered.append(answer))
        status, headers, *rest = answered[0]
        page = self._root / MISSING
        lost = status.startswith("404") and _kind(headers).startswith("text/html")
        if lost and not environ["PATH_INFO"].startswith("/anmalan/") and page.exists():
            text = page.read_bytes()
            headers = [each for each in headers if each[0].lower() != "content-length"]
            headers.append(("Content-Length", str(len(text))))
            body = [] if environ["REQUEST_METHOD"] == "HEAD" else [text]
        start_response(status, headers, *rest)
        return body

    def _files(self) -> WhiteNoise:
        """The files as the last build left them: it writes the catalogue when it is done."""
        release = self._root.resolve()
        try:
            build = (release, self._catalogue.version())
        except (OSError, RegistrationsError):
            build = self._served[0] if self._served else (release, None)
        if self._served is None or self._served[0] != build:
            files = WhiteNoise(self._collector, root=release, index_file=True, max_age=None, allow_all_origins=False)
            self._served = (build, files)
        return self._served[1]


def _kind(headers: list[tuple[str, str]]) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")


def _waitress(app: Wsgi, listener: socket.socket) -> Door:
    return Door(app, listener, threads=THREADS, most=_room() - FILES)


def _room() -> int:
    """How many files and connections this process may have open: enough, if the system lets us. With too few, a crowd at
    the door would leave the store none."""
    wanted = CONNECTIONS + FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return most

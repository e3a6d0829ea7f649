"""The embedded server: the collector, the courier and, if asked, the built site, in one process over one folder."""

import logging
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import ErrorTask
from whitenoise import WhiteNoise

from registrations.courier import Courier
from registrations.desk import Desk
from registrations.headers import FIXED, security
from registrations.limits import Limits
from registrations.listening import listen, url_of
from registrations.settings import Settings
from registrations.web import application

THREADS = 48  # each waits for the disk most of its time, and one fsync serves all who wait
LARGEST_BODY = 1_000_000  # bytes; a form has 16 kB at most, what is between is answered in the site's look
LARGEST_HEADER = 16_384  # bytes

Wsgi = Callable[[dict, Callable], Iterable[bytes]]


class Server:
    """Listens from the start; serves in ``run`` until ``close`` is called from another thread or a signal."""

    def __init__(self, settings: Settings, *, site: Path | None = None, listener: socket.socket | None = None):
        listener = listener or listen(settings.host, settings.port)
        desk = Desk(settings.store, settings.catalogue)
        self._courier = Courier(desk, settings.post)
        self._letters = threading.Thread(target=self._courier.run, name="courier", daemon=True)
        app: Wsgi = application(desk, settings.catalogue, Limits(on=settings.limits), call_courier=self._courier.call)
        if site is not None:
            app = _StaticSite(app, site, settings)
        self._waitress = _waitress(app, listener)
        self.url = url_of(listener)
        desk.put_in_order()

    def run(self) -> None:
        """Serve until ``close`` or Ctrl-C."""
        try:
            self._letters.start()
            self._waitress.run()
        except (KeyboardInterrupt, SystemExit):
            pass
        finally:
            self._stop()

    def call_courier(self) -> None:
        """Have letters looked for now: a build may have changed a lecture."""
        self._courier.call()

    def close(self) -> None:
        """End ``run``."""
        self._waitress.close()

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
            extra = security(self._catalogue.policy()).items()
            return start_response(
                status, [*headers, *(pair for pair in extra if pair[0].lower() not in present)], *rest
            )

        return self._files()(environ, start)

    def _files(self) -> WhiteNoise:
        """The files as the last build left them: it writes the catalogue when it is done."""
        release = self._root.resolve()
        try:
            build = (release, self._catalogue.version())
        except OSError:
            build = self._served[0] if self._served else (release, None)
        if self._served is None or self._served[0] != build:
            files = WhiteNoise(self._app, root=release, index_file=True, max_age=None, allow_all_origins=False)
            self._served = (build, files)
        return self._served[1]


class _NoPaths(logging.Filter):
    """Waitress names the path of a request that failed, and a path may hold a registration's id."""

    def filter(self, record: logging.LogRecord) -> bool:
        fault = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        record.msg, record.args, record.exc_info = f"Servern: {record.levelname} {fault}", (), None
        return True


class _Error(ErrorTask):
    """A request that the server itself refuses, answered in plain Swedish."""

    def execute(self) -> None:
        self.request.error.to_response = self._words
        super().execute()

    def _words(self, ident: str | None) -> tuple[str, list[tuple[str, str]], bytes]:
        error = self.request.error
        words = f"{error.code}: Servern kunde inte läsa det som webbläsaren skickade. Inget är sparat. Försök igen.\n"
        return (
            f"{error.code} {error.reason}",
            [("Content-Type", "text/plain; charset=utf-8"), *FIXED.items()],
            words.encode(),
        )


class _Channel(HTTPChannel):
    error_task_class = _Error


def _waitress(app: Wsgi, listener: socket.socket) -> object:
    logging.getLogger("waitress").addFilter(_NoPaths())
    server = create_server(
        app,
        sockets=[listener],
        threads=THREADS,
        ident=None,
        max_request_body_size=LARGEST_BODY,
        inbuf_overflow=LARGEST_BODY,
        max_request_header_size=LARGEST_HEADER,
        connection_limit=1000,
        channel_timeout=30,
        asyncore_use_poll=True,
        clear_untrusted_proxy_headers=False,
    )
    server.channel_class = _Channel
    sys.setswitchinterval(
        0.0005
    )  # a sign-up that comes back from the disk shouldn't wait 5 ms behind a letter being made
    return server

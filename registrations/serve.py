"""The embedded server: the collector, the courier and, if asked, the built site, in one process over one folder."""

import contextlib
import errno
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
from registrations.errors import SettingError
from registrations.headers import security
from registrations.limits import Limits
from registrations.settings import Settings
from registrations.web import application

THREADS = 48  # each waits for the disk most of its time, and one fsync serves all who wait
LARGEST_BODY = 1_000_000  # bytes; a form has 16 kB at most, what is between is answered in the site's look
LARGEST_HEADER = 16_384  # bytes

Wsgi = Callable[[dict, Callable], Iterable[bytes]]


class Server:
    """Listens from the start; serves in ``run`` until ``close`` is called from another thread or a signal."""

    def __init__(self, settings: Settings, *, site: Path | None = None):
        desk = Desk(settings.store, settings.catalogue)
        self._courier = Courier(desk, settings.post)
        self._letters = threading.Thread(target=self._courier.run, name="courier")
        app: Wsgi = application(desk, settings.catalogue, Limits(on=settings.limits), call_courier=self._courier.call)
        if site is not None:
            app = _StaticSite(app, site, settings)
        self._waitress = _listen(app, settings)
        self.host, self.port = settings.host, int(self._waitress.effective_port)
        desk.put_in_order()

    def run(self) -> None:
        """Serve until ``close`` or Ctrl-C."""
        self._letters.start()
        with contextlib.suppress(KeyboardInterrupt, SystemExit):
            self._waitress.run()
        self._stop()

    def close(self) -> None:
        """End ``run``."""
        self._waitress.close()

    def _stop(self) -> None:
        self._courier.stop()
        self._waitress.close()
        self._letters.join()


class _StaticSite:
    """The built site in front of the collector. Another build behind the same path is taken up at once."""

    def __init__(self, app: Wsgi, root: Path, settings: Settings):
        self._app, self._root, self._catalogue = app, root, settings.catalogue
        self._served: tuple[Path, WhiteNoise] | None = None

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: object) -> Callable:
            present = {name.lower() for name, _ in headers}
            extra = security(self._catalogue().policy).items()
            return start_response(
                status, [*headers, *(pair for pair in extra if pair[0].lower() not in present)], *rest
            )

        return self._files()(environ, start)

    def _files(self) -> WhiteNoise:
        release = self._root.resolve()
        if self._served is None or self._served[0] != release:
            files = WhiteNoise(self._app, root=release, index_file=True, max_age=None, allow_all_origins=False)
            self._served = (release, files)
        return self._served[1]


class _Error(ErrorTask):
    """A request that the server itself refuses, answered in plain Swedish."""

    def execute(self) -> None:
        self.request.error.to_response = self._words
        super().execute()

    def _words(self, ident: str | None) -> tuple[str, list[tuple[str, str]], bytes]:
        error = self.request.error
        words = f"{error.code}: Servern kunde inte läsa det som webbläsaren skickade. Inget är sparat. Försök igen.\n"
        return f"{error.code} {error.reason}", [("Content-Type", "text/plain; charset=utf-8")], words.encode()


class _Channel(HTTPChannel):
    error_task_class = _Error


def _listen(app: Wsgi, settings: Settings) -> object:
    try:
        server = create_server(
            app,
            host=settings.host,
            port=settings.port,
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
    except OSError as error:
        taken = "porten används av ett annat program. Stäng det eller välj en annan, till exempel PORT=8123."
        other = f"porten går inte att använda ({error.strerror})."
        raise SettingError("PORT", str(settings.port), taken if error.errno == errno.EADDRINUSE else other) from error
    server.channel_class = _Channel
    sys.setswitchinterval(0.0005)  # a thread that comes back from the disk shouldn't wait 5 ms for its turn
    return server

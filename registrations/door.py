"""The door: the HTTP server under ``serve``, made so that nobody can stand in it.

A request must have come whole within ``PATIENCE`` seconds of its beginning, however eagerly its client sends. When there are
too many connections, the one goes that has waited longest without asking for anything, from the network that has most of
them, and a few more of that kind: who fills the door pushes out himself. What two servers could understand in two ways is
refused. When it ends, whoever is inside is answered first.
"""

import logging
import socket
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from heapq import nlargest

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError, TransferEncodingNotImplemented
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask

from registrations.catalogue import Policy
from registrations.headers import security
from registrations.limits import shorten

PATIENCE = 30  # seconds
LARGEST_BODY = 64 * 1024  # bytes, in memory; a form has 16 kB at most, what is between is answered in the site's look
LARGEST_HEADER = 16 * 1024  # bytes
LAST = 10  # seconds that those inside are given when the server ends
SILENT = 1  # second that a new connection is given then to begin
AT_A_TIME = (
    50  # connections taken in before the others are looked after again, or shown out together: a look at all takes time
)


class Door(TcpWSGIServer):
    """Serves ``app`` on ``listener`` to at most ``most`` open connections, beyond those whose requests are being answered."""

    def __init__(self, app: Callable, listener: socket.socket, *, threads: int, most: int, patience: float = PATIENCE):
        logging.getLogger("waitress").addFilter(_NoPaths())
        self._most, self._patience = most, patience
        self._ending = False
        self.channel_class = _Channel
        chosen = Adjustments(
            sockets=[listener],
            threads=threads,
            ident=None,
            max_request_body_size=LARGEST_BODY,
            inbuf_overflow=LARGEST_BODY,
            max_request_header_size=LARGEST_HEADER,
            connection_limit=most + 10,  # itself, and all of them being answered: then the others wait outside
            cleanup_interval=2,
            asyncore_use_poll=True,
            clear_untrusted_proxy_headers=False,
        )
        family, kind, name = listener.family, listener.type, listener.getsockname()
        super().__init__(app, _sock=listener, adj=chosen, bind_socket=False, sockinfo=(family, kind, None, name))

    def run(self) -> None:
        """Serve until ``end``."""
        try:
            while self._map and not self._ending:
                self._look(self.adj.asyncore_loop_timeout)
            self._show_out()
        except (SystemExit, KeyboardInterrupt):
            pass
        self.task_dispatcher.shutdown()

    def end(self) -> None:
        """Take in nobody more; ``run`` returns when those inside are answered. May be called in a signal's handler."""
        self._ending = True
        with suppress(OSError):  # it has ended
            self.pull_trigger()

    def readable(self) -> bool:
        return not self._ending and super().readable()

    def handle_accept(self) -> None:
        for _ in range(AT_A_TIME):
            before = len(self.active_channels)
            super().handle_accept()
            if len(self.active_channels) > self._most:
                self._make_room()
            if len(self.active_channels) in (before, self._most + 1):  # nobody waits outside, or all are being answered
                return

    def maintenance(self, now: float) -> None:
        for channel in tuple(self.active_channels.values()):
            if channel.waits and now - channel.since > self._patience:
                channel.will_close = True

    def _look(self, seconds: float) -> None:
        self.asyncore.loop(timeout=seconds, map=self._map, use_poll=self.adj.asyncore_use_poll, count=1)

    def _show_out(self) -> None:
        last = time.time() + LAST
        while self._map and self.active_channels and time.time() < last:
            for channel in tuple(self.active_channels.values()):
                if channel.done:
                    channel.handle_close()
            self._look(0.05)

    def _make_room(self) -> None:
        crowd: dict[str, list[_Channel]] = defaultdict(list)
        for channel in self.active_channels.values():
            crowd[channel.network].append(channel)
        waiting = []
        for channels in crowd.values():
            channels.sort(key=lambda channel: channel.since, reverse=True)
            waiting += [(among, channel) for among, channel in enumerate(channels, 1) if channel.waits]
        few = min(AT_A_TIME, 1 + self._most // 20)
        for _, channel in nlargest(few, waiting, key=lambda each: (each[0], -each[1].since)):
            channel.handle_close()


class _Parser(HTTPRequestParser):
    """Takes no body in pieces (browsers send forms whole) and no header in several lines: there servers read differently."""

    def parse_header(self, header_plus: bytes) -> None:
        for line in header_plus.split(b"\r\n")[1:]:
            if line.startswith((b" ", b"\t")):
                raise ParsingError("Folded header")
            if line.partition(b":")[0].strip().lower() == b"transfer-encoding":
                raise TransferEncodingNotImplemented("Body in pieces")
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # an address or a length that Python can't read
            raise ParsingError("Invalid header") from error


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
            [("Content-Type", "text/plain; charset=utf-8"), *security(Policy()).items()],
            words.encode(),
        )


class _Channel(HTTPChannel):
    error_task_class = _Error
    parser_class = _Parser

    def __init__(self, server: Door, sock: socket.socket, addr: tuple, *args: object, **options: object):
        self.network = shorten(addr[0])
        self._answered = time.time()  # or opened
        self._asked = False
        super().__init__(server, sock, addr, *args, **options)

    @property
    def waits(self) -> bool:
        """Whether its client is at turn: to ask for something, or to read."""
        return not self.requests

    @property
    def done(self) -> bool:
        """Whether nothing is under way: all that was asked is answered, or nothing was asked for a while."""
        quiet = not (self.requests or self.request or self.total_outbufs_len)
        return quiet and (self._asked or time.time() - self._answered > SILENT)

    @property
    def since(self) -> float:
        """Since when: what trickles in doesn't count, but an answer may be read slowly."""
        return self.last_activity if self.total_outbufs_len else self._answered

    def service(self) -> None:
        super().service()
        self._answered, self._asked = time.time(), True


class _NoPaths(logging.Filter):
    """Waitress names the path of a request that failed, and a path may hold a registration's id."""

    def filter(self, record: logging.LogRecord) -> bool:
        fault = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        record.msg, record.args, record.exc_info = f"Servern: {record.levelname} {fault}", (), None
        return True

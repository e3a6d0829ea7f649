"""A proxy between a client and an object store, where chosen calls go wrong."""

import http.client
import select
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOP = ("connection", "transfer-encoding", "content-length", "keep-alive", "date", "server")


class Fault(StrEnum):
    """What happens to a call."""

    NONE = "none"
    DROPPED = "done, then the connection drops"
    FAILED = "done, then answered 500"
    LATE = "done, answered when the client has gone"
    AFTERWARDS = "done only when the client has gone"
    REFUSED = "answered 503, not done"
    ABSENT = "the connection drops, nothing is done"
    SLOW = "20 ms later"
    UNCONDITIONAL = "done without its condition, as by a store that doesn't know If-None-Match"
    SKEWED = "refused, as by a store whose clock shows another hour"
    UNDECIDED = "answered 409: another put of the name was under way, and neither was made"


@dataclass(frozen=True)
class Call:
    """A call to the store."""

    number: int  # from 1
    method: str
    path: str

    def puts(self, part: str) -> bool:
        """Whether it writes a name with ``part`` in it."""
        return self.method == "PUT" and part in self.path


class Proxy:
    """In front of the server at ``port``. ``choose`` says of each call what happens to it."""

    def __init__(self, port: int, choose: Callable[[Call], Fault] = lambda call: Fault.NONE):
        self.choose = choose
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self, port))
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def meet(self, method: str, path: str) -> Fault:
        """Note the call; what happens to it."""
        with self._lock:
            call = Call(len(self.calls) + 1, method, path)
            fault = self.choose(call)
            self.calls.append(call)
            self.faults.append(fault)
            return fault


def once(fault: Fault, part: str) -> Callable[[Call], Fault]:
    """``fault`` for the first call that writes a name with ``part`` in it."""
    met = []

    def choose(call: Call) -> Fault:
        if met or not call.puts(part):
            return Fault.NONE
        met.append(call)
        return fault

    return choose


def _handler(proxy: Proxy, port: int) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle(self) -> None:
            with suppress(ConnectionError):  # the client has hung up
                super().handle()

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            fault = proxy.meet(self.command, self.path)
            match fault:
                case Fault.ABSENT:
                    self.drop()
                    return
                case Fault.REFUSED:
                    self.answer(503, b"<Error><Code>SlowDown</Code></Error>")
                    return
                case Fault.SKEWED:
                    self.answer(403, b"<Error><Code>RequestTimeTooSkewed</Code></Error>")
                    return
                case Fault.UNDECIDED:
                    self.answer(409, b"<Error><Code>ConditionalRequestConflict</Code></Error>")
                    return
                case Fault.SLOW:
                    time.sleep(0.02)
                case Fault.AFTERWARDS:
                    self.wait_until_alone()
                case Fault.UNCONDITIONAL:
                    del self.headers["If-None-Match"]
            status, headers, content = self.ask(body)
            match fault:
                case Fault.DROPPED:
                    self.drop()
                case Fault.FAILED:
                    self.answer(500, b"<Error><Code>InternalError</Code></Error>")
                case Fault.LATE:
                    self.wait_until_alone()
                    self.drop()
                case Fault.AFTERWARDS:
                    self.drop()
                case _:
                    self.answer(status, content, headers)

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = pass_on

        def ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            try:
                connection.request(self.command, self.path, body, dict(self.headers.items()))
                answer = connection.getresponse()
                return answer.status, answer.getheaders(), answer.read()
            finally:
                connection.close()

        def answer(self, status: int, content: bytes, headers: list[tuple[str, str]] = ()) -> None:
            self.send_response(status)
            for name, value in headers:
                if name.lower() not in HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def wait_until_alone(self) -> None:
            select.select([self.connection], [], [], 20)

        def drop(self) -> None:
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

        def log_message(self, *_: object) -> None:
            pass

    return Handler

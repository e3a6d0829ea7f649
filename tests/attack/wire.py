"""HTTP as bytes on a connection, for what no client library would send."""

import re
import select
import socket
from urllib.parse import urlsplit


def connect(url: str) -> socket.socket:
    """A connection to the server there."""
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), timeout=20)


def say(url: str, data: bytes) -> bytes:
    """All that is answered to ``data`` until the server closes, after we have said that no more comes."""
    with connect(url) as connection:
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
        except OSError:  # it has answered and closed already
            pass
        return heard(connection)


def heard(connection: socket.socket) -> bytes:
    """What comes until the server closes."""
    got = b""
    try:
        while more := connection.recv(65536):
            got += more
    except ConnectionResetError:
        pass
    return got


def request(method: str, path: str, *headers: str, body: bytes = b"", version: str = "1.1") -> bytes:
    """A request as bytes; nothing is added but Host and a name for the body's kind."""
    lines = [f"{method} {path} HTTP/{version}", "Host: exempel.se", *headers]
    if body:
        lines.append("Content-Type: application/x-www-form-urlencoded")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def statuses(answer: bytes) -> list[int]:
    """The status of each answer in what was heard."""
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3})", answer)]


def is_open(connection: socket.socket) -> bool:
    """Whether the server has neither answered nor closed."""
    asked = select.poll()
    asked.register(connection, select.POLLIN)
    return not asked.poll(0)

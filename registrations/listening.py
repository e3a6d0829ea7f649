"""The socket that the server listens on. What can't be had is a SettingError that says what to choose instead."""

import errno
import socket

from registrations.errors import SettingError


def listen(host: str, port: int) -> socket.socket:
    """Listen on ``host``, the first of its addresses; port 0 takes any that is free. Raises SettingError."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=1024)
    except socket.gaierror as error:
        raise SettingError("HOST", host, "det finns ingen sådan adress. Skriv till exempel HOST=127.0.0.1") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            words = "porten används av ett annat program. Stäng det eller välj en annan, till exempel"
            raise SettingError("PORT", str(port), f"{words} PORT={port + 1}.") from error
        reason = str(error.strerror).partition(" (")[0]
        words = f"adressen går inte att använda ({reason}). Skriv till exempel HOST=127.0.0.1 PORT=8000."
        raise SettingError("HOST", f"{host}:{port}", words) from error


def url_of(listener: socket.socket) -> str:
    """The address of a listening socket, without a slash at the end."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

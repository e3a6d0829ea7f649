"""What a supervisor such as systemd hands over at the start, the socket that is already open, and what it is told: ready.

The socket stays open while the server starts again, so that whoever comes meanwhile waits and is lost by nobody. It is systemd's
own protocol in a few lines (sd_listen_fds, sd_notify); the packages that speak it are old or need a C library.
"""

import os
import socket
from collections.abc import Mapping

FIRST = 3  # file descriptor of the first socket handed over


def handed_over(environment: Mapping[str, str]) -> socket.socket | None:
    """The socket to listen on, if the supervisor has opened one for this process."""
    if environment.get("LISTEN_PID") != str(os.getpid()) or environment.get("LISTEN_FDS") != "1":
        return None
    return socket.socket(fileno=FIRST)


def ready(environment: Mapping[str, str]) -> None:
    """Tell the supervisor, if there is one, that requests are answered from now on."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.connect(f"\0{address[1:]}" if address.startswith("@") else address)
        told.sendall(b"READY=1")

"""Whether a request comes from this machine itself and nothing stands in front of us. Pure: the WSGI environment in.

A browser that was sent to http://127.0.0.1 must not be told to use https: WebKit upgrades even loopback addresses, where
nobody answers on https.
"""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

# What a server in front adds, whatever else it may rewrite. Any of them is enough.
FORWARDED = ("FORWARDED", "VIA", "X_FORWARDED_FOR", "X_FORWARDED_HOST", "X_FORWARDED_PROTO", "X_REAL_IP")


def is_loopback(host: str) -> bool:
    """Return whether ``host`` (a name, or an address without brackets) can only be this machine."""
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def names_loopback(header: str) -> bool:
    """Return whether a Host header, ``127.0.0.1:8000`` or ``[::1]:8000``, names this machine."""
    try:
        return is_loopback(urlsplit(f"//{header}").hostname or "")
    except ValueError:
        return False


def is_direct(environ: Mapping[str, object]) -> bool:
    """Return whether a browser on this machine reads the answer over plain http, with nothing in between."""
    return (
        environ.get("wsgi.url_scheme") == "http"
        and is_loopback(str(environ.get("REMOTE_ADDR", "")))
        and names_loopback(str(environ.get("HTTP_HOST", "")))
        and not any(f"HTTP_{name}" in environ for name in FORWARDED)
    )

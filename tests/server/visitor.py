"""What a visitor of the machine gets: by its name, over TLS, with a browser's words."""

import socket
import ssl
import urllib.request
from http.client import HTTPResponse
from pathlib import Path

import requests

from registrations import headers
from registrations.catalogue import parse
from registrations.door import LARGEST_BODY
from tests.server.machine import Machine

SITE = "https://jour.localhost"
FORM = f"{SITE}/anmalan/ekonomiskt-vald"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PATHS = {  # every kind, and the status of its answer while the collector answers and while it doesn't (None: 502 or 503)
    "/": (200, 200),
    "/stod/": (200, 200),
    "/forelasningar/ekonomiskt-vald/": (200, 200),
    "/forelasningar/ekonomiskt-vald/dela.png": (200, 200),
    "/forelasningar/kalender.ics": (200, 200),
    "/favicon.ico": (200, 200),
    "/finns-inte/": (404, 404),
    "/anmalan/ekonomiskt-vald/lage": (200, None),
    "/anmalan/openapi.json": (200, None),
    "/anmalan/finns-inte": (404, None),
    "/healthz": (200, None),
}
FORMS = {"a=b": 422, **{f"a={size * 'b'}": 413 for size in (20_000, 70_000, 120_000)}}

_found = socket.getaddrinfo


def _resolve(host: object, *rest: object, **options: object) -> list:
    """``*.localhost`` is this machine, whatever its resolver says."""
    return _found("127.0.0.1" if str(host).endswith(".localhost") else host, *rest, **options)


socket.getaddrinfo = _resolve


class _Kept(urllib.request.HTTPErrorProcessor):
    """An answer of any status is an answer, and no redirect is followed."""

    def http_response(self, request, response):
        return response

    https_response = http_response


def get(path: str, certificate: Path, host: str = SITE, **sent: str) -> HTTPResponse:
    """The answer; the path goes as it is."""
    secure = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=certificate))
    asked = urllib.request.Request(host + path, headers={"User-Agent": BROWSER, **sent})
    return urllib.request.build_opener(_Kept, secure).open(asked, timeout=60)


def sign_up(name: str, certificate: Path) -> int:
    """The status of the answer to a sign-up."""
    form = {"email": f"{name}@exempel.se", "name": "Alias"}
    return requests.post(FORM, data=form, verify=certificate, allow_redirects=False, timeout=60).status_code


def wanted(machine: Machine) -> dict[str, str]:
    """The whole set of headers, as the release that is shown needs it."""
    return headers.security(parse(machine.run("cat /srv/jour/current/catalogue.json")).policy)


def look(machine: Machine, certificate: Path, *, answering: bool, redirects: tuple[str, ...] = ()) -> None:
    """Every kind of path has its status, and all headers exactly once. ``redirects``: hosts that lead to the site."""
    expected = wanted(machine)

    def protected(answer: HTTPResponse, what: str) -> None:
        found = {name: answer.headers.get_all(name) for name in expected}
        assert found == {name: [value] for name, value in expected.items()}, what
        assert answer.headers.get("Server", "nginx") == "nginx", what

    for path, (up, down) in PATHS.items():
        answer = get(path, certificate)
        protected(answer, path)
        assert answer.status in ((up,) if answering else (down,) if down else (502, 503)), path
    for host in redirects:
        answer = get("/stod/?a=b", certificate, host)
        protected(answer, host)
        assert (answer.status, answer.headers["Location"]) == (301, f"{SITE}/stod/?a=b")
    for body, status in FORMS.items() if answering else ():
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = requests.post(FORM, data=body, headers=kind, verify=certificate, timeout=60)
        assert (answer.status_code, len(body)) == (status, len(body))
        found = {name: answer.headers.get(name) for name in expected}
        if len(body) > LARGEST_BODY:  # no page of the site: the server's own words, which need no script and no style
            assert found.pop("Content-Security-Policy").startswith("default-src 'none'; script-src 'self'"), len(body)
        assert found == {name: expected[name] for name in found}, len(body)
    assert get("/..%2f..%2fcatalogue.json", certificate).status in (400, 404)

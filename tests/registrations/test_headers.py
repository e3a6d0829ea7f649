"""The one source of the headers, written for each server that may stand in front."""

import json

import pytest
import requests

from registrations import headers
from registrations.catalogue import Policy, dump, parse
from registrations.errors import CatalogueError
from registrations.loopback import is_direct
from tests.support import Collector, catalogue, coming, publish

POLICY = Policy(script=("sha256-abc+/=",), style=("sha256-def=",))


def test_each_server_gets_the_whole_set_with_the_same_values():
    wanted = headers.security(POLICY)

    caddy = [line.strip() for line in headers.caddy(POLICY).splitlines()]
    nginx = headers.nginx(POLICY).splitlines()
    static = headers.static_host(POLICY).splitlines()

    assert caddy == ["header {", *(f'?{name} "{value}"' for name, value in wanted.items()), "-Server", "}"]
    assert nginx == [f'add_header {name} "{value}" always;' for name, value in wanted.items()]
    assert static == ["/*", *(f"  {name}: {value}" for name, value in wanted.items())]
    assert len(wanted) == 10
    assert all(len(line) < 2000 for line in static)  # more is cut by Cloudflare Pages


def test_a_preview_on_a_static_host_is_not_listed():
    assert "  X-Robots-Tag: noindex, nofollow\n" in headers.static_host(POLICY, preview=True)
    assert "X-Robots-Tag" not in headers.static_host(POLICY)


@pytest.mark.parametrize("hash", ["sha256-a' 'unsafe-inline", 'sha256-a"\n\trespond "x', "sha256-a; ${x}", "a", ""])
def test_a_hash_that_is_none_gets_neither_into_a_header_nor_into_a_servers_settings(hash):
    text = dump(catalogue()).replace('"script": []', f'"script": [{json.dumps(hash)}]')

    with pytest.raises(CatalogueError):
        parse(text)


@pytest.mark.parametrize("value", ['a"', "a\\", "$host", "{env.HOME}"])
def test_a_value_that_a_server_would_read_as_something_else_is_refused(value):
    with pytest.raises(ValueError, match="read as something else"):
        headers.caddy(Policy(script=(value,)))
    with pytest.raises(ValueError, match="read as something else"):
        headers.nginx(Policy(script=(value,)))


DIRECT = {"wsgi.url_scheme": "http", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8000"}


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "127.0.0.1", "localhost:8000", "LOCALHOST", "[::1]:8000"])
def test_a_browser_on_the_same_machine_is_not_sent_to_https(host):
    given = headers.of_answer(POLICY, DIRECT | {"HTTP_HOST": host})

    assert "Strict-Transport-Security" not in given
    assert given["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    assert headers.security(POLICY) == given | {
        "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
        "Content-Security-Policy": f"{given['Content-Security-Policy']}; upgrade-insecure-requests",
    }


@pytest.mark.parametrize(
    "other",
    [
        {"HTTP_HOST": "www.exempel.se"},
        {"HTTP_HOST": "127.0.0.1.exempel.se"},
        {"HTTP_HOST": "[:"},
        {"HTTP_HOST": ""},
        {"REMOTE_ADDR": "192.0.2.7"},
        {"wsgi.url_scheme": "https"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_X_FORWARDED_PROTO": "http"},
        {"HTTP_X_FORWARDED_FOR": ""},
        {"HTTP_FORWARDED": "proto=https"},
        {"HTTP_VIA": "1.1 caddy"},
    ],
)
def test_everybody_else_is_told_to_use_https(other):
    assert not is_direct(DIRECT | other)
    assert headers.of_answer(POLICY, DIRECT | other) == headers.security(POLICY)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A collector with a site, in a process of its own."""
    folder = tmp_path_factory.mktemp("served")
    publish(folder, coming())
    (folder / "site").mkdir()
    (folder / "site/index.html").write_text("<!doctype html><title>Sidan</title>")
    with Collector(folder, command=("-m", "registrations", "serve", "--site", str(folder / "site"))) as running:
        yield running


@pytest.mark.parametrize("path", ["/", "/anmalan/ekonomiskt-vald/lage", "/anmalan/finns-inte", "/finns/inte/"])
@pytest.mark.parametrize(
    ("sent", "plain"),
    [
        ({}, True),
        ({"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}, False),  # a proxy that keeps its own Host
        ({"Host": "www.exempel.se"}, False),
    ],
)
def test_the_server_decides_by_who_asks_it(served, path, sent, plain):
    answer = requests.get(served.url + path, headers=sent, timeout=20)

    expected = headers.security(Policy(), plain=plain)
    assert {name: answer.headers[name] for name in expected} == expected
    assert ("Strict-Transport-Security" in answer.headers) is not plain

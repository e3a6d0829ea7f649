"""The one source of the headers, written for each server that may stand in front."""

import json

import pytest

from registrations import headers
from registrations.catalogue import Policy, dump, parse
from registrations.errors import CatalogueError
from tests.support import catalogue

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

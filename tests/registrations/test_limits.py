"""Whom a sign-up comes from, behind servers that are believed and servers that are not."""

import ipaddress

import pytest

from registrations.limits import Limits

PROXIES = (ipaddress.ip_network("203.0.113.7"), ipaddress.ip_network("2001:db8::/64"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "sender"),
    [
        ("198.51.100.1", "", "198.51.100.1"),
        ("198.51.100.1", "192.0.2.9", "198.51.100.1"),  # anybody can say so
        ("127.0.0.1", "192.0.2.9", "192.0.2.9"),
        ("", "192.0.2.9", "192.0.2.9"),  # a Unix socket
        ("203.0.113.7", "192.0.2.9", "192.0.2.9"),
        ("203.0.113.7", "10.0.0.1, 192.0.2.9", "192.0.2.9"),  # the first is what the visitor says of herself
        ("203.0.113.7", "192.0.2.9, 203.0.113.7", "192.0.2.9"),  # a platform adds the proxy that called it
        ("2001:db8::5", "10.0.0.1, 192.0.2.9, 127.0.0.1", "192.0.2.9"),
        ("203.0.113.7", "", "203.0.113.7"),
        ("127.0.0.1", " , ", "127.0.0.1"),
        ("127.0.0.1", "nonsense", "nonsense"),
    ],
)
def test_the_last_that_is_no_proxy_of_ours_is_the_sender(peer, forwarded, sender):
    assert Limits(proxies=PROXIES).sender(peer, forwarded) == sender

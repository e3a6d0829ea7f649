"""Limits that keep the form from being used to flood the lists or the disk. In memory; nothing about anybody is stored.

40 colleagues behind one address of the network sign up unhindered; a script that goes on for minutes does not. Each process
counts for itself. What keeps a mailbox from being flooded stands in ``letters``, is read from the logs, and holds everywhere.
"""

import ipaddress
import threading
import time
from collections import deque
from collections.abc import Callable

from registrations.errors import RegistrationsError

PER_NETWORK = (120, 600.0)  # sign-ups, seconds: from one shortened network address, over all lectures
PER_EMAIL = (6, 3600.0)  # for one e-mail address from one network, over all lectures
PER_MARK = (5, 12 * 3600.0)  # with one signed age; beyond, they are asked to confirm
UNMARKED = (
    60,
    600.0,
)  # without one, from everywhere; beyond, or with so many from one network, they are asked to confirm
MOST = 10_000  # keys that are remembered; beyond, the oldest are forgotten

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class TooMany(RegistrationsError):
    """Wait ``seconds`` and try again."""

    def __init__(self, seconds: int):
        super().__init__(f"too many; try again in {seconds} s")
        self.seconds = seconds


class Limits:
    """Counts sign-ups by network and by e-mail address. ``on=False`` counts nothing.

    ``proxies`` are the networks of servers in front that are believed when they say whom a request comes from, beside any
    on this machine.
    """

    def __init__(
        self, *, on: bool = True, proxies: tuple[Network, ...] = (), clock: Callable[[], float] = time.monotonic
    ):
        self._on, self._proxies, self._clock = on, proxies, clock
        self._seen: dict[int, deque[float]] = {}
        self._lock = threading.Lock()

    def check(self, *, network: str, email: str) -> bool:
        """Count one sign-up; gives whether its network comes near the limit. Raises TooMany, and then it isn't counted."""
        if not self._on:
            return False
        near = shorten(network)
        # By network too: a limit that others fill would tell a stranger that somebody has signed up.
        keys = [(hash(("network", near)), *PER_NETWORK), (hash(("email", near, email.casefold())), *PER_EMAIL)]
        now = self._clock()
        with self._lock:
            queues = [self._recent(key, now - seconds) for key, _, seconds in keys]
            for queue, (_, most, seconds) in zip(queues, keys, strict=True):
                if len(queue) >= most:
                    raise TooMany(int(queue[0] + seconds - now) + 1)
            for queue in queues:
                queue.append(now)
            return len(queues[0]) > UNMARKED[0]

    def sender(self, peer: str, forwarded: str) -> str:
        """Whom a request comes from that ``peer`` brought with this X-Forwarded-For: the last who isn't a proxy of ours."""
        told = [address for part in forwarded.split(",") if (address := part.strip())]
        while told and self._is_proxy(peer):
            peer = told.pop()
        return peer

    def _is_proxy(self, address: str) -> bool:
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            return not address  # a Unix socket
        return ip.is_loopback or any(ip in network for network in self._proxies)

    def often(self, what: str, limit: tuple[int, float]) -> bool:
        """Whether ``what`` has been counted as often as ``limit`` (times, seconds) allows; if not, count it once more."""
        most, seconds = limit
        if not self._on:
            return False
        now = self._clock()
        with self._lock:
            queue = self._recent(hash(what), now - seconds)
            if len(queue) < most:
                queue.append(now)
                return False
            return True

    def _recent(self, key: int, since: float) -> deque[float]:
        queue = self._seen.pop(key, None) or deque()
        while queue and queue[0] <= since:
            queue.popleft()
        self._seen[key] = queue  # last in the dict: the first is the one that was quiet for longest
        while len(self._seen) > MOST:
            del self._seen[next(iter(self._seen))]
        return queue


def shorten(address: str) -> bytes | str:
    """The network of ``address``: the first 24 bits of IPv4, 56 of IPv6; what isn't an address stays as it is."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    mapped = getattr(ip, "ipv4_mapped", None) or ip
    return mapped.packed[: 3 if mapped.version == 4 else 7]

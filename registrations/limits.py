"""Limits that keep the form from being used to flood a mailbox or the disk. In memory; nothing about anybody is stored.

40 colleagues behind one address of the network sign up unhindered; a script that goes on for minutes does not.
"""

import ipaddress
import threading
import time
from collections import deque
from collections.abc import Callable

from registrations.errors import RegistrationsError

PER_NETWORK = (120, 600.0)  # sign-ups, seconds: from one shortened network address, over all lectures
PER_EMAIL = (6, 3600.0)  # for one e-mail address from one network, over all lectures
MOST = 10_000  # keys that are remembered; beyond, the oldest are forgotten


class TooMany(RegistrationsError):
    """Wait ``seconds`` and try again."""

    def __init__(self, seconds: int):
        super().__init__(f"too many; try again in {seconds} s")
        self.seconds = seconds


class Limits:
    """Counts sign-ups by network and by e-mail address. ``on=False`` counts nothing."""

    def __init__(self, *, on: bool = True, clock: Callable[[], float] = time.monotonic):
        self._on, self._clock = on, clock
        self._seen: dict[int, deque[float]] = {}
        self._lock = threading.Lock()

    def check(self, *, network: str, email: str) -> None:
        """Count one sign-up. Raises TooMany, and then it isn't counted."""
        if not self._on:
            return
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

    def _recent(self, key: int, since: float) -> deque[float]:
        queue = self._seen.pop(key, None) or deque()
        while queue and queue[0] <= since:
            queue.popleft()
        self._seen[key] = queue  # last in the dict: the first is the one that was quiet for longest
        while len(self._seen) > MOST:
            del self._seen[next(iter(self._seen))]
        return queue


def shorten(address: str) -> str:
    """The network of ``address``: /24 of IPv4, /56 of IPv6; what isn't an address stays as it is."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    mapped = getattr(ip, "ipv4_mapped", None) or ip
    return str(ipaddress.ip_network((mapped, 24 if mapped.version == 4 else 56), strict=False))

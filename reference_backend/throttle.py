"""Limits on guessing passwords.

What counts are failures. They run out of a bucket with time, so a limit delays and never locks out for good. One
account from one place has a tight limit; one account from all places, and one place on all accounts, a loose one.
A device that has signed in to an account has a bucket of its own: whoever fills the others can't lock it out.
"""

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from reference_backend.errors import ApiError
from reference_backend.settings import Settings

MOST_BUCKETS = 100_000  # of each kind; beyond that the one that was filled longest ago is forgotten
GUESSED = frozenset({"INVALID_EMAIL_OR_PASSWORD", "INVALID_PASSWORD", "USER_ALREADY_EXISTS"})
NETWORK_BITS = 64  # of an IPv6 address: who has one has the network

Key = tuple[str, ...]


@dataclass(frozen=True)
class Attempt:
    """What is known of who tries a password.

    ``device`` is one that has signed in to that account before; ``account`` is None where an attempt can only find
    out which accounts there are.
    """

    peer: str
    account: str | None = None
    device: str | None = None

    def limits(self, settings: Settings) -> dict[Key, int]:
        """Return the buckets that a failure goes into, and what each holds."""
        tight, loose = settings.sign_in_limit, settings.sign_in_limit_overall
        place = place_of(self.peer)
        if self.account is None:
            return {("place", place): loose}
        if self.device is not None:
            return {("device", self.account, self.device): tight}
        return {
            ("account and place", self.account, place): tight,
            ("account", self.account): loose,
            ("place", place): loose,
        }


@dataclass
class Counters:
    """The failures of one process.

    For each kind of bucket how full each is, and at which moment (monotonic seconds).
    """

    levels: dict[str, OrderedDict[Key, tuple[float, float]]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def level(self, key: Key, moment: float, leak: float) -> float:
        """Return how full a bucket is by now."""
        kind = self.levels.get(key[0], OrderedDict())
        level, since = kind.get(key, (0.0, moment))
        return max(0.0, level - (moment - since) * leak)

    def put(self, key: Key, level: float, moment: float) -> None:
        """Note how full a bucket is; an empty one is forgotten."""
        kind = self.levels.setdefault(key[0], OrderedDict())
        kind.pop(key, None)
        if level > 0:
            kind[key] = (level, moment)
        while len(kind) > MOST_BUCKETS:
            kind.popitem(last=False)


@contextmanager
def guarded(counters: Counters, settings: Settings, attempt: Attempt) -> Iterator[None]:
    """Count what is done inside if it fails.

    A failure is a wrong password or a taken address. Raises a 429 ApiError with Retry-After before, if a bucket
    is full. Attempts under way count as failures: a hundred at once are no way round the limit.
    """
    if not settings.sign_in_limit:
        yield
        return
    limits = attempt.limits(settings)
    _admit(counters, settings, limits)
    try:
        yield
    except ApiError as error:
        if error.code not in GUESSED:
            _add(counters, settings, limits, -1.0)
        raise
    except BaseException:
        _add(counters, settings, limits, -1.0)
        raise
    _add(counters, settings, limits, -1.0)


def place_of(peer: str) -> str:
    """Return the address as the limits see it: of IPv6 the network."""
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return peer
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, NETWORK_BITS), strict=False))


def _admit(counters: Counters, settings: Settings, limits: dict[Key, int]) -> None:
    with counters.lock:
        moment = time.monotonic()
        waits = [
            (counters.level(key, moment, limit / settings.sign_in_window) + 1 - limit)
            * (settings.sign_in_window / limit)
            for key, limit in limits.items()
        ]
        if max(waits) <= 0:
            _fill(counters, settings, limits, 1.0, moment)
            return
    wait = max(1, math.ceil(max(waits)))
    message = f"Too many requests. Try again in {wait} seconds"
    raise ApiError(429, "TOO_MANY_REQUESTS", message, {"Retry-After": str(wait)})


def _add(counters: Counters, settings: Settings, limits: dict[Key, int], amount: float) -> None:
    with counters.lock:
        _fill(counters, settings, limits, amount, time.monotonic())


def _fill(counters: Counters, settings: Settings, limits: dict[Key, int], amount: float, moment: float) -> None:
    for key, limit in limits.items():
        level = counters.level(key, moment, limit / settings.sign_in_window) + amount
        counters.put(key, level, moment)

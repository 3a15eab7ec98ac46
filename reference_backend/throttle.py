"""Limits on guessing passwords.

A number of attempts in a window, for each account and each address.
"""

import math
import threading
import time
from dataclasses import dataclass, field

from reference_backend.errors import ApiError
from reference_backend.settings import Settings

SWEEP_AT = 10_000  # counters kept before those of past windows are dropped


@dataclass
class Counters:
    """The attempts of one process.

    For each key the end of its window (monotonic seconds) and a count.
    """

    windows: dict[str, tuple[float, int]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def admit(counters: Counters, settings: Settings, account: str, peer: str) -> None:
    """Count one attempt.

    Raises a 429 ApiError with Retry-After if the account or the peer has had its share.

    `peer` is the address of the connection, never a header, which a client could choose.
    A refused attempt does not prolong the wait.
    """
    if not settings.sign_in_limit:
        return
    keys = (f"account {account}", f"peer {peer}")
    moment = time.monotonic()
    with counters.lock:
        if len(counters.windows) > SWEEP_AT:
            counters.windows = {key: value for key, value in counters.windows.items() if value[0] > moment}
        current = [_window(counters, key, moment, settings.sign_in_window) for key in keys]
        full = [end for end, count in current if count >= settings.sign_in_limit]
        if not full:
            for key, (end, count) in zip(keys, current, strict=True):
                counters.windows[key] = (end, count + 1)
            return
    wait = max(1, math.ceil(max(full) - moment))
    message = f"Too many requests. Try again in {wait} seconds"
    raise ApiError(429, "TOO_MANY_REQUESTS", message, {"Retry-After": str(wait)})


def _window(counters: Counters, key: str, moment: float, length: int) -> tuple[float, int]:
    end, count = counters.windows.get(key, (0.0, 0))
    return (end, count) if end > moment else (moment + length, 0)

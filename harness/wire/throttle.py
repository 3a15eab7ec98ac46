"""Waits when a deployment asks for it, within a budget."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from harness.core.errors import Unavailable
from harness.core.exchange import Exchange
from harness.wire.dates import unix_time

_FIRST_WAIT = 2.0

_SHORTEST_WAIT = 1.0

_LONGEST_WAIT = 60.0


class Throttled(Unavailable):
    """The deployment asks to wait for longer than the run may."""


@dataclass
class ThrottleBudget:
    """Seconds that a run may wait because the deployment asks for it."""

    limit: float
    used: float = 0.0
    announce: Callable[[str], None] = lambda _: None

    def wait(self, exchange: Exchange, attempt: int) -> None:
        """Wait as long as the answer asks for.

        Raises Throttled where that exceeds the budget.
        """
        pause = retry_after(exchange)
        # At least a little even where none is asked for: otherwise the budget would never be used up.
        seconds = min(2.0**attempt * _FIRST_WAIT, _LONGEST_WAIT) if pause is None else max(pause, _SHORTEST_WAIT)
        if self.used + seconds > self.limit:
            raise Throttled(
                f"the deployment throttles ({exchange.method} {urlsplit(exchange.url).path}: {exchange.status}) "
                f"and the {self.limit:.0f} s that may be spent on waiting are used up.",
                "Give more with --throttle-budget SECONDS, or raise the deployment's limits for the suite.",
                [exchange],
            )
        path = urlsplit(exchange.url).path
        self.announce(f"throttled by {path}: waiting {seconds:.0f} s ({self.used:.0f} of {self.limit:.0f} s used)")
        self.used += seconds
        time.sleep(seconds)

    def wait_out(self, exchange: Exchange) -> bool:
        """Wait where a server that can't answer now says for how long.

        That is a 503 with `Retry-After` (RFC 9110 section 15.6.4). Returns whether it did: only for a short pause
        within the budget.
        """
        pause = retry_after(exchange) if exchange.status == httpx.codes.SERVICE_UNAVAILABLE else None
        if pause is None or pause > _LONGEST_WAIT or self.used + max(pause, _SHORTEST_WAIT) > self.limit:
            return False
        self.wait(exchange, 0)
        return True


def retry_after(exchange: Exchange) -> float | None:
    """Seconds from ``Retry-After`` (RFC 9110 section 10.2.3, both forms) or ``X-Retry-After``."""
    for name in ("retry-after", "x-retry-after"):
        value = exchange.header(name)
        if value is None:
            continue
        seconds = value.strip()
        if seconds.isascii() and seconds.isdigit():
            return float(seconds)
        if (moment := unix_time(value)) is not None:
            return max(0.0, moment - time.time())
    return None

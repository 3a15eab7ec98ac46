"""How long tests wait for something outside of them: a watchdog for what hangs, not a measure of what is slow."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

LIMIT_SECONDS = float(os.environ.get("AUTH_CONFORMANCE_TEST_LIMIT", "1200"))
"""Far beyond what anything here takes; the variable is for a machine on which even that is too short."""
POLL_SECONDS = 0.02


def wait_until(question: Callable[[], bool], what: str) -> None:
    """Return when the answer is yes; fails after the limit and says ``what`` did not come true."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while not question():
        assert time.monotonic() < deadline, f"{what} did not come true within {LIMIT_SECONDS:g} s"
        time.sleep(POLL_SECONDS)

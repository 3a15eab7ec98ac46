"""Waiting until a deployment is up."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from harness.core.exchange import GATEWAY_ERRORS, NoAnswer
from harness.core.redaction import redact
from harness.wire import silence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from harness.wire.client import Client

_PAUSE = 1.0
"""Seconds between two questions."""
_WHO = "the doctor"


class NotUp(Exception):  # noqa: N818 - what the deployment is
    """It did not come up in time.

    The message says what it did.
    """


def await_deployment(
    client: Client, addresses: Iterable[str], seconds: float, announce: Callable[[str], None]
) -> None:
    """Ask for each address until it answers.

    Any answer counts but that of a gateway which reaches nothing (502, 503, 504). Raises NotUp after ``seconds``.
    """
    ends = time.monotonic() + seconds
    for url in dict.fromkeys(addresses):
        first = True
        while (why := _why_down(client, url)) is not None:
            if time.monotonic() >= ends:
                raise NotUp(
                    f"{url} {why}, and did so for the {seconds:g} s of --wait-for. Start it, or give it more time."
                )
            if first:
                announce(f"waiting up to {seconds:g} s for {url}, which {redact(why)}")
            first = False
            client.pause(min(_PAUSE, max(0.0, ends - time.monotonic())))


def _why_down(client: Client, url: str) -> str | None:
    try:
        answer = client.ask_aside(_WHO, f"{url}/")
    except NoAnswer as error:
        # No wait changes a certificate; the doctor says what is wrong with it.
        return None if "certificate" in error.why.lower() else silence.explained(error).what
    return f"answers {answer.status}" if answer.status in GATEWAY_ERRORS else None

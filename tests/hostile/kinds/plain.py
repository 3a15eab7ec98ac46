"""The proxy itself, so that the others can be believed."""

from __future__ import annotations

from tests.hostile.proxy import Call
from tests.hostile.registry import FINE, WHOLE, hostile


@hostile(FINE, scenarios=WHOLE, seconds=240)
def plain(call: Call) -> None:
    """Every answer as the backend gave it."""
    call.pass_on()

"""Why an answer is not what an outcome of the profile says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.text import listed
from harness.deployment.answer import ABSENT, at, matches
from harness.deployment.extraction import nothing_at
from harness.profile.extraction import at_pointer

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.profile.operation import Outcome, Predicate


def mismatch(outcome: Outcome, exchange: Exchange) -> str:
    """The conditions that do not hold, of the predicate that comes closest.

    Empty where the answer matches.
    """
    failing = [_failing(predicate, exchange) for predicate in outcome]
    closest = min(failing, key=len)
    return listed(closest, "and")


def _failing(predicate: Predicate, exchange: Exchange) -> list[str]:
    # Each condition by itself: of the status every predicate has one.
    reasons = {
        "status": f"the status is not {listed(map(str, predicate.status))}",
        "null_body": "the body is neither empty nor null",
        "contains": f'the body does not contain "{predicate.contains}"',
        "location": f'the Location is not "{predicate.location}"',
        "sets_cookie": f'no cookie "{predicate.sets_cookie}" is set',
        "pointer": _of_value(predicate, exchange),
    }
    return [reason for name, reason in reasons.items() if not matches([_alone(predicate, name)], exchange)]


def _alone(predicate: Predicate, name: str) -> Predicate:
    of_pointer = ("pointer", "equals", "present")
    kept = of_pointer if name == "pointer" else (name,)
    anything = {"status": ["1xx", "2xx", "3xx", "4xx", "5xx"]}
    return type(predicate).model_construct(**anything | {one: getattr(predicate, one) for one in kept})


def _of_value(predicate: Predicate, exchange: Exchange) -> str:
    pointer = predicate.pointer or ""
    found = at(exchange, pointer)
    if found in (ABSENT, None):
        return nothing_at(at_pointer(pointer), exchange)
    if predicate.present is False:
        return f"something is at {pointer}"
    return f"{pointer} is not {predicate.equals!r}"

"""In what words of the profile an answer was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from harness.deployment.answer import matches

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Exchange
    from harness.profile.operation import Operation
    from harness.profile.profile import Profile


def throttling(profile: Profile) -> Callable[[Exchange], bool]:
    """Whether an answer says that it was too much, in the words of any operation of the profile."""
    everywhere = [profile.outcomes, *(operation.outcomes for _, operation in profile.every_operation())]
    words = [predicate for outcomes in everywhere for predicate in outcomes.throttled]
    return lambda exchange: matches(words, exchange)


_NO_SUCCESS = ("unauthenticated", "forbidden", "missing", "bad_credentials", "invalid")


def how_answered(operation: Operation, exchange: Exchange) -> str:
    """How a request was answered that did not do what it should; a 2xx that is no success, by its class."""
    answer, outcomes = f"it was answered {exchange.status}", operation.outcomes
    if not httpx.codes.is_success(exchange.status) or matches(outcomes.success, exchange):
        return answer
    named = next((name for name in _NO_SUCCESS if matches(getattr(outcomes, name), exchange)), None)
    return (
        f'{answer}, which the profile calls "{named}"'
        if named
        else f"{answer}, and the profile has no word for it"
    )

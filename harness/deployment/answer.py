"""What an answer means, in the words of the profile."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import httpx
from jsonpointer import JsonPointerException, resolve_pointer

from harness.deployment.quotation import quoted
from harness.wire.cookies import bare_name, parse_set_cookie

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Exchange
    from harness.profile.operation import Operation, Outcome, Predicate
    from harness.profile.profile import Profile

_NO_SUCCESS = ("unauthenticated", "forbidden", "missing", "bad_credentials", "invalid")

ABSENT = object()
"""What `at` returns where a JSON pointer leads nowhere (or the body is no JSON)."""


def at(exchange: Exchange, pointer: str) -> Any:  # noqa: ANN401 - JSON is any
    """The value at a JSON pointer (RFC 6901), or ABSENT."""
    try:
        return resolve_pointer(exchange.json(), pointer)
    except (ValueError, JsonPointerException):
        return ABSENT


def text_at(exchange: Exchange, pointer: str) -> str | None:
    """The string or number at a JSON pointer, as text, or None."""
    found = at(exchange, pointer)
    is_scalar = isinstance(found, str | int) and not isinstance(found, bool)
    return str(found) if is_scalar and found != "" else None


def matches(outcome: Outcome, exchange: Exchange) -> bool:
    """Whether the answer is one of the alternatives of ``outcome``."""
    return any(_matches(predicate, exchange) for predicate in outcome)


def refuses(operation: Operation, exchange: Exchange) -> bool:
    """Whether the answer is a refusal in the words of the profile.

    Nobody is signed in, somebody may not, or there is no such thing.
    """
    outcomes = operation.outcomes
    if matches(outcomes.success, exchange):
        return False
    return any(
        matches(outcome, exchange) for outcome in (outcomes.unauthenticated, outcomes.forbidden, outcomes.missing)
    )


def how_answered(operation: Operation, exchange: Exchange) -> str:
    """How a request was answered that did not do what it should.

    For a 2xx that is no success the profile's word for it is given.
    """
    answer, outcomes = f"it was answered {quoted(exchange)}", operation.outcomes
    if not httpx.codes.is_success(exchange.status) or matches(outcomes.success, exchange):
        return answer
    named = next((name for name in _NO_SUCCESS if matches(getattr(outcomes, name), exchange)), None)
    return (
        f'{answer}, which the profile calls "{named}"'
        if named
        else f"{answer}, and the profile has no word for it"
    )


def throttling(profile: Profile) -> Callable[[Exchange], bool]:
    """A predicate: whether an answer throttles, in any operation's words."""
    words = throttled_words(profile)
    return lambda exchange: matches(words, exchange)


def throttled_words(profile: Profile) -> Outcome:
    """Every way in which the deployment throttles, each once."""
    words: Outcome = []
    for outcomes in (profile.outcomes, *(operation.outcomes for _, operation in profile.every_operation())):
        # Operations repeat what the profile says for all of them.
        words += [predicate for predicate in outcomes.throttled if predicate not in words]
    return words


def _matches(predicate: Predicate, exchange: Exchange) -> bool:
    return (
        any(_status_is(pattern, exchange.status) for pattern in predicate.status)
        and _body_fits(predicate, exchange)
        and _headers_fit(predicate, exchange)
    )


def _status_is(pattern: int | str, status: int) -> bool:
    return status == pattern if isinstance(pattern, int) else str(status)[0] == pattern[0]


def _body_fits(predicate: Predicate, exchange: Exchange) -> bool:
    if predicate.null_body and exchange.body.strip() not in (b"", b"null"):
        return False
    if predicate.contains and not re.search(predicate.contains, exchange.text):
        return False
    if predicate.pointer is None:
        return True
    found = at(exchange, predicate.pointer)
    if predicate.present is not None and (found not in (ABSENT, None)) is not predicate.present:
        return False
    return predicate.equals is None or (found == predicate.equals and type(found) is type(predicate.equals))


def _headers_fit(predicate: Predicate, exchange: Exchange) -> bool:
    if predicate.location and not re.search(predicate.location, exchange.header("location") or ""):
        return False
    if predicate.sets_cookie is None:
        return True
    cookies = [parse_set_cookie(raw) for raw in exchange.set_cookies]
    return any(cookie and cookie.value and bare_name(cookie.name) == predicate.sets_cookie for cookie in cookies)

"""Whether an operation is where the profile says.

404 alone does not distinguish a missing route from a handler that finds nothing. What the same server answers two
segments below that path, where nothing can be, does: to the same credential, and to none.
"""

from __future__ import annotations

import contextlib
import re
import secrets
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import httpx

from harness.core.exchange import NoAnswer
from harness.core.text import one_line
from harness.deployment.answer import matches
from harness.deployment.errors import NotThere

if TYPE_CHECKING:
    from harness.core.exchange import Exchange, Headers
    from harness.profile.operation import Operation, Outcome
    from harness.profile.target import Target
    from harness.wire.client import Client

_ABSENT = (httpx.codes.METHOD_NOT_ALLOWED, httpx.codes.NOT_IMPLEMENTED)
_PERHAPS = httpx.codes.NOT_FOUND
_REQUIRED = ("operations.sign_up", "operations.sign_in", "operations.session")
_OF_A_SECTION = ("list", "create")
"""What a section of tasks can't be without."""
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_VARYING = re.compile(r"[\w.-]*\d[\w:.+-]*")
"""Numbers, dates and ids of requests."""


def must_be_there(target: Target, client: Client, place: str, operation: Operation, exchange: Exchange) -> None:
    """Raise NotThere if an answer shows that an operation doesn't exist.

    ``exchange`` answers what must work: an owner's own request. ``place`` is where the profile declares the
    operation, such as ``operations.sign_out``. What the profile calls success, or by its status a refusal, shows
    no absence.
    """
    if exchange.status not in (*_ABSENT, _PERHAPS) or _is_declared(operation, exchange):
        return
    if exchange.status in _ABSENT or _is_like_nothing(target, client, exchange):
        raise not_there(place, operation, exchange)


def is_nowhere(target: Target, client: Client, exchange: Exchange) -> bool:
    """Whether an answer is that to any path without anything."""
    if exchange.status != _PERHAPS:
        return exchange.status in _ABSENT
    return _is_like_nothing(target, client, exchange)


def not_there(place: str, operation: Operation, exchange: Exchange) -> NotThere:
    """What says that an operation is missing, with its remedy."""
    section, _, name = place.partition(".")
    allowed = exchange.header("allow")
    allows = f" (Allow: {allowed})" if allowed is not None else ""
    wrong = "path" if exchange.status == _PERHAPS else "method or path"
    return NotThere(
        f"{name}: {operation.method} {operation.path} was answered {exchange.status}{allows}: it is not where "
        f"{place} says.",
        f"Correct its {wrong} in the profile.{_or_none(place, section, name)}",
        [exchange],
    )


def _or_none(place: str, section: str, name: str) -> str:
    if place in _REQUIRED:
        return ""
    if place.endswith("]"):
        return " If there is no such route, remove the entry."
    if section != "operations" and name in _OF_A_SECTION:
        return f" If there are no such tasks, write `{section} = false`, or remove the section if it is your own."
    return (
        f" If there is no such operation, write `{name} = false` under [{section}], or remove the entry if it is "
        "your own."
    )


def _is_declared(operation: Operation, exchange: Exchange) -> bool:
    outcomes = operation.outcomes
    refusals = (outcomes.unauthenticated, outcomes.bad_credentials, outcomes.invalid)
    return matches(outcomes.success, exchange) or any(_names(one, exchange) for one in refusals)


def _names(outcome: Outcome, exchange: Exchange) -> bool:
    """Whether the outcome names that very status, and not its class."""
    named = [predicate for predicate in outcome if exchange.status in predicate.status]
    return bool(named) and matches(named, exchange)


# --- a route that finds nothing, or no route ---


def _is_like_nothing(target: Target, client: Client, exchange: Exchange) -> bool:
    """Whether any path without anything gets the same answer."""
    with contextlib.suppress(NoAnswer), client.transcript.aside("whether it is there"):
        if not _alike(exchange, _beside(client, exchange, exchange.request_headers)):
            return False
        bare = _without_credential(target, exchange)
        if len(bare) == len(exchange.request_headers):
            return True
        return _alike(_again(client, exchange, exchange.url, bare), _beside(client, exchange, bare))
    return True


def _beside(client: Client, exchange: Exchange, headers: Headers) -> Exchange:
    parts = urlsplit(exchange.url)
    # One segment more may be the id of something.
    path = f"{parts.path.rstrip('/')}/nothing/{secrets.token_hex(4)}"
    return _again(client, exchange, parts._replace(path=path).geturl(), headers)


def _again(client: Client, exchange: Exchange, url: str, headers: Headers) -> Exchange:
    body = exchange.request_body or None
    return client.send("the suite", exchange.method, url, headers, body)


def _without_credential(target: Target, exchange: Exchange) -> Headers:
    token = target.profile.credentials.token
    carrying = {"authorization", "cookie", token.header.lower() if token is not None else ""}
    return [(name, value) for name, value in exchange.request_headers if name.lower() not in carrying]


def _alike(one: Exchange, other: Exchange) -> bool:
    return _gist(one) == _gist(other)


def _gist(exchange: Exchange) -> tuple[int, str, str]:
    kind = (exchange.header("content-type") or "").partition(";")[0].strip().lower()
    text = exchange.text
    if "html" in kind:
        title = _TITLE.search(text)
        text = one_line(title[1]) if title is not None else ""
    path = urlsplit(exchange.url).path
    for address in (exchange.url, path, unquote(path)):
        text = text.replace(address, "*")
    return exchange.status, kind, _VARYING.sub("*", text)

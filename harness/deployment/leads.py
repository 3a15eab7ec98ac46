"""Where an answer leads a browser.

By its header, by its page, or by the data that a script follows.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from harness.deployment.answer import text_at
from harness.wire.addresses import resolved
from harness.wire.document import read_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.core.exchange import Exchange
    from harness.profile.target import Target

_FOLLOWED = frozenset({"url", "location", "redirect", "redirecturl", "redirectto"})
"""Fields of an answer that a front end follows; in lower case, without underscores."""
_FOREIGN = "evil"
"""What is part of every foreign host's name that attacks ask for."""
_RUN = ("javascript", "data")
"""Schemes of what a browser runs instead of going there."""


def leads_elsewhere(target: Target, exchange: Exchange) -> str | None:
    """Where an answer takes a browser outside the deployment, or None.

    Data that the profile does not say to be a destination is one only where it leads to what attacks ask for.
    """
    return next((lead for lead in _leads(target, exchange) if target.resolves_outside(lead, exchange.url)), None)


def _leads(target: Target, exchange: Exchange) -> Iterator[str]:
    location = exchange.header("location")
    if location is not None:
        yield location
    pointer = target.profile.operations.sign_in.redirect_answer
    declared = text_at(exchange, pointer) if pointer is not None else None
    if declared is not None:
        yield declared
    if httpx.codes.is_success(exchange.status):
        yield from _led_on(exchange)


def _led_on(exchange: Exchange) -> Iterator[str]:
    if "html" in (exchange.header("content-type") or ""):
        destination = read_document(exchange.text).destination
        if destination is not None:
            yield destination
        return
    with suppress(ValueError, RecursionError):
        yield from (one for one in _followed(exchange.json()) if _is_attack(one, exchange.url))


def _is_attack(destination: str, base: str) -> bool:
    parts = urlsplit(resolved(destination, base) or "")
    return parts.scheme in _RUN or _FOREIGN in (parts.hostname or "")


def _followed(value: object) -> Iterator[str]:
    """The destinations in an object and in those inside it."""
    if not isinstance(value, dict):
        return
    for name, one in value.items():
        if isinstance(one, str) and name.lower().replace("_", "") in _FOLLOWED:
            yield one
        yield from _followed(one)

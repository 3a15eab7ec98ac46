"""What answers in a deployment's place, or otherwise than the profile expects.

Each kind has its own sentence and its own remedy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from harness.core.exchange import GATEWAY_ERRORS, origin_of
from harness.core.redaction import masked_cut
from harness.core.text import listed
from harness.deployment.lines import success_of
from harness.deployment.quotation import is_html, json_of, quoted
from harness.profile.environment import VARIABLE
from harness.profile.toml.problems import inline
from harness.wire.addresses import resolved

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.profile.target import Target

_SHIELD = re.compile(r"mitigated|waf-action", re.IGNORECASE)
"""How headers are called by which a protection against bots says that it answered."""
_SHIELD_TITLES = re.compile(
    r"<title[^>]*>\s*(just a moment|attention required|access denied|request (rejected|unsuccessful)|"
    r"(checking|verifying) (your browser|that you are)|security check|are you (a )?(human|robot))",
    re.IGNORECASE,
)
_SHIELD_STATUSES = (
    httpx.codes.FORBIDDEN,
    httpx.codes.NOT_ACCEPTABLE,
    httpx.codes.TOO_MANY_REQUESTS,
    httpx.codes.SERVICE_UNAVAILABLE,
    httpx.codes.OK,
)
_GATE_SCHEMES = re.compile(r"\s*(basic|digest|ntlm|negotiate)\b", re.IGNORECASE)
_LONGEST = 120


@dataclass(frozen=True)
class Obstacle:
    """Something in the way.

    ``what`` is a clause about an answer, ``remedy`` a sentence or two.
    """

    what: str
    remedy: str


def in_front(exchange: Exchange, target: Target) -> Obstacle | None:
    """What answered before the deployment itself could, or None."""
    return _proxy(exchange) or _shield(exchange) or _gate(exchange, target) or _maintenance(exchange)


def of_answer(exchange: Exchange, target: Target) -> Obstacle | None:
    """What an answer is that the profile does not describe, or None."""
    return (
        in_front(exchange, target) or _elsewhere(exchange, target) or _list_of_errors(exchange) or _page(exchange)
    )


def _proxy(exchange: Exchange) -> Obstacle | None:
    if exchange.status != httpx.codes.PROXY_AUTHENTICATION_REQUIRED:
        return None
    return Obstacle(
        "the proxy answered in place of the deployment, and asks for a password",
        "Write it in reach.proxy, `http://{env:PROXY_USER}:{env:PROXY_PASSWORD}@host:port`, or correct it.",
    )


def _shield(exchange: Exchange) -> Obstacle | None:
    said = [f"{name}: {masked_cut(value, _LONGEST)}" for name, value in exchange.headers if _SHIELD.search(name)]
    by_title = exchange.status in _SHIELD_STATUSES and is_html(exchange) and _SHIELD_TITLES.search(exchange.text)
    if not said and not by_title:
        return None
    seen = f" ({', '.join(said)})" if said else ""
    return Obstacle(
        f"a protection against bots answered in place of the deployment{seen}",
        "Let the suite through it, by this machine's address or by a header, `[reach] headers = { X-Header = "
        '"{env:NAME}" }`, or test the deployment where it is not protected.',
    )


def _gate(exchange: Exchange, target: Target) -> Obstacle | None:
    token = target.profile.credentials.token
    challenges = [
        one
        for one in exchange.all_headers("www-authenticate")
        if (found := _GATE_SCHEMES.match(one)) and (token is None or found[1].lower() != token.scheme.lower())
    ]
    if exchange.status != httpx.codes.UNAUTHORIZED or not challenges:
        return None
    return Obstacle(
        f"that was the 401 of a gate in front of the deployment (WWW-Authenticate: "
        f"{masked_cut(challenges[0], _LONGEST)}), which asks for a password of its own",
        _way_through(target),
    )


def _way_through(target: Target) -> str:
    """How the suite gets past a gate that asks for a password."""
    if (basic := target.profile.reach.basic) is not None:
        asked = listed(dict.fromkeys(VARIABLE.findall(basic)), "and")
        return f"It does not take that of reach.basic: correct {asked} in the environment."
    if target.profile.takes_authorization:
        return (
            "Let the suite through it by a header (reach.headers) or by this machine's address: its password and "
            "the deployment's token can't share the header Authorization."
        )
    return (
        'Let the suite through it, with its password (`[reach] basic = "{env:GATE_USER}:{env:GATE_PASSWORD}"`), a '
        "header (reach.headers) or by this machine's address."
    )


def _maintenance(exchange: Exchange) -> Obstacle | None:
    if exchange.status not in GATEWAY_ERRORS:
        return None
    return Obstacle("it is down, or what stands in front of it can't reach it", "Run again when it is up.")


def _elsewhere(exchange: Exchange, target: Target) -> Obstacle | None:
    location = exchange.header("location")
    if location is None or not httpx.codes.is_redirect(exchange.status):
        return None
    there = resolved(location, exchange.url)
    if there is None:
        return Obstacle("it is a redirect to what is no address", "Correct its Location.")
    if not target.resolves_outside(location, exchange.url):
        return Obstacle(
            f"it leads to {urlsplit(there).path}",
            "Write that path in the profile; or, where a form is answered so when it is accepted, "
            f"`{success_line(exchange)}` in the operation.",
        )
    return Obstacle(
        f"it leads to another origin, {origin_of(there)}",
        f"If the deployment is there, give --base-url {origin_of(there)}. A sign-in that another site carries out "
        "can't be tested.",
    )


def success_line(exchange: Exchange) -> str:
    """The profile's line that makes such an answer a success."""
    return f"outcomes.success = {inline(success_of(exchange))}"


def _list_of_errors(exchange: Exchange) -> Obstacle | None:
    content = json_of(exchange)
    errors = content.get("errors") if isinstance(content, dict) else None
    if not httpx.codes.is_success(exchange.status) or not isinstance(errors, list) or not errors:
        return None
    return Obstacle(
        "a success that holds a list of errors, as GraphQL answers",
        'Describe it by what is in the body: `outcomes.unauthenticated = { status = 200, pointer = "/errors", '
        "present = true }`, and write the query in the operation's `json`.",
    )


def _page(exchange: Exchange) -> Obstacle | None:
    if not httpx.codes.is_success(exchange.status) or not is_html(exchange):
        return None
    return Obstacle(
        "a page and no JSON: a front end that serves its page for every path answers so",
        "Correct the operation's path, or its `base`, if it is at another address (--api-url).",
    )


def sentence(exchange: Exchange, obstacle: Obstacle) -> str:
    """The end of a sentence that begins with what was asked."""
    return f"was answered {quoted(exchange)}: {obstacle.what}. {obstacle.remedy}"

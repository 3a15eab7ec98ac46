"""Where redirects of the run may not lead."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from harness.deployment.held import token_in
from harness.flows.observed_cookies import signing_in
from harness.flows.seen import Rule, each
from harness.wire.secret_scanner import tokens_in

if TYPE_CHECKING:
    from harness.flows.seen import Seen

_SHORTEST = 16
"""Characters below which a value stands somewhere by chance."""
_REDIRECTS_WITH_BODY = (307, 308)


def _location(seen: Seen) -> str:
    return seen.exchange.header("location") or ""


def _exposed(seen: Seen) -> str | None:
    location = _location(seen)
    spellings, asked = (location, unquote(location)), (seen.exchange.url, unquote(seen.exchange.url))

    def stands(value: str) -> bool:
        return any(value in text for text in spellings) and not any(value in text for text in asked)

    if any(len(one) >= _SHORTEST and stands(one) for one in seen.passwords):
        return "redirects to an address with the password"
    if any(len(one) >= _SHORTEST and stands(one) for one in _credentials(seen)):
        return "redirects to an address with a credential"
    return _sent_elsewhere(seen)


def _credentials(seen: Seen) -> list[str]:
    names = seen.target.profile.credentials.cookies
    sent = [value for _, value in seen.cookies_sent(names)]
    given = [one.value for one in signing_in(seen)]
    tokens = list(seen.tokens)
    if seen.target.profile.credentials.token is not None:
        tokens += [value for value in (token_in(seen.target, seen.exchange),) if value]
    values = [*sent, *given, *tokens, *tokens_in(seen.exchange.body)]
    return [*values, *map(unquote, values)]


def _sent_elsewhere(seen: Seen) -> str | None:
    if seen.exchange.status not in _REDIRECTS_WITH_BODY or not seen.exchange.request_body:
        return None
    leaves = seen.target.resolves_outside(_location(seen), seen.exchange.url)
    sends_password = bool(seen.passwords)
    return "has browsers send the password on to another origin" if leaves and sends_password else None


def _is_redirect(seen: Seen) -> bool:
    return seen.is_ordinary and bool(_location(seen))


REDIRECTS = Rule(
    "sign-in, sign-up or redirect",
    "that no redirect has a password or a credential in its address, or sends one to another origin",
    lambda seen: _is_redirect(seen) or bool(seen.places & {"operations.sign_in", "operations.sign_up"}),
    each(lambda seen: _exposed(seen) if _is_redirect(seen) else None),
)


def _repeats_body(seen: Seen) -> str | None:
    return f"is redirected with {seen.exchange.status}" if seen.exchange.status in _REDIRECTS_WITH_BODY else None


BODY_REDIRECTS = Rule(
    "sign-in or sign-up",
    "that no sign-in is redirected in a way that repeats its body",
    lambda seen: bool(seen.places & {"operations.sign_in", "operations.sign_up"}),
    each(_repeats_body),
)

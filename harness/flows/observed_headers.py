"""What headers answers of the run must have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from harness.deployment.held import token_in
from harness.deployment.people import CANARY
from harness.flows.seen import Breach, Rule, always, each
from harness.wire.cache_control import cache_control, is_fresh_for_a_while, varies_by
from harness.wire.cookies import is_loopback
from harness.wire.secret_scanner import tokens_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.flows.seen import Seen
    from harness.profile.target import Target

_YEAR = 31_536_000
_HANDING_OUT = ("operations.sign_in", "operations.sign_up", "operations.token", "operations.refresh")
_PRIVATE = ("operations.session", "operations.token", "operations.list_sessions")
_FRAMED = ("pages.sign_in", "pages.protected")
_EMPTY = (b"", b"null", b"[]", b"{}")
_MOST_PARSED = 1024 * 1024


def _said(seen: Seen) -> str:
    given = ", ".join(seen.exchange.all_headers("cache-control"))
    return f"has Cache-Control: {given}" if given else "has no Cache-Control"


# --- caches ---


def _hands_out(seen: Seen) -> bool:
    """Whether an answer's body or header has a credential for scripts."""
    credentials = seen.target.profile.credentials
    issuers = {f"operations.{credentials.token.issued_by}"} if credentials.token is not None else set()
    if not seen.succeeded or not seen.places & {*_HANDING_OUT, *issuers}:
        return False
    if tokens_in(seen.exchange.body):
        return True
    by_cookie = credentials.token is None or credentials.token.cookie is not None
    return not by_cookie and token_in(seen.target, seen.exchange) is not None


HANDED_OUT = Rule(
    "answer that hands out a token",
    "that each answer which hands out a token forbids storing it (Cache-Control: no-store)",
    _hands_out,
    each(lambda seen: None if cache_control(seen.exchange).forbids_storing else _said(seen)),
    rare=always,
)


def _is_private(seen: Seen) -> bool:
    places = (*_PRIVATE, "pages.protected")
    of_tasks = any(place.startswith(("tasks.", "proxy.", "resources[")) for place in seen.places)
    has_content = seen.exchange.body.strip() not in _EMPTY
    return seen.succeeded and bool(seen.carriers) and has_content and (of_tasks or bool(seen.places & set(places)))


PRIVATE = Rule(
    "private answer",
    "that each private answer says no-store, private or no-cache",
    _is_private,
    each(lambda seen: None if cache_control(seen.exchange).limits_storing else _said(seen)),
)

# --- how a browser reads it ---


def _is_json_as_page(seen: Seen) -> str | None:
    body = seen.exchange.body
    if not seen.is_page or body.lstrip()[:1] not in (b"{", b"[") or CANARY.search(seen.exchange.text) is None:
        return None
    try:
        seen.exchange.json()
    except ValueError:
        return None
    return f"is JSON with a user's text, and labelled {seen.media_type}"


CONTENT_TYPES = Rule(
    "answer with a user's text",
    "that no JSON with a user's text is labelled HTML",
    lambda seen: 0 < len(seen.exchange.body) <= _MOST_PARSED and b"cnry" in seen.exchange.body,
    each(_is_json_as_page),
)


def _is_content(seen: Seen) -> bool:
    return bool(seen.places) and seen.succeeded and bool(seen.exchange.body)


def _sniffed(seen: Seen) -> str | None:
    given = ", ".join(seen.exchange.all_headers("x-content-type-options"))
    if given.partition(",")[0].strip().lower() == "nosniff":
        return None
    return f"has X-Content-Type-Options: {given}" if given else "has no X-Content-Type-Options"


NOSNIFF = Rule(
    "page or answer of an operation",
    "that each page and each answer of an operation has X-Content-Type-Options: nosniff",
    _is_content,
    each(_sniffed),
)


_ANY_SITE = ("*", "http:", "https:")


def _framed(seen: Seen) -> str | None:
    policies = ",".join(seen.exchange.all_headers("content-security-policy")).replace(",", ";").split(";")
    ancestors = [
        words[1:] for words in map(str.split, map(str.lower, policies)) if words[:1] == ["frame-ancestors"]
    ]
    if ancestors:
        open_to = next((source for source in ancestors[0] if source in _ANY_SITE), None)
        return None if open_to is None else f"has frame-ancestors {open_to}"
    options = ",".join(seen.exchange.all_headers("x-frame-options")).lower()
    if any(option.strip() in ("deny", "sameorigin") for option in options.split(",")):
        return None
    return "has neither frame-ancestors in Content-Security-Policy nor X-Frame-Options"


def _no_pages(target: Target) -> str | None:
    return "The profile declares no pages." if target.profile.pages is None else None


FRAMES = Rule(
    "page",
    "that the sign-in page and the protected pages say who may frame them",
    lambda seen: seen.succeeded and seen.is_page and bool(seen.places & set(_FRAMED)),
    each(_framed),
    _no_pages,
)


def _insecure(seen: Seen) -> str | None:
    given = seen.exchange.header("strict-transport-security")
    if given is None:
        return "has no Strict-Transport-Security"
    age = re.search(r'(?i)\bmax-age\s*=\s*"?(\d{1,12})', given)
    return None if age is not None and int(age[1]) >= _YEAR else f"has Strict-Transport-Security: {given}"


def _on_this_machine(target: Target) -> str | None:
    if is_loopback(urlsplit(target.web).hostname or ""):
        return "The deployment is reached on this machine, where browsers need no Strict-Transport-Security."
    return None


HSTS = Rule(
    "page or answer of an operation",
    "that each answer over https has Strict-Transport-Security of a year or more",
    lambda seen: bool(seen.places) and seen.succeeded and seen.exchange.url.startswith("https://"),
    each(_insecure),
    _on_this_machine,
)

# --- what an answer depends on ---


def _with_canary(seen: Seen) -> str | None:
    found = CANARY.search(seen.exchange.text)
    return found[0] if found is not None else None


def _by_url(every: Sequence[Seen]) -> dict[str, list[Seen]]:
    found: dict[str, list[Seen]] = {}
    for seen in every:
        found.setdefault(seen.exchange.url, []).append(seen)
    return found


def _hidden_credential(every: Sequence[Seen]) -> Iterator[Breach]:
    for answers in _by_url(every).values():
        plain = next((one for one in answers if one.is_anonymous and _with_canary(one) is None), None)
        for seen in answers if plain is not None else ():
            if not seen.carriers or not is_fresh_for_a_while(seen.exchange) or _with_canary(seen) is None:
                continue
            if plain is not None and not any(varies_by(seen.exchange, field) for field in seen.carriers):
                said = ", ".join(seen.exchange.all_headers("cache-control")) or "Expires"
                kept = f"may be kept ({said}) and has no Vary: {seen.carriers[0]}"
                came = f"has other content for an anonymous client, {kept}"
                yield Breach(seen, came, (plain.exchange,))


def _is_kept(seen: Seen) -> bool:
    return seen.is_ordinary and seen.exchange.method == "GET" and seen.exchange.status < 300


VARY = Rule(
    "answer to a GET",
    "that each answer which caches may keep names what it depends on in Vary",
    _is_kept,
    _hidden_credential,
)


def _hidden_origin(every: Sequence[Seen]) -> Iterator[Breach]:
    for answers in _by_url(every).values():
        allowed = {one.exchange.header("access-control-allow-origin") for one in answers}
        if len(allowed) < 2:
            continue
        for seen in answers:
            if is_fresh_for_a_while(seen.exchange) and not varies_by(seen.exchange, "Origin"):
                said = seen.exchange.header("access-control-allow-origin")
                others = sorted(one or "none" for one in allowed - {said})
                came = f"allows the origin {said or 'none'}, and in another answer {others[0]}"
                yield Breach(seen, f"{came}; it may be kept ({_said(seen)}) and has no Vary: Origin")


CORS_VARY = Rule(
    "answer to a GET",
    "that each answer which caches may keep and which allows origins one by one has Vary: Origin",
    _is_kept,
    _hidden_origin,
)

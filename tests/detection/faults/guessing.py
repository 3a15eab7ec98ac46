"""Limits on guessing that are missing, led round, or never end."""

from __future__ import annotations

import contextlib
import dataclasses
import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Receive, Scope, Send

from reference_backend import accounts, identity, throttle
from reference_backend.errors import ApiError
from reference_backend.settings import Settings
from tests.detection.registry import fault
from tests.detection.seams import know_the_request, middleware, request_header, scope, wrap

LIMITED = "guessing-is-rate-limited"
HEADERS = "guessing-limit-ignores-client-headers"
ADDRESSES = "guessing-limit-covers-path-variants"
IDENTIFIERS = "guessing-limit-covers-identifier-variants"
BURSTS = "guessing-limit-holds-against-bursts"
ENDS = "guessing-limit-ends-as-declared"
WAIT = "guessing-limit-names-the-wait"
SIGN_IN = "/api/auth/sign-in/email"

SHORT: Mapping[str, str] = {"REFERENCE_SIGN_IN_LIMIT": "5", "REFERENCE_SIGN_IN_WINDOW": "10"}
"""A limit whose end the suite waits for."""
DECLARED = "[rate_limit]\nmax_attempts = 5\nwindow = 10\n"


# --- no limit ---


@fault(
    defect="rl-signin-unlimited",
    caught_by=LIMITED,
    says="limited after 10 wrong ones, .*; but 15 wrong passwords in a row were each answered 401 .*at once",
    level="should",
)
def no_wrong_password_is_counted() -> None:
    """Sign-in has no limit, in spite of what the profile says."""
    wrap(throttle, "guarded", lambda _original, *_: contextlib.nullcontext())


@fault(
    defect="rl-signin-unlimited",
    caught_by=LIMITED,
    says="while wrong ones are answered 429 .*, the right one signs in",
    level="should",
)
def the_right_password_is_verified_before_the_limit() -> None:
    """Only failures are throttled: a password is verified, then the limit is looked at."""

    @contextlib.contextmanager
    def guarded(original: Any, counters: Any, settings: Settings, attempt: throttle.Attempt) -> Iterator[None]:
        try:
            yield
        except ApiError:
            with original(counters, settings, attempt):
                raise

    wrap(throttle, "guarded", guarded)


# --- whose guesses count together ---


def _counted_for(client: Callable[[Scope], str | None]) -> None:
    """Take what ``client`` finds in a request for the client's address."""
    wrap(
        identity,
        "peer",
        lambda original, request: client(request.scope) or original(request),
    )


def _believe(name: str, pattern: str = "(.+)") -> None:
    def client(asked: Scope) -> str | None:
        found = re.fullmatch(pattern, request_header(asked, name) or "")
        return found[1] if found else None

    _counted_for(client)


def _header_fault(header: str, value: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    return fault(
        defect="rl-forwarded-header-bypass",
        caught_by=HEADERS,
        says=re.escape(f"refused otherwise, signs in with {header}: {value}"),
        level="should",
        spares=(LIMITED, ADDRESSES),
    )


@_header_fault("X-Forwarded-For", "203.0.113.7")
def x_forwarded_for_is_believed() -> None:
    """The first address of X-Forwarded-For is the client, whoever writes it."""
    _believe("x-forwarded-for", r"([\d.]+).*")


@_header_fault("X-Forwarded-For", "2001:db8::7")
def x_forwarded_for_is_believed_in_ipv6() -> None:
    """A pattern for what is dropped knows IPv4 alone."""
    _believe("x-forwarded-for", "([0-9a-f]*:[0-9a-f:]+)")


@_header_fault("X-Real-IP", "203.0.113.7")
def x_real_ip_is_believed() -> None:
    """X-Real-IP is the client."""
    _believe("x-real-ip")


@_header_fault("Forwarded", "for=203.0.113.7")
def forwarded_is_believed() -> None:
    """Forwarded (RFC 7239) names the client."""
    _believe("forwarded", "for=(.+)")


@_header_fault("True-Client-IP", "203.0.113.7")
def true_client_ip_is_believed() -> None:
    """True-Client-IP is the client, as behind one network."""
    _believe("true-client-ip")


@_header_fault("CF-Connecting-IP", "203.0.113.7")
def cf_connecting_ip_is_believed() -> None:
    """CF-Connecting-IP is the client, as behind another network."""
    _believe("cf-connecting-ip")


@_header_fault("X-Client-IP", "203.0.113.7")
def x_client_ip_is_believed() -> None:
    """X-Client-IP is the client."""
    _believe("x-client-ip")


# --- spellings of the address ---


def _routed(tidy: Callable[[str], str]) -> None:
    """Let the router take what ``tidy`` makes of a path, and the limit the path as it was sent."""

    async def handle(asked: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        sent = asked["raw_path"].decode("latin-1")
        if tidy(sent) == SIGN_IN:
            asked = {**asked, "path": SIGN_IN, "raw_path": SIGN_IN.encode(), "sent": sent}
        await inner(asked, receive, send)

    _unlimited_when(lambda asked: asked.get("sent", SIGN_IN) != SIGN_IN)
    middleware(handle)


def _unlimited_when(escapes: Callable[[Scope], bool]) -> None:
    """Have the limit see no request for which ``escapes`` is true."""
    know_the_request()
    wrap(
        throttle,
        "guarded",
        lambda original, *arguments: contextlib.nullcontext() if escapes(scope()) else original(*arguments),
    )


def _address_fault(spelling: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    return fault(
        defect="rl-path-variant-bypass",
        caught_by=ADDRESSES,
        says=f"refused otherwise, signs in at the address {spelling}",
        level="should",
        spares=(LIMITED,),
    )


@_address_fault("with a double slash")
def a_double_slash_is_not_limited() -> None:
    """The limit compares the path, the router merges slashes."""
    _routed(lambda path: re.sub("/{2,}", "/", path))


@_address_fault("with a slash at its end")
def a_slash_at_the_end_is_not_limited() -> None:
    """The limit has a list of paths, the router takes each with a slash too."""
    _routed(lambda path: path.removesuffix("/"))


@_address_fault("in upper case")
def a_folder_in_upper_case_is_not_limited() -> None:
    """The limit minds case, the gateway's first folder does not."""
    _routed(lambda path: f"/api{path[4:]}" if path[:4].lower() == "/api" else path)


@_address_fault("in other case")
def other_case_is_not_limited() -> None:
    """The limit minds case, the router does not."""
    _routed(lambda path: path.lower() if path == path.upper() else path)


@_address_fault("with an encoded letter")
def an_encoded_letter_is_not_limited() -> None:
    """The limit compares the path as it was sent, the router decodes it."""
    _routed(unquote)


@_address_fault("with a query")
def a_query_is_not_limited() -> None:
    """The limit compares the whole address, with what stands behind the question mark."""
    _unlimited_when(lambda asked: asked["query_string"] != b"")


# --- spellings of the account ---


def _counted_by(key: Callable[[str], str]) -> None:
    """Count by what ``key`` makes of the address as it was typed."""
    typed: dict[str, str] = {}

    def normalise(original: Any, email: str) -> str:
        address: str = original(email)
        typed[address] = email
        return address

    def guarded(original: Any, counters: Any, settings: Settings, attempt: throttle.Attempt) -> Any:
        account = attempt.account and key(typed.get(attempt.account, attempt.account))
        return original(counters, settings, dataclasses.replace(attempt, account=account))

    wrap(accounts, "normalise_email", normalise)
    wrap(throttle, "guarded", guarded)


def _identifier_fault(spelling: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    return fault(
        defect="rl-identifier-variant-bypass",
        caught_by=IDENTIFIERS,
        says=f"refused otherwise, signs in for the account {spelling}",
        level="should",
        spares=(LIMITED, ADDRESSES),
    )


@_identifier_fault("in upper case")
def capitals_have_a_count_of_their_own() -> None:
    """The limit counts by the address as it was typed, but for its first letter."""
    _counted_by(lambda typed: typed.strip()[:1].lower() + typed.strip()[1:])


@_identifier_fault("with its first letter in other case")
def a_capital_has_a_count_of_its_own() -> None:
    """The limit makes addresses in upper case small, and leaves names alone."""
    _counted_by(lambda typed: typed.strip().lower() if typed.strip().isupper() else typed.strip())


@_identifier_fault("with a space before it")
def a_space_before_has_a_count_of_its_own() -> None:
    """The limit cuts off what stands behind the address."""
    _counted_by(lambda typed: typed.rstrip().lower())


@_identifier_fault("with a space after it")
def a_space_after_has_a_count_of_its_own() -> None:
    """The limit cuts off what stands before the address."""
    _counted_by(lambda typed: typed.lstrip().lower())


# --- bursts, ends, waits ---


@fault(
    defect="rl-concurrent-burst-bypass",
    caught_by=BURSTS,
    says="of 30 wrong passwords for Zoe at the same moment no more than 1[0-9] are verified.*; but [23][0-9] were",
    level="should",
    spares=(LIMITED,),
)
def the_limit_is_looked_at_first_and_counted_afterwards() -> None:
    """Read, verify, write: who comes meanwhile is not counted yet."""

    @contextlib.contextmanager
    def guarded(original: Any, counters: Any, settings: Settings, attempt: throttle.Attempt) -> Iterator[None]:
        with original(counters, settings, attempt):
            pass  # looked at, and given back
        try:
            yield
        except ApiError as error:
            if error.code in throttle.GUESSED:
                time.sleep(0.3)  # a transaction, on the way to the database
                for key, limit in attempt.limits(settings).items():
                    moment = time.monotonic()
                    level = counters.level(key, moment, limit / settings.sign_in_window)
                    counters.put(key, level + 1, moment)
            raise

    wrap(throttle, "guarded", guarded)


@fault(
    defect="rl-lockout-outlives-window",
    caught_by=ENDS,
    says="signs in again 10 s after the last attempt, .*; but it was answered 4[0-9]{2} .*locks the owner out",
    level="should",
    settings=SHORT,
    profile=DECLARED,
    spares=(LIMITED,),
)
def who_is_guessed_at_stays_locked() -> None:
    """Whoever reaches the limit is locked until an administrator unlocks the account."""
    locked: set[str] = set()

    @contextlib.contextmanager
    def guarded(original: Any, counters: Any, settings: Settings, attempt: throttle.Attempt) -> Iterator[None]:
        account = attempt.account or ""
        if account in locked:
            raise ApiError(403, "LOCKED", "Account locked")
        try:
            with original(counters, settings, attempt):
                yield
        except ApiError as error:
            if error.status == 429 and account:
                locked.add(account)
            raise

    wrap(throttle, "guarded", guarded)


@fault(
    defect="rl-429-without-retry-after",
    caught_by=WAIT,
    says="says how long to wait .*; but it was answered 429 .*without Retry-After, X-Retry-After or RateLimit",
    level="may",
    spares=(LIMITED,),
)
def throttling_names_no_wait() -> None:
    """A 429 says "Too many requests" and no more."""

    @contextlib.contextmanager
    def guarded(original: Any, counters: Any, settings: Settings, attempt: throttle.Attempt) -> Iterator[None]:
        try:
            with original(counters, settings, attempt):
                yield
        except ApiError as error:
            if error.status == 429:
                raise ApiError(429, "TOO_MANY_REQUESTS", "Too many requests") from None
            raise

    wrap(throttle, "guarded", guarded)

"""Limits on guessing that are right and unusual."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import time
from collections.abc import Iterator
from typing import Any

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from reference_backend import throttle
from reference_backend.errors import ApiError
from reference_backend.settings import Settings
from tests.detection.faults.guessing import (
    ADDRESSES,
    BURSTS,
    DECLARED,
    ENDS,
    HEADERS,
    IDENTIFIERS,
    LIMITED,
    SHORT,
    SIGN_IN,
    WAIT,
    x_forwarded_for_is_believed,
)
from tests.detection.seams import middleware, wrap
from tests.detection.variant_registry import variant

EVERY = (LIMITED, HEADERS, ADDRESSES, IDENTIFIERS, BURSTS, WAIT)
UNDECLARED = r"declares no limit on guessing passwords \(rate_limit\)"
LOCKED = 12
"""Seconds for which an account is locked."""


def answering(make: Any) -> None:
    """Answer a 429 as ``make`` does, which gets the error."""

    @contextlib.contextmanager
    def guarded(original: Any, *arguments: Any) -> Iterator[None]:
        try:
            with original(*arguments):
                yield
        except ApiError as error:
            raise make(error) if error.status == 429 else error from None

    wrap(throttle, "guarded", guarded)


@variant(
    stays_green="signin-wrong-password-refused",
    never_fail_on={
        "rl-signin-unlimited": "Only when the profile declares a limit: Better Auth limits only in production mode"
    },
    not_applicable=dict.fromkeys((*EVERY, ENDS), UNDECLARED),
    settings={"REFERENCE_SIGN_IN_LIMIT": "0"},
    profile="rate_limit = false\n",
)
def a_developer_s_machine_has_no_limit() -> None:
    """Limits are for production, and the profile declares none."""


@variant(
    stays_green=(LIMITED, ADDRESSES, IDENTIFIERS, BURSTS, WAIT),
    never_fail_on={
        "rl-forwarded-header-bypass": "A bare Better Auth with no proxy trusts a single XFF value (seen): the fix "
        "is a proxy that overwrites it, so gate on profile.behind_proxy."
    },
    not_applicable={HEADERS: "rate_limit.ignores_client_headers"},
    profile="[rate_limit]\nignores_client_headers = false\n",
)
def a_proxy_is_expected_to_overwrite_x_forwarded_for() -> None:
    """X-Forwarded-For is the client: in production a proxy writes it, and none is in front here."""
    x_forwarded_for_is_believed()


@variant(
    stays_green=(ADDRESSES, LIMITED),
    never_fail_on={"rl-path-variant-bypass": "404 for variants."},
)
def other_spellings_lead_to_the_plain_sign_in() -> None:
    """Every other spelling of the address is answered 308 with the plain one."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        sent = scope["raw_path"].decode("latin-1")
        if sent != SIGN_IN and "sign-in" in sent.lower() and scope["method"] == "POST":
            await RedirectResponse(SIGN_IN, 308)(scope, receive, send)
        else:
            await inner(scope, receive, send)

    middleware(handle)


@variant(
    stays_green=(LIMITED, HEADERS, ADDRESSES, BURSTS, WAIT, ENDS),
    never_fail_on={"rl-identifier-variant-bypass": "IP-keyed limiters are not affected."},
    not_applicable={IDENTIFIERS: "one on clients, whatever account"},
    settings=SHORT,
    profile=f'{DECLARED}keyed_by = "client"\n',
)
def each_client_is_limited_whatever_account_it_tries() -> None:
    """Wrong passwords of one address count together, for all accounts."""

    def limits(_original: Any, attempt: throttle.Attempt, settings: Settings) -> Any:
        return {("place", throttle.place_of(attempt.peer)): settings.sign_in_limit}

    wrap(throttle.Attempt, "limits", limits)


@variant(
    not_tested=dict.fromkeys(EVERY, "guessing would shut the suite out"),
    profile='[rate_limit]\nkeyed_by = "client"\n',
)
def each_client_is_limited_for_long() -> None:
    """Wrong passwords of one address count together, for a quarter of an hour."""
    each_client_is_limited_whatever_account_it_tries()


@variant(
    stays_green=(*EVERY,),
    never_fail_on={"rl-concurrent-burst-bypass": "Multi-instance limiters: use 3x tolerance."},
    settings={"REFERENCE_SIGN_IN_LIMIT": "5"},
    profile="[rate_limit]\nmax_attempts = 5\nseveral_instances = true\n",
)
def three_instances_count_each_for_themselves() -> None:
    """Requests go to three instances in turn, and each has counters of its own."""
    turns = itertools.cycle([throttle.Counters() for _ in range(3)])
    wrap(throttle, "guarded", lambda original, _, *arguments: original(next(turns), *arguments))


@variant(
    stays_green=(LIMITED, ENDS, HEADERS),
    never_fail_on={"rl-lockout-outlives-window": "Declared lock duration."},
    settings={**SHORT, "REFERENCE_SIGN_IN_WINDOW": "5"},
    profile=f"[rate_limit]\nmax_attempts = 5\nwindow = 5\nlock_seconds = {LOCKED}\n",
)
def who_is_guessed_at_is_locked_for_a_while() -> None:
    """An account whose limit is reached stays locked for longer than the window, as declared."""
    until: dict[str, float] = {}

    @contextlib.contextmanager
    def guarded(original: Any, counters: Any, settings: Settings, attempt: throttle.Attempt) -> Iterator[None]:
        account = attempt.account or ""
        if time.monotonic() < until.get(account, 0):
            raise ApiError(403, "LOCKED", "Account locked for some seconds")
        try:
            with original(counters, settings, attempt):
                yield
        except ApiError as error:
            if error.status == 429 and account:
                until[account] = time.monotonic() + LOCKED
            raise

    wrap(throttle, "guarded", guarded)


@variant(
    stays_green=EVERY,
    never_fail_on={"rl-429-without-retry-after": "Retry-After is MAY; Better Auth uses X-Retry-After."},
)
def the_wait_is_in_x_retry_after() -> None:
    """A 429 has X-Retry-After, and no Retry-After."""
    answering(
        lambda error: ApiError(429, error.code, error.message, {"X-Retry-After": error.extra["Retry-After"]})
    )


@variant(
    stays_green=(LIMITED, HEADERS, ADDRESSES, IDENTIFIERS), not_tested={BURSTS: "locked account is answered as"}
)
def a_locked_account_is_answered_as_a_wrong_password() -> None:
    """Beyond the limit every password is refused in the same words, the right one too."""
    answering(lambda _: ApiError(401, "INVALID_EMAIL_OR_PASSWORD", "Invalid email or password"))


@variant(
    stays_green=(LIMITED, HEADERS, ADDRESSES, IDENTIFIERS, BURSTS),
    not_applicable={WAIT: "answered 403, and not 429"},
)
def beyond_the_limit_a_challenge_is_asked_for() -> None:
    """Beyond the limit sign-in wants a picture to be read."""
    answering(lambda _: ApiError(403, "CAPTCHA_REQUIRED", "Solve the captcha"))


@variant(
    stays_green=LIMITED, not_tested=dict.fromkeys((HEADERS, ADDRESSES), "the limit delays and refuses nothing")
)
def beyond_the_limit_answers_take_their_time() -> None:
    """Beyond the limit every answer takes more than a second."""

    @contextlib.contextmanager
    def guarded(original: Any, counters: Any, settings: Settings, attempt: throttle.Attempt) -> Iterator[None]:
        limiting = contextlib.ExitStack()
        try:
            limiting.enter_context(original(counters, settings, attempt))
        except ApiError:
            time.sleep(1.3)
        with limiting:
            yield

    wrap(throttle, "guarded", guarded)


@variant(stays_green=EVERY)
def a_good_sign_in_ends_the_count() -> None:
    """The right password empties the account's counters."""

    @contextlib.contextmanager
    def guarded(original: Any, counters: Any, settings: Settings, attempt: throttle.Attempt) -> Iterator[None]:
        with original(counters, settings, attempt):
            yield
        for key in dataclasses.replace(attempt, device=None).limits(settings):
            if attempt.account is not None:
                counters.put(key, 0, time.monotonic())

    wrap(throttle, "guarded", guarded)

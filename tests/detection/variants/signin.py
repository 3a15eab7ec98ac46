"""Sign-in that is right and unusual."""

from __future__ import annotations

import time
from collections import defaultdict
from typing import Any

from fastapi import Request, Response
from sqlalchemy.orm import Session as Database
from starlette.types import ASGIApp, Receive, Scope, Send

from reference_backend import accounts, auth, cookies, identity, sessions, tokens
from reference_backend.errors import ApiError
from reference_backend.models import User
from reference_backend.settings import Settings
from tests.detection.seams import know_the_request, middleware, path, replace, wrap
from tests.detection.variant_registry import variant

WRONG_PASSWORDS = (
    "signin-wrong-password-refused",
    "signin-prevents-user-enumeration",
    "password-is-not-truncated",
    "password-is-case-sensitive",
    "password-spaces-are-significant",
    "signup-leaves-existing-account-alone",
)
TOO_MANY = ApiError(400, "too_many_login_attempts", "Too many failed login attempts. Try again later.")


def _limit_failures(of_an_account: int, of_all: int, window: float) -> None:
    """Refuse every sign-in once so many have failed: of an account in five minutes, of all in a time."""
    failures: dict[str, list[float]] = defaultdict(list)

    def is_full(key: str, most: int, seconds: float) -> bool:
        return sum(moment > time.monotonic() - seconds for moment in failures[key]) >= most

    def sign_in(original: Any, db: Database, settings: Settings, email: str, password: str) -> User:
        if is_full(email, of_an_account, 300.0) or is_full("", of_all, window):
            raise TOO_MANY
        try:
            user: User = original(db, settings, email, password)
        except ApiError:
            failures[email].append(time.monotonic())
            failures[""].append(time.monotonic())
            raise
        return user

    wrap(accounts, "sign_in", sign_in)


@variant(
    stays_green=(*WRONG_PASSWORDS, "signin-opens-own-session", "signup-account-can-be-used"),
    never_fail_on={"en-signin-response-differs": "stay below the rate limit"},
    profile="""
[operations.sign_in]
outcomes.throttled = { status = 400, pointer = "/code", equals = "too_many_login_attempts" }
""",
)
def failures_are_limited_as_declared() -> None:
    """Five failures of an account in five minutes and ten of all in some seconds are answered 400, as declared."""
    _limit_failures(5, 10, 4.0)


@variant(
    stays_green=("signin-wrong-password-refused", "signin-prevents-user-enumeration"),
    not_tested={
        "signup-account-can-be-used": "sign-in is throttled: Zoe's right password was answered 400 .*"
        r"operations\.sign_in\.outcomes\.throttled",
        "signup-one-account-per-address": "sign-in is throttled",
    },
    code=6,
)
def failures_are_limited_and_nobody_says_so() -> None:
    """Five failures of an account and eight of all are answered 400, of which the profile knows nothing."""
    _limit_failures(5, 8, 3600.0)


@variant(
    stays_green="signin-prevents-user-enumeration",
    not_tested={"signin-wrong-password-refused": "sign-in is throttled: Zoe's right password was answered 400"},
    code=6,
)
def a_captcha_is_asked_for_after_three_tries_of_an_address() -> None:
    """After three failures of an address, known or not, each sign-in has to solve a captcha first."""
    failures: dict[str, int] = defaultdict(int)

    def sign_in(original: Any, db: Database, settings: Settings, email: str, password: str) -> User:
        if failures[email] >= 3:
            raise ApiError(400, "CAPTCHA_REQUIRED", "Please solve the captcha")
        try:
            user: User = original(db, settings, email, password)
        except ApiError:
            failures[email] += 1
            raise
        failures.pop(email, None)
        return user

    wrap(accounts, "sign_in", sign_in)


@variant(
    stays_green=(
        "expiry-token-has-exp",
        "expiry-expired-token-is-refused",
        "session-names-its-owner",
        "signin-opens-own-session",
        "signout-ends-access-tokens",
        "tasks-work-at-the-api",
        "token-verifier-fails-closed",
    ),
    profile="""
[credentials.token]
issued_by = "sign_in"
pointer = "/user/token"
refreshed_pointer = "/token"
""",
)
def whoever_is_signed_in_is_not_let_in_again() -> None:
    """A sign-in with a live session is answered 409, and only sign-in hands out tokens."""
    latest: dict[str, tuple[identity.Services, str]] = {}

    def start(original: Any, request: Request, response: Response, *rest: Any, **named: Any) -> Any:
        services, db, user = rest
        token = cookies.read(request, services.settings)
        if token and sessions.lookup(db, token):
            raise ApiError(409, "CONFLICT", "You are signed in already")
        started = original(request, response, *rest, **named)
        latest[user.id] = services, sessions.of_user(db, user.id)[-1].id
        return started

    def user_json(original: Any, user: User) -> dict[str, Any]:
        told: dict[str, Any] = original(user)
        if not path().endswith("/email"):
            return told
        services, session_id = latest[user.id]
        return told | {"token": tokens.issue(services.signer, services.settings, user, session_id)}

    know_the_request()
    wrap(identity, "start", start)
    wrap(auth, "user_json", user_json)


@variant(
    stays_green=(
        "signin-opens-own-session",
        "signin-wrong-password-refused",
        "signout-clears-the-cookie",
        "signout-ends-captured-session",
        "signout-stops-new-tokens",
        "account-deletion-ends-sessions",
        "account-deletion-ends-signin",
        "password-change-disables-old-password",
        "page-signed-out-session-is-refused",
        "session-names-its-owner",
        "tasks-work-at-the-api",
        "password-is-in-no-response",
        "refresh-token-is-no-access-token",
        "csrf-json-request-changes-nothing",
        "session-value-is-new-at-each-signin",
        "signout-by-get-ends-no-session",
        "signout-ends-no-other-users-session",
        "signout-without-a-session-breaks-nothing",
    ),
    not_applicable={
        "session-tampered-cookie-is-refused": "allows one session a person",
        "password-change-ends-other-sessions": "allows one session a person",
        "sessions-revoked-session-is-refused": "allows one session a person",
        "sessions-revoking-others-keeps-current-session": "allows one session a person",
    },
)
def a_person_has_one_session() -> None:
    """Signing in ends the session that the person has on another device."""

    def create(original: Any, db: Database, settings: Settings, user: User, *rest: Any, **named: Any) -> Any:
        sessions.revoke_all(db, user.id)
        return original(db, settings, user, *rest, **named)

    wrap(sessions, "create", create)


@variant(
    stays_green=(
        "signin-opens-own-session",
        "signin-wrong-password-refused",
        "signin-prevents-user-enumeration",
        "signup-account-can-be-used",
        "session-names-its-owner",
    )
)
def each_operation_is_not_available_once() -> None:
    """The first request to each path is answered 503 with `Retry-After: 1`, as while a server starts."""
    seen: set[str] = set()

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if scope["path"] in seen or not scope["path"].startswith("/api/"):
            await inner(scope, receive, send)
            return
        seen.add(scope["path"])
        await send({"type": "http.response.start", "status": 503, "headers": [(b"retry-after", b"1")]})
        await send({"type": "http.response.body", "body": b"starting"})

    middleware(handle)


ANSWERED_200 = """
[operations.sign_in]
outcomes.success = { status = 200, pointer = "/user/id", present = true }
outcomes.bad_credentials = { status = 200, pointer = "/code", equals = "INVALID_EMAIL_OR_PASSWORD" }
"""
"""The profile of a sign-in that answers 200 whatever happens."""


def answer_200() -> None:
    """Answer 200 to each sign-in, and say in the body what was wrong."""

    def sign_in(original: Any, *arguments: Any) -> User:
        try:
            user: User = original(*arguments)
        except ApiError as refused:
            raise ApiError(200, refused.code, refused.message) from refused
        return user

    wrap(accounts, "sign_in", sign_in)


@variant(
    stays_green=("signin-wrong-password-refused", "signin-opens-own-session", "signin-prevents-user-enumeration"),
    never_fail_on={
        "si-wrong-password-accepted": "200 with an error body and no session (judge by session)",
    },
    profile=ANSWERED_200,
)
def a_wrong_password_is_answered_200() -> None:
    """Sign-in answers 200 whatever happens, and says in the body that the password was wrong."""
    answer_200()


@variant(
    stays_green=("signin-prevents-open-redirect", "signin-opens-own-session"),
    never_fail_on={"si-open-redirect-absolute": "or ignoring it"},
)
def a_destination_is_ignored() -> None:
    """Sign-in goes nowhere, whatever destination is asked for."""
    replace(auth, "_destination", lambda *_: {"redirect": False})


@variant(
    stays_green=("signin-prevents-open-redirect", "signin-opens-own-session"),
    never_fail_on={"si-open-redirect-absolute": "Origins on profile.trusted_origins are fine."},
    profile='trusted_origins = ["https://app.example.com"]\n',
)
def sign_in_leads_to_a_trusted_origin() -> None:
    """Sign-in leads to the application, which is on another origin, as the profile says."""
    replace(auth, "_destination", lambda *_: {"redirect": True, "url": "https://app.example.com/home"})

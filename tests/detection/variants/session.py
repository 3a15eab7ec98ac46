"""Sessions and their cookies that are right and unusual."""

from __future__ import annotations

import base64
import json
import time
from typing import Any
from unittest.mock import patch

from fastapi import Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from reference_backend import auth, cookies, pages, sessions
from reference_backend.errors import ApiError
from reference_backend.models import Session, User, digest
from reference_backend.settings import Settings
from tests.detection import user_cookie
from tests.detection.no_address import ID_ALONE, ID_AND_NAME, tell_only
from tests.detection.routes import session_cookie, wrap_route
from tests.detection.seams import know_the_request, replace, request_header, scope, wrap
from tests.detection.variant_registry import variant

NOT_FIXED = "session-fixation-planted-cookie-is-not-adopted"
CHANGES = "session-fixation-cookie-changes-at-signin"
UNALTERED = "session-tampered-cookie-is-refused"
NAMES_OWNER = "session-names-its-owner"
CLEARED = "signout-clears-the-cookie"
ENDED = "signout-ends-captured-session"
HTTP_ONLY = "cookie-session-is-http-only"
TOGETHER = '[credentials.session]\ncookie = ["auth.session_token", "auth.session_check"]\n'


# --- where the cookie belongs ---


@variant(stays_green=(NOT_FIXED, CHANGES, UNALTERED, NAMES_OWNER, CLEARED, ENDED, HTTP_ONLY))
def the_session_cookie_has_a_domain() -> None:
    """The session cookie is for a domain, and not for its host alone."""
    session_cookie(domain="127.0.0.1")


@variant(stays_green=(NOT_FIXED, UNALTERED, NAMES_OWNER, CLEARED, HTTP_ONLY), profile="pages = false\n")
def the_session_cookie_is_for_the_api_only() -> None:
    """The session cookie has a Path below the root; there are no pages."""
    session_cookie(path="/api")


# --- who is there ---

WITHOUT_ADDRESS = (
    *(NAMES_OWNER, "signup-account-can-be-used", "signin-wrong-password-refused", NOT_FIXED, UNALTERED, ENDED),
    *("signup-leaves-existing-account-alone", "signup-prevents-mass-assignment", "signup-one-account-per-address"),
)


@variant(stays_green=(*WITHOUT_ADDRESS, "account-name-can-be-changed"), profile=ID_AND_NAME)
def the_session_tells_an_id_and_a_name() -> None:
    """The session endpoint tells the user's id and name, and no address."""
    tell_only("id", "name")


@variant(
    stays_green=(*WITHOUT_ADDRESS, "ended-session-changes-nothing"),
    not_applicable={"account-name-can-be-changed": "no name in the session endpoint's answer"},
    profile=ID_ALONE,
)
def the_session_tells_an_id_alone() -> None:
    """The session endpoint tells the user's id and nothing else."""
    tell_only("id")


@variant(
    stays_green=("session-unknown-value-shows-no-user", NAMES_OWNER),
    never_fail_on={"se-anonymous-session-5xx-or-user": "401, 204, 404"},
    profile="[operations.session]\noutcomes.unauthenticated = { status = [401, 404] }\n",
)
def the_session_endpoint_refuses_those_without_a_session() -> None:
    """The session endpoint answers 401 without a session, and 404 where it does not know the one that is sent."""

    def get_session(original: Any, visitor: Any) -> Any:
        if (told := original(visitor=visitor)) is not None:
            return told
        is_sent = "auth.session_token" in (request_header(scope(), "cookie") or "")
        raise ApiError(404 if is_sent else 401, "NO_SESSION", "There is no session")

    know_the_request()
    wrap_route(auth.router, "get_session", get_session)


# --- what else is in cookies ---


def _written(user: User) -> str:
    told = {"id": user.id, "email": user.email, "name": user.name}
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode()


@variant(
    stays_green=("session-cookie-parts-name-no-other-user", NAMES_OWNER),
    never_fail_on={"se-cookie-cache-forgeable": "Falling back to the database"},
)
def a_cookie_of_the_user_is_ignored_unless_it_is_signed() -> None:
    """A second cookie caches the user; without its right signature the database is asked."""
    user_cookie.write_user(lambda user: f"{_written(user)}.{digest(_written(user))}")
    user_cookie.believe_user(
        lambda value: (
            json.loads(base64.urlsafe_b64decode(value.partition(".")[0]))["id"]
            if value and digest(value.partition(".")[0]) == value.partition(".")[2]
            else None
        )
    )


@variant(
    stays_green=("session-cookie-parts-name-no-other-user", NAMES_OWNER),
    never_fail_on={"se-composite-cookie-part-unsigned": "a display name taken from it"},
)
def the_name_is_that_of_a_cookie() -> None:
    """The session endpoint takes the name that it shows from a cookie with the user in it."""
    user_cookie.write_user(_written)

    def get_session(original: Any, visitor: Any) -> Any:
        told = original(visitor=visitor)
        value = Request(scope()).cookies.get(user_cookie.COOKIE)
        if told and value and visitor.user.name == (kept := json.loads(base64.urlsafe_b64decode(value)))["name"]:
            told["user"]["name"] = kept["name"]
        return told

    know_the_request()
    wrap_route(auth.router, "get_session", get_session)


# --- before sign-in ---


@variant(
    stays_green=(NOT_FIXED, CHANGES, NAMES_OWNER),
    never_fail_on={"se-session-fixation": "No pre-session cookie at all is the usual case"},
)
def every_visitor_has_a_session_that_sign_in_replaces() -> None:
    """The sign-in page hands out a guest's session, and signing in sets another value."""

    def page(original: Any, request: Request, response: Response, *rest: Any, **named: Any) -> Response:
        answer: Response = original(request, response, *rest, **named)
        settings = request.app.state.settings
        if not cookies.presented(request, settings):
            cookies.write(answer, settings, "a-guest-without-an-account", None)
        return answer

    wrap(pages, "_page", page)


# --- what the value is ---


@variant(
    stays_green=(NOT_FIXED, ENDED),
    never_fail_on={"se-tampered-cookie-accepted": "Unsigned random ids make 'drop the signature' not applicable"},
    not_applicable={UNALTERED: "one opaque value without a signature part"},
)
def the_session_cookie_is_a_random_id() -> None:
    """The cookie is a random id without a signature, looked up in the database."""

    def write(response: Response, settings: Settings, token: str, max_age: int | None) -> None:
        cookies._set(response, settings, token, max_age)

    def read(request: Request, settings: Settings) -> str | None:
        values = cookies.presented(request, settings)
        return values.pop() if len(values) == 1 else None

    replace(cookies, "write", write)
    replace(cookies, "read", read)


@variant(
    stays_green=(
        *(NOT_FIXED, CHANGES, NAMES_OWNER, CLEARED, ENDED, HTTP_ONLY),
        *("page-forged-session-is-refused", "page-signed-out-session-is-refused"),
        *(
            "sessions-revoked-session-is-refused",
            "expiry-expired-session-is-refused",
            "csrf-front-end-is-protected",
        ),
        "browser-scripts-cannot-read-session",
    ),
    not_applicable={UNALTERED: "one opaque value without a signature part"},
    profile=TOGETHER,
)
def the_session_is_in_two_cookies() -> None:
    """A token that scripts may read, and beside it its check, which they may not: each is worthless alone."""

    def set_both(response: Response, settings: Settings, value: str, max_age: int | None) -> None:
        token, _, check = value.partition(".")
        for name, part, hidden in ((_name(settings), token, False), (_check_name(settings), check, True)):
            response.set_cookie(
                name, part, max_age=max_age, path="/", secure=settings.https, httponly=hidden, samesite="lax"
            )

    def read(request: Request, settings: Settings) -> str | None:
        token, check = (request.cookies.get(name(settings), "") for name in (_name, _check_name))
        return token if check and check == cookies._signature(settings, token) else None

    def presented(request: Request, settings: Settings) -> set[str]:
        return {name for name in (_name(settings), _check_name(settings)) if request.cookies.get(name)}

    replace(cookies, "_set", set_both)
    replace(cookies, "read", read)
    replace(cookies, "presented", presented)


def _name(settings: Settings) -> str:
    return cookies.name(settings)


def _check_name(settings: Settings) -> str:
    return cookies.name(settings).replace("token", "check")


@variant(
    stays_green=("session-value-is-new-at-each-signin", NAMES_OWNER, ENDED),
    never_fail_on={"se-token-not-rotated": "JWTs issued within the same second may be byte-identical"},
)
def the_session_value_is_made_of_user_and_second() -> None:
    """The session's value is made of the user and the second of the sign-in, as a JWT without an id is."""

    def create(original: Any, db: Database, settings: Settings, user: User, device: Any, *, remember: bool) -> Any:
        token = digest(f"{settings.secret} {user.id} {int(time.time())}")[:43]
        there = db.scalar(select(Session).where(Session.token_hash == digest(token)))
        if there is not None:
            return there, token
        with patch.object(sessions, "new_token", lambda: token):
            return original(db, settings, user, device, remember=remember)

    wrap(sessions, "create", create)

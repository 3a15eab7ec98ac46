"""Sessions that an attacker can choose, alter or share."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any
from unittest.mock import patch
from urllib.parse import quote, unquote

from fastapi import Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from reference_backend import auth, cookies, identity, pages, sessions
from reference_backend.models import Session, User, digest, new_token
from reference_backend.settings import Settings
from tests.detection import user_cookie
from tests.detection.no_address import ID_AND_NAME, tell_only
from tests.detection.registry import fault
from tests.detection.routes import wrap_route
from tests.detection.seams import know_the_request, path, replace, scope, wrap

FIXATION = "se-session-fixation"
TAMPERED = "se-tampered-cookie-accepted"
OWNER = "session-names-its-owner"
NOT_FIXED = "session-fixation-planted-cookie-is-not-adopted"
CHANGES = "session-fixation-cookie-changes-at-signin"
UNALTERED = "session-tampered-cookie-is-refused"
SESSION = "/api/auth/get-session"
PLANTED = "planted value is the session now"


# --- fixation ---


def _adopt(token_of: Any) -> None:
    """Start sessions under the token that the browser presents, where ``token_of(request, settings)`` is one."""

    def start(original: Any, request: Request, response: Response, services: Any, *rest: Any, **named: Any) -> Any:
        token = token_of(request, services.settings)
        if not token:
            return original(request, response, services, *rest, **named)
        with patch.object(sessions, "new_token", lambda: token):
            return original(request, response, services, *rest, **named)

    wrap(identity, "start", start)


@fault(defect=FIXATION, caught_by=NOT_FIXED, says="planted")
def planted_value_becomes_the_session() -> None:
    """The cookie is a bare id, and one that the browser already has is kept at sign-in."""
    replace(cookies, "_signature", lambda *_: "")
    _adopt(lambda request, settings: next(iter(cookies.presented(request, settings)), "").partition(".")[0])


@fault(defect=FIXATION, caught_by=(NOT_FIXED, CHANGES), says=f"{PLANTED}|from before the sign-in")
def anonymous_session_is_kept_at_sign_in() -> None:
    """The sign-in page sets a signed cookie, and sign-in binds the user to that same value."""

    def page(original: Any, request: Request, response: Response, *rest: Any, **named: Any) -> Response:
        answer: Response = original(request, response, *rest, **named)
        settings = request.app.state.settings
        if request.url.path == "/signin" and not cookies.presented(request, settings):
            cookies.write(answer, settings, new_token(), None)
        return answer

    wrap(pages, "_page", page)
    _adopt(cookies.read)


@fault(defect=FIXATION, caught_by=NOT_FIXED, says=f"{PLANTED}|is signed in as")
def session_at_hand_changes_its_owner() -> None:
    """Signing in over a live session gives that session to the new user, with the same value."""

    def start(
        original: Any, request: Request, response: Response, services: Any, db: Database, user: User, **named: Any
    ) -> Any:
        token = cookies.read(request, services.settings)
        there = sessions.lookup(db, token) if token else None
        fresh = original(request, response, services, db, user, **named)
        if there:
            cookies.write(response, services.settings, str(token), None)
            session, _ = sessions.create(db, services.settings, user, sessions.Device("", ""), remember=True)
            session.token_hash = digest(str(token))
        return fresh

    wrap(identity, "start", start)


@fault(defect=FIXATION, caught_by=NOT_FIXED, says="is signed in as|planted")
def sign_in_over_a_session_does_nothing() -> None:
    """A browser with any live session is considered signed in already."""

    def start(
        original: Any, request: Request, response: Response, services: Any, db: Database, user: User, **named: Any
    ) -> Any:
        token = cookies.read(request, services.settings)
        if token and sessions.lookup(db, token):
            cookies.write(response, services.settings, token, None)
            return ""
        return original(request, response, services, db, user, **named)

    wrap(identity, "start", start)


# --- alteration ---


@fault(defect=TAMPERED, caught_by=UNALTERED, says="another session's signature is refused.*private text")
def signature_of_the_cookie_is_not_checked() -> None:
    """The part before the dot is looked up; the part after it is not read."""

    def read(request: Request, settings: Settings) -> str | None:
        return next(iter(cookies.presented(request, settings)), "").partition(".")[0] or None

    replace(cookies, "read", read)


def _compare_signature(good: Any) -> None:
    """Take a cookie when ``good(signature, expected)``."""

    def read(request: Request, settings: Settings) -> str | None:
        token, _, signature = next(iter(cookies.presented(request, settings)), "").partition(".")
        return token if token and good(signature, cookies._signature(settings, token)) else None

    replace(cookies, "read", read)


@fault(defect=TAMPERED, caught_by=UNALTERED, says="without its signature is refused.*private text")
def missing_signature_is_no_problem() -> None:
    """A signature is verified only if there is one."""
    _compare_signature(lambda signature, expected: not signature or signature == expected)


@fault(defect=TAMPERED, caught_by=UNALTERED, says="another session's signature is refused.*private text")
def signature_is_compared_by_length() -> None:
    """Anything of the right length after the dot is accepted."""
    _compare_signature(lambda signature, expected: len(signature) == len(expected))


@fault(defect=TAMPERED, caught_by=UNALTERED, says="first character changed is refused.*private text")
def first_character_of_the_cookie_does_not_count() -> None:
    """The first character is assumed to be a version, and is cut off before the comparison."""
    wrap(cookies, "_signature", lambda original, settings, token: original(settings, token[1:]))
    wrap(sessions, "digest", lambda original, token: original(token[1:]))


@fault(
    defect=TAMPERED,
    caught_by=(UNALTERED, "page-forged-session-is-refused"),
    says="private text",
)
def unknown_cookie_means_the_last_session() -> None:
    """A cookie that can't be read falls back on the one read before."""
    last: list[str] = []

    def read(original: Any, request: Request, settings: Settings) -> str | None:
        token = original(request, settings)
        if token:
            last[:] = [token]
        return last[0] if last and cookies.presented(request, settings) else None

    wrap(cookies, "read", read)


# --- the session endpoint ---


@fault(defect="se-anonymous-session-5xx-or-user", caught_by=OWNER, says="browser without cookies names no user")
def nobody_is_told_the_last_visitor() -> None:
    """The current user is in a module variable, which the next request without a cookie reads."""
    last: list[str] = []

    def read(original: Any, request: Request, settings: Settings) -> str | None:
        token: str | None = original(request, settings)
        if token:
            last[:] = [token]
        is_session = request.url.path == SESSION
        return last[0] if last and token is None and is_session else token

    wrap(cookies, "read", read)


@fault(defect="se-session-bleed-between-users", caught_by=OWNER, says="names Ann; (but )?it names")
def every_session_is_the_latest_users() -> None:
    """The current user is in a module variable that each sign-up and sign-in sets, for every request after it."""
    latest: list[str] = []

    def create(original: Any, db: Database, settings: Settings, user: User, *rest: Any, **named: Any) -> Any:
        latest[:] = [user.id]
        return original(db, settings, user, *rest, **named)

    def lookup(original: Any, db: Database, token: str) -> Any:
        found = original(db, token)
        return found and (found[0], db.get_one(User, latest[0]))

    wrap(sessions, "create", create)
    wrap(sessions, "lookup", lookup)


@fault(
    defect="se-session-bleed-between-users",
    caught_by=OWNER,
    says="names Ann; (but )?it names .*cnry",
    profile=ID_AND_NAME,
)
def every_session_tells_the_id_and_name_of_the_latest_user() -> None:
    """The session endpoint tells no address, and its id and name are those of whoever signed in last."""
    every_session_is_the_latest_users()
    tell_only("id", "name")


@fault(defect="se-anonymous-session-5xx-or-user", caught_by=OWNER, says="answered 500")
def session_endpoint_crashes_for_nobody() -> None:
    """Without a cookie there is None, and None has no token."""

    def read(original: Any, request: Request, settings: Settings) -> str | None:
        if request.url.path == SESSION and not cookies.presented(request, settings):
            raise AttributeError("NoneType has no attribute token")
        token: str | None = original(request, settings)
        return token

    wrap(cookies, "read", read)


@fault(defect="av-valid-token-rejected", caught_by=OWNER, says="it names no user")
def session_endpoint_knows_a_session_once() -> None:
    """The session's value changes with its first use, and the browser is never sent the new one."""
    used: list[str] = []

    def lookup(original: Any, db: Database, token: str) -> Any:
        is_again = path() == SESSION and token in used
        if path() == SESSION:
            used.append(token)
        return None if is_again else original(db, token)

    know_the_request()
    wrap(sessions, "lookup", lookup)


# --- one value for several sign-ins ---

SAME_VALUE = "se-token-not-rotated"
NEW_VALUE = "session-value-is-new-at-each-signin"


def _token_of(choose: Callable[[Database, User], str | None]) -> None:
    """Sign in under the token that ``choose(db, user)`` finds, and under a new one where it finds none."""

    def create(original: Any, db: Database, settings: Settings, user: User, device: Any, *, remember: bool) -> Any:
        token = choose(db, user)
        there = db.scalar(select(Session).where(Session.token_hash == digest(token))) if token else None
        if there is not None:
            return there, token
        with patch.object(sessions, "new_token", lambda: token or new_token()):
            return original(db, settings, user, device, remember=remember)

    wrap(sessions, "create", create)


@fault(
    defect=SAME_VALUE,
    caught_by=NEW_VALUE,
    says="each of Ann's sign-ins .*; but her first device and her laptop have the same session value",
)
def the_session_value_is_made_of_the_user() -> None:
    """The token is a hash of the user's id and a constant."""
    _token_of(lambda _, user: digest(f"salt {user.id}")[:43])


@fault(
    defect=SAME_VALUE,
    caught_by=NEW_VALUE,
    says="her laptop and her laptop, signed in again have the same session value",
)
def an_ended_session_is_used_again() -> None:
    """Sign-in looks for an ended session of the user, to begin it again under its old value."""
    of_users: dict[str, list[str]] = {}
    kept: list[str] = []

    def ended(db: Database, user: User) -> str | None:
        mine = of_users.setdefault(user.id, [])
        dead = [token for token in mine if sessions.lookup(db, token) is None]
        kept[:] = dead[-1:] or [new_token()]
        mine.append(kept[0])
        return kept[0]

    _token_of(ended)


# --- a session that no server has made ---

UNKNOWN_SESSION = "se-anonymous-session-5xx-or-user"
NO_USER = "session-unknown-value-shows-no-user"


def _crash_at(broken: Callable[[str], bool]) -> None:
    """Crash while a session cookie is read whose value is ``broken``."""

    def read(original: Any, request: Request, settings: Settings) -> str | None:
        if any(broken(value) for value in cookies.presented(request, settings)):
            raise ValueError("the cookie can't be read")
        token: str | None = original(request, settings)
        return token

    wrap(cookies, "read", read)


@fault(
    defect=UNKNOWN_SESSION, caught_by=NO_USER, says="session that is empty .* breaks nothing; but .*answered 500"
)
def an_empty_cookie_crashes() -> None:
    """The cookie's first letter says of which version it is, and there is none."""
    _crash_at(lambda value: not value)


@fault(defect=UNKNOWN_SESSION, caught_by=NO_USER, says="that is made up .* breaks nothing; but .*answered 500")
def a_cookie_without_a_signature_crashes() -> None:
    """The cookie is split in two, and there is one part."""
    _crash_at(lambda value: bool(value) and "." not in value)


@fault(defect=UNKNOWN_SESSION, caught_by=NO_USER, says="that is not base64 .* breaks nothing; but .*answered 500")
def a_cookie_in_bad_base64_crashes() -> None:
    """The signature is decoded without a thought of what may be in it."""
    _crash_at(lambda value: "%" in value)


@fault(
    defect=UNKNOWN_SESSION, caught_by=NO_USER, says="that is four kilobytes .* breaks nothing; but .*answered 500"
)
def a_long_cookie_crashes() -> None:
    """The cookie is a key of a cache that takes 250 bytes."""
    _crash_at(lambda value: len(value) > 250)


@fault(defect=UNKNOWN_SESSION, caught_by=NO_USER, says="that is empty shows no user .*; but it is signed in as")
def an_unknown_session_is_that_of_the_first_user() -> None:
    """A session that is not found falls back to the first user, as it was convenient in development."""

    def get_session(original: Any, visitor: Any) -> Any:
        told = original(visitor=visitor)
        kept.update(told or {})
        return told or ({"user": kept["user"]} if kept and is_presented() else None)

    kept: dict[str, Any] = {}
    know_the_request()

    def is_presented() -> bool:
        request = Request(scope())
        return bool(cookies.presented(request, request.app.state.settings))

    wrap_route(auth.router, "get_session", get_session)


# --- parts of cookies that nobody signed ---

UNSIGNED, CACHE = "se-composite-cookie-part-unsigned", "se-cookie-cache-forgeable"
NO_OTHER = "session-cookie-parts-name-no-other-user"


@fault(
    defect=CACHE,
    caught_by=NO_OTHER,
    says='Bob stays Bob with Ann\'s id .* in the cookie "auth.user"; but the session endpoint says that it is Ann',
)
def a_cookie_in_base64_says_who_is_signed_in() -> None:
    """The session's token is verified, and the user beside it is believed."""

    def written(user: User) -> str:
        return base64.urlsafe_b64encode(json.dumps({"id": user.id, "email": user.email}).encode()).decode()

    def read(value: str) -> str | None:
        try:
            return str(json.loads(base64.urlsafe_b64decode(value))["id"])
        except (ValueError, KeyError):
            return None

    user_cookie.write_user(written)
    user_cookie.believe_user(read)


@fault(defect=UNSIGNED, caught_by=NO_OTHER, says="the task list shows Ann's private text")
def the_front_end_believes_a_part_of_a_cookie() -> None:
    """The cookie is the user's id and address and a value that no one compares; the tasks go by it."""
    user_cookie.write_user(lambda user: quote(f"{user.id}|{user.email}|{new_token()}", safe=""))
    user_cookie.believe_user(
        lambda value: unquote(value).partition("|")[0], lambda request: request.url.path.startswith("/api/tasks")
    )

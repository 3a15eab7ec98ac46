"""Sign-out that is right and unusual."""

from __future__ import annotations

from typing import Any

from fastapi import Response
from sqlalchemy.orm import Session as Database
from starlette.datastructures import MutableHeaders
from starlette.types import Scope

from reference_backend import cookies, sessions
from reference_backend.models import User
from reference_backend.settings import Settings
from reference_backend.tokens import Claims
from tests.detection.seams import change_headers, replace
from tests.detection.variant_registry import variant

CLEARED = "signout-clears-the-cookie"
DEAD = "signout-ends-captured-session"
NOTHING_NEW = "signout-stops-new-tokens"
TOKENS_END = "signout-ends-access-tokens"
EPOCH = "Thu, 01 Jan 1970 00:00:00 GMT"


# --- the cookie ---


@variant(stays_green=(CLEARED, DEAD, "session-fixation-planted-cookie-is-not-adopted"))
def a_guest_session_follows_sign_out() -> None:
    """Sign-out sets a fresh guest's cookie under the session's name, as Laravel, Rails and PHP do."""

    def change(scope: Scope, headers: MutableHeaders) -> None:
        if scope["path"].endswith("/sign-out"):
            headers.append(
                "set-cookie", "auth.session_token=guest-0f3a9d7c51e24b86; Path=/; HttpOnly; SameSite=Lax"
            )

    change_headers(change)


@variant(
    stays_green=(CLEARED, DEAD),
    never_fail_on={"so-cookie-not-cleared": "extra deletions of cookies never set; the same name deleted twice"},
)
def sign_out_deletes_by_expires_and_more_than_there_is() -> None:
    """The cookie is deleted twice, by Expires alone, and so are cookies that were never set."""

    def clear(response: Response, settings: Settings) -> None:
        for name in (cookies.name(settings), cookies.name(settings), "auth.session_data", "auth.dont_remember"):
            response.headers.append(
                "set-cookie", f"{name}=deleted; Path=/; Expires={EPOCH}; HttpOnly; SameSite=Lax"
            )

    replace(cookies, "clear", clear)


@variant(
    stays_green=(CLEARED, DEAD),
    never_fail_on={"so-cookie-not-cleared": "Deletion by Max-Age=0, Expires in the past or an empty value"},
)
def sign_out_empties_the_cookie() -> None:
    """The cookie stays, with an empty value."""

    def clear(response: Response, settings: Settings) -> None:
        response.set_cookie(cookies.name(settings), "", path="/", httponly=True, samesite="lax")

    replace(cookies, "clear", clear)


# --- what outlives it, as declared ---


def _by_signature(db: Database, claims: Claims) -> User | None:
    return db.get(User, claims.user_id)


@variant(
    stays_green=(CLEARED, DEAD, NOTHING_NEW, TOKENS_END),
    never_fail_on={"so-jwt-survives-beyond-policy": "a JWT valid until exp is the normal state there"},
    profile='[credentials.token]\nafter_sign_out = "until it ends"\n',
)
def tokens_live_until_they_end() -> None:
    """The API verifies tokens by their signature alone; they live for a quarter of an hour, as declared."""
    replace(sessions, "of_token", _by_signature)


@variant(
    stays_green=(
        CLEARED,
        DEAD,
        NOTHING_NEW,
        TOKENS_END,
        "browser-signout",
        "expiry-unrevocable-credential-is-short-lived",
        "page-signed-out-session-is-refused",
        "session-fixation-planted-cookie-is-not-adopted",
        "session-names-its-owner",
    ),
    never_fail_on={"so-session-survives-signout": "Stateless cookie sessions"},
    not_applicable={"csrf-simple-request-changes-nothing": 'declares no operation "delete_user"'},
    settings={"REFERENCE_SESSION_EXPIRES_IN": "900"},
    profile="""
[operations]
refresh = false
delete_user = false
list_sessions = false
revoke_session = false
revoke_all_sessions = false
revoke_other_sessions = false
[operations.change_password]
json = { currentPassword = "{password}", newPassword = "{new_password}" }
ends_other_sessions = false
[credentials]
refresh = false
[credentials.session]
after_sign_out = "until it ends"
max_lifetime = 900
idle_timeout = false
absolute_lifetime = false
update_age = false
[credentials.token]
after_sign_out = "until it ends"
""",
)
def the_session_cookie_is_stateless() -> None:
    """The cookie is good until it ends, as declared: sign-out takes it from the browser."""
    for ending in ("revoke", "revoke_all"):
        replace(sessions, ending, _nothing)
    replace(sessions, "of_token", _by_signature)


@variant(
    stays_green=(CLEARED, TOKENS_END, "expiry-expired-token-is-refused"),
    profile='[credentials.token]\nkind = "opaque"\nafter_sign_out = "until it ends"\nlifetime = 4\n',
    settings={"REFERENCE_JWT_EXPIRES_IN": "4"},
)
def opaque_tokens_live_until_they_end() -> None:
    """A token that nothing may take apart lives for 4 s, as declared, whatever sign-out does."""
    replace(sessions, "of_token", _by_signature)


@variant(
    stays_green=CLEARED,
    not_tested={TOKENS_END: "Run with --max-wait 90"},
    profile='[credentials.token]\nkind = "opaque"\nafter_sign_out = "until it ends"\nlifetime = 900\n',
)
def opaque_tokens_live_for_longer_than_a_run_waits() -> None:
    """A token that nothing may take apart lives for a quarter of an hour, as declared."""
    replace(sessions, "of_token", _by_signature)


def _nothing(*_arguments: Any, **_named: Any) -> None:
    """End nothing."""


@variant(
    stays_green=(
        "signout-clears-the-cookie",
        "signout-ends-captured-session",
        "signout-stops-new-tokens",
        "signout-ends-access-tokens",
        "refresh-token-refused-after-signout",
        "page-signed-out-session-is-refused",
        "signin-opens-own-session",
        "session-names-its-owner",
        "session-tampered-cookie-is-refused",
        "tasks-work-at-the-api",
        "tasks-work-through-the-front-end",
    ),
    profile='[operations.sign_out]\nends = "every device"\n',
)
def sign_out_ends_every_device() -> None:
    """Signing out ends each session of the person, as declared."""
    replace(sessions, "revoke", lambda db, user_id, _session_id: sessions.revoke_all(db, user_id))

"""A change of the password that is right and unusual."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session as Database

from reference_backend import accounts, identity, sessions
from reference_backend.errors import ApiError
from reference_backend.models import User
from reference_backend.settings import Settings
from tests.detection.seams import know_the_request, path, wrap
from tests.detection.variant_registry import variant

NEEDED = "password-change-requires-current-password"
OLD = "password-change-disables-old-password"
OTHERS = "password-change-ends-other-sessions"


@variant(stays_green=(NEEDED, OLD, OTHERS))
def a_change_ends_the_session_that_asks_too() -> None:
    """Whoever has changed the password signs in again with the new one, on the same device too."""

    def start(original: Any, request: Request, *rest: Any, **named: Any) -> Any:
        return "" if request.url.path.endswith("/change-password") else original(request, *rest, **named)

    wrap(identity, "start", start)


@variant(
    stays_green=(NEEDED, OLD),
    not_applicable={OTHERS: "no change of the password that ends other sessions"},
    profile="[operations.change_password]\nends_other_sessions = false\n",
    never_fail_on={"se-sessions-survive-password-change": "Without the option other sessions may live on"},
)
def a_change_leaves_other_sessions_alone() -> None:
    """Other sessions live on after a change, which the profile does not deny."""

    def revoke_all(original: Any, db: Database, user_id: str, *rest: Any, **named: Any) -> None:
        if not path().endswith("/change-password"):
            original(db, user_id, *rest, **named)

    know_the_request()
    wrap(sessions, "revoke_all", revoke_all)


@variant(
    stays_green=(NEEDED, OLD, OTHERS),
    never_fail_on={"se-password-change-without-current": "400/401/403/422"},
)
def a_wrong_current_password_ends_the_session() -> None:
    """A wrong current password is answered 403 and signs the device out, as whoever asks may be a thief."""

    def confirmed(original: Any, db: Database, settings: Settings, user_id: str, password: str) -> User:
        try:
            user: User = original(db, settings, user_id, password)
        except ApiError as refused:
            sessions.revoke_all(db, user_id)
            db.commit()
            raise ApiError(403, "INVALID_PASSWORD", "Sign in again") from refused
        return user

    wrap(accounts, "_confirmed", confirmed)

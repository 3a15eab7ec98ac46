"""Passwords changed without the current one, or without disabling old credentials."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from reference_backend import accounts, auth, passwords, sessions
from reference_backend.errors import ApiError
from reference_backend.models import User
from reference_backend.settings import Settings
from tests.detection.registry import fault
from tests.detection.seams import replace, wrap

WITHOUT = "se-password-change-without-current"
SURVIVE = "se-sessions-survive-password-change"
NEEDED = "password-change-requires-current-password"
OLD = "password-change-disables-old-password"
FOREIGN_DESTINATION = "password-change-ends-other-sessions"


# --- without the current one ---


def _confirm_with(good: Any) -> None:
    """Take a current password when ``good(settings, user, password)``."""

    def confirmed(db: Database, settings: Settings, user_id: str, password: str) -> User:
        user = db.get_one(User, user_id, with_for_update=True)
        if not good(settings, user, password):
            raise ApiError(400, "INVALID_PASSWORD", "Invalid password")
        return user

    replace(accounts, "_confirmed", confirmed)


@fault(defect=WITHOUT, caught_by=NEEDED, says="with (a wrong one|an empty one) for the current one")
def current_password_is_not_checked() -> None:
    """A signed-in user is assumed to know it."""
    _confirm_with(lambda *_: True)


@fault(defect=WITHOUT, caught_by=NEEDED, says="with an empty one for the current one")
def empty_current_password_is_not_checked() -> None:
    """`if current and not verify(current)`: an empty one is not verified."""
    _confirm_with(
        lambda settings, user, password: not password or passwords.verify(settings, user.password_hash, password)
    )


@fault(defect=WITHOUT, caught_by=NEEDED, says="with none at all for the current one")
def missing_current_password_is_not_checked() -> None:
    """The field is optional, for accounts that have no password yet; for all others it is optional too."""
    left_out = "left out"
    auth.ChangePassword.model_fields["currentPassword"].default = left_out
    auth.ChangePassword.model_rebuild(force=True)
    _confirm_with(
        lambda settings, user, password: (
            password == left_out or passwords.verify(settings, user.password_hash, password)
        )
    )


@fault(defect=WITHOUT, caught_by=NEEDED, says="with (a wrong|an empty) one for the current one.*answered 400")
def wrong_current_password_is_refused_too_late() -> None:
    """The new password is saved, then the old one is compared: the answer says 400 and the password is changed."""

    def change(original: Any, db: Database, settings: Settings, user_id: str, current: str, new: str) -> User:
        with Database(db.get_bind()) as apart, apart.begin():
            known = apart.get_one(User, user_id)
            was = known.password_hash
            known.password_hash = passwords.make_hash(settings, new)
        if not passwords.verify(settings, was, current):
            raise ApiError(400, "INVALID_PASSWORD", "Invalid password")
        with Database(db.get_bind()) as apart, apart.begin():
            apart.get_one(User, user_id).password_hash = was
        changed: User = original(db, settings, user_id, current, new)
        return changed

    wrap(accounts, "change_password", change)


# --- what the change ends ---


@fault(defect=SURVIVE, caught_by=OLD, says="password from before the change is refused.*took effect")
def old_password_opens_as_well() -> None:
    """The new hash is added, the old one stays for clients that have it stored."""
    kept: dict[str, list[str]] = {}

    def change(original: Any, db: Database, settings: Settings, user_id: str, *both: str) -> User:
        was = db.get_one(User, user_id).password_hash
        changed: User = original(db, settings, user_id, *both)
        kept.setdefault(changed.password_hash, []).append(was)
        return changed

    def verify(original: Any, settings: Settings, password_hash: str | None, password: str) -> bool:
        hashes = [password_hash, *kept.get(password_hash or "", [])]
        return any(original(settings, one, password) for one in hashes)

    wrap(accounts, "change_password", change)
    wrap(passwords, "verify", verify)


@fault(defect=SURVIVE, caught_by=OLD, says="password from before the change is refused.*took effect")
def sign_in_remembers_the_old_password() -> None:
    """Successful sign-ins are cached by address and password, and a change does not clear them."""
    good: dict[tuple[str, str], str] = {}

    def sign_in(original: Any, db: Database, settings: Settings, email: str, password: str) -> User:
        if (email, password) in good:
            return db.scalars(select(User).where(User.email == email)).one()
        user: User = original(db, settings, email, password)
        good[email, password] = user.id
        return user

    wrap(accounts, "sign_in", sign_in)


@fault(
    defect=SURVIVE,
    caught_by=FOREIGN_DESTINATION,
    says="captured session at the session endpoint is refused; .*private text",
)
def change_of_password_leaves_other_sessions() -> None:
    """`revokeOtherSessions` is not read."""

    def change(original: Any, *arguments: Any) -> User:
        revoke_all = replace(sessions, "revoke_all", lambda *_: None)
        try:
            changed: User = original(*arguments)
        finally:
            replace(sessions, "revoke_all", revoke_all)
        return changed

    wrap(accounts, "change_password", change)


@fault(
    defect=SURVIVE,
    caught_by="password-change-ends-access-tokens",
    says="captured token after a change of the password is refused.*private text",
    spares=["password-change-ends-other-sessions"],
)
def access_tokens_outlive_a_change() -> None:
    """Sessions end with the change; the API verifies tokens by their signature, declared as revoked."""
    replace(sessions, "of_token", lambda db, claims: db.get(User, claims.user_id))


@fault(
    defect=SURVIVE,
    caught_by="password-change-ends-other-sessions",
    says="captured session at the session endpoint is refused",
    settings={"REFERENCE_SESSION_EXPIRES_IN": "900"},
    profile='[credentials.session]\nafter_sign_out = "until it ends"\n',
)
def a_change_ends_no_stateless_session() -> None:
    """Sessions outlive sign-out, as declared, and a change of the password that is declared to end them."""
    replace(sessions, "revoke_all", lambda *_, **__: None)

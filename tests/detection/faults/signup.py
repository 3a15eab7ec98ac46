"""Accounts that can't be used, belong to another user, or get privileges."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request, Response
from sqlalchemy import select, text
from sqlalchemy.orm import Session as Database

from reference_backend import accounts, auth, identity, passwords
from reference_backend.errors import ApiError
from reference_backend.models import User
from reference_backend.settings import Settings
from tests.detection.registry import fault
from tests.detection.seams import on_app, replace, wrap

UNUSABLE = "su-signup-unusable"
TAKEOVER = "su-duplicate-email-takeover"
EXTRA = "su-mass-assignment"


@fault(defect=UNUSABLE, caught_by="signup-account-can-be-used", says="no user is signed in there")
def password_is_hashed_twice() -> None:
    """The password is hashed by the form's handler and again by the model, so nothing ever matches."""
    wrap(passwords, "make_hash", lambda once, settings, password: once(settings, once(settings, password)))


@fault(
    defect=UNUSABLE,
    caught_by=("signup-account-can-be-used", "signin-opens-own-session"),
    says="no user is signed in there",
)
def sign_in_drops_the_dots_of_an_address() -> None:
    """Sign-in simplifies the address, sign-up stores it unchanged, so they never match."""
    wrap(
        accounts,
        "sign_in",
        lambda original, db, settings, email, password: original(
            db, settings, email.replace(".", "", 1), password
        ),
    )


@fault(defect=UNUSABLE, caught_by=("signup-account-can-be-used", "signin-opens-own-session"), says="by name")
def name_is_cut_off() -> None:
    """A column that is too short keeps only the beginning of the name."""

    def sign_up(original: Any, db: Database, settings: Settings, form: Any) -> User:
        user: User = original(db, settings, form)
        user.name = user.name[:8]
        return user

    wrap(accounts, "sign_up", sign_up)


@fault(defect=UNUSABLE, caught_by="signup-session-as-declared", says="is not signed in")
def third_account_of_an_address_gets_no_cookie() -> None:
    """Against bots, the third sign-up from an IP address opens no session, which is documented nowhere."""
    seen: list[str] = []

    def start(original: Any, request: Request, response: Response, *rest: Any, **named: Any) -> Any:
        signs_up = request.url.path.endswith("/sign-up/email")
        peer = identity.peer(request)
        answer = Response() if signs_up and seen.count(peer) > 1 else response
        if signs_up:
            seen.append(peer)
        return original(request, answer, *rest, **named)

    wrap(identity, "start", start)


def _second_sign_up(treat: Any) -> None:
    """Let ``treat(settings, user, form)`` act on the account that is there, and return it as if it were new."""

    def sign_up(original: Any, db: Database, settings: Settings, form: Any) -> User:
        there = db.scalar(select(User).where(User.email == accounts.normalise_email(form.email)))
        if there is None:
            made: User = original(db, settings, form)
            return made
        treat(settings, there, form)
        return there

    wrap(accounts, "sign_up", sign_up)


@fault(defect=TAKEOVER, caught_by="signup-leaves-existing-account-alone", says="password|signed in as")
def second_sign_up_sets_a_new_password() -> None:
    """Sign-up is an upsert: a known address gets the new password."""

    def overwrite(settings: Settings, user: User, form: Any) -> None:
        user.password_hash = passwords.make_hash(settings, form.password)

    _second_sign_up(overwrite)


@fault(defect=TAKEOVER, caught_by="signup-leaves-existing-account-alone", says="is signed in as")
def second_sign_up_signs_in_as_the_owner() -> None:
    """Get-or-create: a known address is signed in, whatever the password."""
    _second_sign_up(lambda *_: None)


@fault(
    defect=TAKEOVER,
    caught_by="signup-leaves-existing-account-alone",
    says="opens no session|password",
)
def address_is_not_unique() -> None:
    """The table has no unique index, so a second account is created beside the first."""

    def drop_index(made: FastAPI) -> None:
        with made.state.services.engine.begin() as connection:
            connection.execute(text("DROP INDEX users_email_key"))

    on_app(drop_index)


@fault(defect=TAKEOVER, caught_by="signup-leaves-existing-account-alone", says="keeps her name")
def second_sign_up_changes_the_name() -> None:
    """The refusal comes after the profile has been updated."""

    renamed: set[str] = set()

    def rename(settings: Settings, user: User, form: Any) -> None:
        user.name = form.name
        renamed.add(user.id)

    def start(
        original: Any, request: Request, response: Response, services: Any, db: Database, user: User, **named: Any
    ) -> Any:
        refused = user.id in renamed and request.url.path.endswith("/sign-up/email")
        return original(request, Response() if refused else response, services, db, user, **named)

    _second_sign_up(rename)
    wrap(identity, "start", start)


def keep_extra_fields(take: Any) -> None:
    """Let sign-up's body have any field; ``take(user, extra)`` is called with those that nobody declared."""
    accounts.SignUp.model_config["extra"] = "allow"
    accounts.SignUp.model_rebuild(force=True)

    def sign_up(original: Any, db: Database, settings: Settings, form: Any) -> User:
        user: User = original(db, settings, form)
        take(user, form.model_extra or {})
        db.flush()
        return user

    wrap(accounts, "sign_up", sign_up)


@fault(defect=EXTRA, caught_by="signup-prevents-mass-assignment", says="emailVerified became True")
def sign_up_verifies_an_address_on_request() -> None:
    """`emailVerified` in the body is stored."""
    keep_extra_fields(lambda user, extra: setattr(user, "email_verified", bool(extra.get("emailVerified"))))


@fault(defect=EXTRA, caught_by="signup-prevents-mass-assignment", says="id became 'chosen")
def sign_up_takes_an_id_from_the_body() -> None:
    """The primary key is whatever the body says."""

    def sign_up(original: Any, db: Database, settings: Settings, form: Any) -> User:
        user: User = original(db, settings, form)
        user.id = (form.model_extra or {}).get("id", user.id)
        db.flush()
        return user

    keep_extra_fields(lambda *_: None)
    wrap(accounts, "sign_up", sign_up)


@fault(defect=EXTRA, caught_by="signup-prevents-mass-assignment", says="role became 'admin'")
def sign_up_keeps_every_field() -> None:
    """The whole body goes into the user's document, role and all."""
    documents: dict[str, dict[str, Any]] = {}
    keep_extra_fields(lambda user, extra: documents.update({user.id: extra}))
    wrap(auth, "user_json", lambda original, user: original(user) | documents.get(user.id, {}) | {"id": user.id})


# --- one account an address ---


def _normalise_email(normalise: Any) -> None:
    """Have ``normalise(address)`` decide what is one address, and the index ask no more than that."""

    def drop_index(made: FastAPI) -> None:
        with made.state.services.engine.begin() as connection:
            connection.execute(text("DROP INDEX users_email_key"))
            connection.execute(text("CREATE UNIQUE INDEX users_email_key ON users (email)"))

    def sign_in(db: Database, settings: Settings, email: str, password: str) -> User:
        user = db.scalar(select(User).where(User.email == email))
        if passwords.verify(settings, user.password_hash if user else None, password) and user:
            return user
        raise ApiError(401, "INVALID_EMAIL_OR_PASSWORD", "Invalid email or password")

    on_app(drop_index)
    replace(accounts, "normalise_email", normalise)
    replace(accounts, "sign_in", sign_in)


@fault(
    defect="su-email-case-duplicate",
    level="should",
    caught_by="signup-one-account-per-address",
    says="also when it is written in upper case before the @; but it has a second one",
)
def capitals_make_another_address() -> None:
    """Addresses are compared case-sensitively."""
    _normalise_email(str.strip)


@fault(
    defect="su-email-case-duplicate",
    level="should",
    caught_by="signup-one-account-per-address",
    says="also when it is written between spaces; but it has a second one",
)
def blanks_make_another_address() -> None:
    """Addresses are stored as typed, spaces included."""
    _normalise_email(str.lower)

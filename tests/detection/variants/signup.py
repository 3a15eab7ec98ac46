"""Sign-up that is right and unusual."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, FastAPI, Request, Response
from sqlalchemy import select, update
from sqlalchemy.orm import Session as Database

from reference_backend import accounts, identity, passwords
from reference_backend.errors import ApiError
from reference_backend.models import User, new_id, now
from reference_backend.settings import Settings
from tests.detection.seams import on_app, wrap
from tests.detection.variant_registry import variant
from tests.support.verifying import VERIFY

EVERY_SIGN_UP = (
    "signup-account-can-be-used",
    "signup-session-as-declared",
    "signup-leaves-existing-account-alone",
    "signup-one-account-per-address",
    "signup-prevents-mass-assignment",
    "signup-minimum-password-length",
    "password-is-in-no-response",
)
VERIFIED = """
custom = "tests.support.verifying:Verifier"

[operations.sign_up]
"""
LATER = """
signs_in = false
outcomes.pending_verification = { status = 200, pointer = "/refreshToken", equals = "" }
"""


def addresses_are_verified(status: int) -> None:
    """Let sign-up open no session, and sign-in none to an address that is not verified."""

    def start(original: Any, request: Request, response: Response, *rest: Any, **named: Any) -> Any:
        if not request.url.path.endswith("/sign-up/email"):
            return original(request, response, *rest, **named)
        response.status_code = status
        return ""

    def sign_in(original: Any, db: Database, settings: Settings, email: str, password: str) -> User:
        user: User = original(db, settings, email, password)
        if not user.email_verified:
            raise ApiError(403, "EMAIL_NOT_VERIFIED", "Email not verified")
        return user

    def add_route(made: FastAPI) -> None:
        @made.post(VERIFY)
        def verify(email: Annotated[str, Body()]) -> None:
            address = accounts.normalise_email(email)
            with made.state.services.database.begin() as db:
                db.execute(update(User).where(User.email == address).values(email_verified=True))

    wrap(identity, "start", start)
    wrap(accounts, "sign_in", sign_in)
    on_app(add_route)


@variant(
    stays_green=EVERY_SIGN_UP,
    profile=VERIFIED + "outcomes.pending_verification = { status = 202 }\n",
    never_fail_on={"su-signup-unusable": "No auto sign-in (autoSignIn false, e-mail verification: profile)"},
)
def an_address_is_verified_before_sign_in() -> None:
    """Sign-up answers 202 and signs nobody in; the profile's class follows the link in the message."""
    addresses_are_verified(202)


@variant(
    stays_green=EVERY_SIGN_UP,
    profile=VERIFIED + LATER,
    never_fail_on={"su-duplicate-email-takeover": "a generic 200 with a made-up user"},
)
def a_taken_address_is_answered_like_a_new_one() -> None:
    """Sign-up answers 200 for a taken address too, and writes to its owner only."""
    addresses_are_verified(200)

    def sign_up(original: Any, db: Database, settings: Settings, form: Any) -> User:
        there = db.scalar(select(User).where(User.email == accounts.normalise_email(form.email)))
        if there is None:
            user: User = original(db, settings, form)
            return user
        return User(id=new_id(), email=form.email, name=form.name, created_at=now(), updated_at=now())

    wrap(accounts, "sign_up", sign_up)


@variant(
    stays_green=("signup-prevents-mass-assignment", "signup-account-can-be-used"),
    never_fail_on={"su-mass-assignment": "400/422 for unknown fields"},
)
def unknown_fields_are_refused() -> None:
    """Sign-up answers 400 where the body has a field that it does not know."""
    accounts.SignUp.model_config["extra"] = "forbid"
    accounts.SignUp.model_rebuild(force=True)


@variant(
    stays_green=("signup-one-account-per-address", "signup-account-can-be-used"),
    never_fail_on={"su-email-case-duplicate": "refusing the variant (400)"},
)
def another_spelling_of_an_address_is_refused() -> None:
    """An address that is not in small letters, or has a space around it, is answered 400."""

    def normalise(original: Any, email: str) -> str:
        address: str = original(email)
        if address != email:
            raise ApiError(400, "INVALID_EMAIL", "Invalid email")
        return address

    wrap(accounts, "normalise_email", normalise)


@variant(
    stays_green=("password-is-in-no-response", "signup-minimum-password-length"),
    never_fail_on={"su-password-or-hash-in-response": "Echo in a 422 validation error"},
)
def a_refused_sign_up_repeats_what_was_sent() -> None:
    """A password that is too short is answered 422 with the value that was wrong, as Pydantic does."""

    def check(original: Any, settings: Settings, password: str, email: str) -> None:
        try:
            original(settings, password, email)
        except ApiError as refused:
            raise ApiError(422, refused.code, f"{refused.message}; input: {password}") from refused

    wrap(passwords, "check_policy", check)

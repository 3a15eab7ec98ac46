"""Sign-up that tells a known address from a new one though it promises not to."""

from __future__ import annotations

import functools
from typing import Any

from fastapi import Response
from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from reference_backend import accounts, auth
from reference_backend.models import User, new_id, now
from reference_backend.settings import Settings
from tests.detection.registry import fault
from tests.detection.routes import wrap_route
from tests.detection.seams import wrap
from tests.detection.variants.signup import LATER, VERIFIED, addresses_are_verified

SIGN_UP = "user-enumeration-signup-answers-alike"
ALIKE = f"{VERIFIED}answers_alike = true\n{LATER}"
"""The profile of a deployment that promises it."""

reveals = functools.partial(
    fault, defect="en-signup-reveals-account", caught_by=SIGN_UP, level="may", profile=ALIKE
)


def answer_taken_addresses(made_up: bool = True) -> None:
    """Answer a taken address with a made-up user, or with the one that there is."""

    def sign_up(original: Any, db: Database, settings: Settings, form: Any) -> User:
        there = db.scalar(select(User).where(User.email == accounts.normalise_email(form.email)))
        if there is None:
            user: User = original(db, settings, form)
            return user
        unsaved = User(
            id=new_id(),
            email=form.email,
            name=form.name,
            email_verified=False,
            created_at=now(),
            updated_at=now(),
        )
        return unsaved if made_up else there

    addresses_are_verified(200)
    wrap(accounts, "sign_up", sign_up)


@reveals(says="answered alike for a known and for a new address.*one is answered 200 and the other 422")
def a_taken_address_is_answered_422() -> None:
    """Sign-up promises to answer alike, and a check of its own answers 422 first."""
    addresses_are_verified(200)


@reveals(says="of a new and a known address one says")
def a_taken_address_is_answered_with_its_user() -> None:
    """Sign-up answers 200 for a taken address, with the user that there is: verified, and of another name."""
    answer_taken_addresses(made_up=False)


@reveals(says="only one of them sets the cookies .'pending'.|only one of them has the headers .'set-cookie'.")
def a_new_address_alone_gets_a_cookie() -> None:
    """Sign-up sets a cookie for the page that waits for the verification, and none for a taken address."""
    answer_taken_addresses()
    known: set[str] = set()

    def sign_up(original: Any, response: Response, form: Any, **named: Any) -> Any:
        if form.email not in known:
            response.set_cookie("pending", "yes")
        known.add(form.email)
        return original(response=response, form=form, **named)

    wrap_route(auth.router, "sign_up", sign_up)

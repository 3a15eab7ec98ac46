"""Long addresses that are rightly refused."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session as Database

from reference_backend import accounts
from reference_backend.errors import ApiError
from reference_backend.models import User
from reference_backend.settings import Settings
from tests.detection.faults.long_address import BEHIND, HIDDEN
from tests.detection.seams import wrap
from tests.detection.variant_registry import variant

LONGEST = 60


@variant(
    stays_green=("password-is-not-truncated",),
    never_fail_on={HIDDEN: "Refusal of the long address at sign-up: not applicable"},
    not_applicable={BEHIND: r"64 characters before the @ \(it was answered 400"},
)
def addresses_have_60_characters_at_most() -> None:
    """The column of the address is short, and sign-up says so."""

    def sign_up(original: Any, db: Database, settings: Settings, form: Any) -> User:
        if len(form.email) > LONGEST:
            raise ApiError(400, "EMAIL_TOO_LONG", "Email must have at most 60 characters")
        user: User = original(db, settings, form)
        return user

    wrap(accounts, "sign_up", sign_up)


@variant(stays_green=(BEHIND, "password-is-not-truncated"))
def only_the_plain_domain_is_admitted() -> None:
    """Sign-up knows the domain of its people, and none below it; 64 characters before the @ are fine."""

    def sign_up(original: Any, db: Database, settings: Settings, form: Any) -> User:
        if not form.email.endswith("@example.com"):
            raise ApiError(400, "DOMAIN_NOT_ADMITTED", "Email must be one of example.com")
        user: User = original(db, settings, form)
        return user

    wrap(accounts, "sign_up", sign_up)

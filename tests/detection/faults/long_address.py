"""Passwords that do not count behind a long address."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session as Database

from reference_backend import accounts, passwords
from reference_backend.errors import ApiError
from reference_backend.models import User
from reference_backend.settings import Settings
from tests.detection.registry import fault
from tests.detection.seams import wrap

HIDDEN = "pp-long-identifier-hides-password"
BEHIND = "password-counts-behind-a-long-address"
COUNTED = 72
"""Bytes that bcrypt looks at."""


def together(email: str, password: str) -> str:
    """Address and password as one text, as far as it is looked at."""
    return (accounts.normalise_email(email) + password)[:COUNTED]


def _hash_together() -> None:
    def sign_up(original: Any, db: Database, settings: Settings, form: Any) -> User:
        user: User = original(db, settings, form)
        user.password_hash = passwords.make_hash(settings, together(form.email, form.password))
        return user

    def sign_in(original: Any, db: Database, settings: Settings, email: str, password: str) -> Any:
        return original(db, settings, email, together(email, password))

    wrap(accounts, "sign_up", sign_up)
    wrap(accounts, "sign_in", sign_in)


@fault(
    defect=HIDDEN,
    caught_by=BEHIND,
    says="another ending at Zoe's address of 1[0-9][0-9] characters, .*took effect|"
    "allowed length at Zoe's address of 1[0-9][0-9] characters, .*took effect",
    spares=("signin-wrong-password-refused",),
)
def address_and_password_share_72_bytes() -> None:
    """bcrypt hashes the address and the password as one text, and looks at 72 bytes of it."""
    _hash_together()


@fault(
    defect=HIDDEN,
    caught_by=BEHIND,
    says="after her own signed in, is refused; .*took effect",
    spares=("signin-wrong-password-refused",),
)
def a_cache_of_good_sign_ins_is_keyed_by_72_bytes() -> None:
    """The hash is sound; who signed in before is found by address and password, cut off."""
    known: dict[str, User] = {}

    def sign_in(original: Any, db: Database, settings: Settings, email: str, password: str) -> Any:
        key = together(email, password)
        if key not in known:
            known[key] = original(db, settings, email, password)
        return known[key]

    wrap(accounts, "sign_in", sign_in)


@fault(
    defect=HIDDEN,
    caught_by=BEHIND,
    says="before her own signed in, is refused; .*took effect",
    spares=("signin-wrong-password-refused",),
)
def a_sound_cache_hides_the_hash_behind_it() -> None:
    """The hash has 72 bytes of both; once the right password signed in, a sound cache answers instead of it."""
    known: dict[str, str] = {}
    _hash_together()

    def sign_in(original: Any, db: Database, settings: Settings, email: str, password: str) -> Any:
        address = accounts.normalise_email(email)
        if known.get(address, password) != password:
            raise ApiError(401, "INVALID_EMAIL_OR_PASSWORD", "Invalid email or password")
        user = original(db, settings, email, password)
        known[address] = password
        return user

    def sign_up(original: Any, db: Database, settings: Settings, form: Any) -> User:
        user: User = original(db, settings, form)
        known.pop(user.email, None)
        return user

    wrap(accounts, "sign_in", sign_in)
    wrap(accounts, "sign_up", sign_up)

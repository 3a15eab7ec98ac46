"""Deletion of accounts that is right and unusual."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session as Database

from reference_backend import sessions
from reference_backend.errors import ApiError
from reference_backend.models import User
from reference_backend.tokens import Claims
from tests.detection.seams import replace, wrap
from tests.detection.variant_registry import variant

SIGN_IN = "account-deletion-ends-signin"
SESSIONS = "account-deletion-ends-sessions"
TOKENS = "account-deletion-ends-access-tokens"


@variant(
    stays_green=(SIGN_IN, SESSIONS, TOKENS),
    never_fail_on={"se-deleted-user-still-active": "Stateless JWT until exp."},
    profile='[credentials.token]\nafter_sign_out = "until it ends"\n',
)
def tokens_of_a_deleted_account_live_until_they_end() -> None:
    """The API looks no user up: a token is good for a quarter of an hour, and opens an empty list."""

    def of_token(_db: Database, claims: Claims) -> User:
        return User(id=claims.user_id, email="", name="", password_hash="")

    replace(sessions, "of_token", of_token)


@variant(
    stays_green=(SIGN_IN, SESSIONS, TOKENS),
    warns={"expiry-unrevocable-credential-is-short-lived": "it lives 69"},
    settings={"REFERENCE_JWT_EXPIRES_IN": "691200"},
    profile='[credentials.token]\nafter_sign_out = "until it ends"\n',
)
def long_tokens_of_a_deleted_account_open_nothing() -> None:
    """A token has an end eight days away, and every route answers 404 once its account is gone."""

    def of_token(original: Any, db: Database, claims: Claims) -> User | None:
        user: User | None = original(db, claims)
        if user is None:
            raise ApiError(404, "NOT_FOUND", "Not Found")
        return user

    wrap(sessions, "of_token", of_token)

"""Addresses and passwords that no page sends, and that sign in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from reference_backend import accounts, identity
from reference_backend.errors import ApiError
from reference_backend.models import User
from reference_backend.settings import Settings
from tests.detection.registry import fault
from tests.detection.seams import wrap

ODD = "signin-odd-password-refused"
OPERATORS = "signin-prevents-operator-injection"
SQL = "signin-prevents-sql-injection"


def take(fits: Callable[[Any], bool], account: Callable[[Any], Any] = lambda email: email) -> None:
    """Take any JSON for address and password, and sign in without a look where ``fits`` says so of the password.

    ``account`` makes of what was sent for the address the one that is looked for; None is anybody.
    """
    for name in ("email", "password"):
        field = accounts.SignIn.model_fields[name]
        field.annotation, field.metadata, field.default = Any, [], None
    accounts.SignIn.model_rebuild(force=True)
    wrap(accounts, "normalise_email", lambda original, email: original(email) if _is_address(email) else email)
    wrap(identity, "attempt", lambda original, request, settings, email: original(request, settings, str(email)))

    def sign_in(original: Any, db: Database, settings: Settings, email: Any, password: Any) -> User:
        wanted = account(email)
        if fits(password):
            query = select(User) if wanted is None else select(User).where(User.email == wanted)
            if (user := db.scalar(query)) is not None:
                return user
        if not (isinstance(email, str) and isinstance(password, str)):
            raise ApiError(400, "BAD_REQUEST", "Invalid credentials")
        found: User = original(db, settings, email, password)
        return found

    wrap(accounts, "sign_in", sign_in)


def _is_address(email: Any) -> bool:
    return isinstance(email, str) and "'" not in email


# --- no text ---


@fault(
    defect="si-empty-or-null-password-accepted",
    caught_by=ODD,
    says="signing in as Zoe with an empty password is refused; but it took effect: .*signed in as",
)
def an_empty_password_is_not_compared() -> None:
    """An empty password passes, as where a directory takes an empty bind for an anonymous one."""
    take(lambda password: password == "")


@fault(
    defect="si-empty-or-null-password-accepted",
    caught_by=ODD,
    says="signing in as Zoe with (null for the|no) password is refused; but it took effect",
)
def a_password_that_is_null_is_not_compared() -> None:
    """`if password is not None and not verify(...)`: whoever sends none is in."""
    take(lambda password: password is None)


@fault(
    defect="si-empty-or-null-password-accepted",
    caught_by=ODD,
    says="signing in as Zoe with zero for the password is refused; but it took effect",
)
def zero_equals_any_password() -> None:
    """A loose comparison takes the number 0 for any text that begins with no digit."""
    take(lambda password: password == 0 and password is not False)


@fault(
    defect="si-empty-or-null-password-accepted",
    caught_by=ODD,
    says="signing in as Zoe with true for the password is refused; but it took effect",
)
def true_equals_any_password() -> None:
    """A loose comparison takes true for any text."""
    take(lambda password: password is True)


@fault(
    defect="si-empty-or-null-password-accepted",
    caught_by=ODD,
    says="signing in as Zoe with an empty list for the password is refused; but it took effect",
)
def every_item_of_an_empty_list_is_right() -> None:
    """A list of passwords is right if all its items are."""
    take(lambda password: password == [])


# --- operators ---


@fault(
    defect="si-operator-injection",
    caught_by=OPERATORS,
    says=r'signing in as Zoe with \{"\$ne": null\} for the password is refused; but it took effect',
)
def not_null_finds_any_password() -> None:
    """The password is a part of the query, where {"$ne": null} is an operator."""
    take(lambda password: isinstance(password, dict) and "$ne" in password)


@fault(
    defect="si-operator-injection",
    caught_by=OPERATORS,
    says=r'signing in as Zoe with \{"\$gt": ""\} for the password is refused; but it took effect',
)
def greater_than_nothing_finds_any_password() -> None:
    """The password is a part of the query, and {"$ne": ...} alone is filtered out."""
    take(lambda password: isinstance(password, dict) and "$gt" in password)


@fault(
    defect="si-operator-injection",
    caught_by=OPERATORS,
    says=r'\{"\$ne": null\} for the address and the password is refused; but it took effect: .*signed in as',
)
def not_null_finds_any_account() -> None:
    """The address is a part of the query, and so is the password; alone the latter is filtered out."""
    take(lambda password: isinstance(password, dict), lambda email: None if isinstance(email, dict) else "nobody")


# --- SQL ---


@fault(
    defect="si-sql-injection",
    caught_by=SQL,
    says="signing in as Zoe with ' OR '1'='1 for the password is refused; but it took effect",
)
def a_password_ends_its_quotes() -> None:
    """The password is written into a query, where ' OR '1'='1 is true."""
    take(lambda password: isinstance(password, str) and password.endswith("'1'='1"))


@fault(
    defect="si-sql-injection",
    caught_by=SQL,
    says="signing in as Zoe with ' OR 1=1 -- for the password is refused; but it took effect",
)
def a_password_ends_its_query() -> None:
    """The password is written into a query, where the rest of it becomes a comment."""
    take(lambda password: isinstance(password, str) and "OR 1=1 --" in password)


@fault(
    defect="si-sql-injection",
    caught_by=SQL,
    says="signing in as Zoe with ' -- after the address is refused; but it took effect",
)
def an_address_ends_its_query() -> None:
    """The address is written into a query, and what asks for the password becomes a comment."""
    take(lambda password: password == "x", lambda email: email.partition("'")[0] if "' --" in email else "nobody")


@fault(
    defect="si-sql-injection",
    caught_by=SQL,
    says="signing in as Zoe with a quote for the password is refused; but .*the server broke",
)
def a_quote_breaks_the_query() -> None:
    """A single quote in a password makes a query that the database can't read."""

    def broken(password: Any) -> bool:
        if password == "'":
            raise RuntimeError("unterminated quoted string")
        return False

    take(broken)

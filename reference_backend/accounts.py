"""What users do with their accounts, by JSON routes and pages."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Database

from reference_backend import passwords, sessions
from reference_backend.bodies import Body, Line, Text
from reference_backend.errors import ApiError
from reference_backend.models import User
from reference_backend.settings import Settings

MAX_EMAIL = 254  # RFC 5321 section 4.5.3.1.3, without the angle brackets
# The rule of HTML's <input type=email>, with at least two labels in the domain.
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
EMAIL = re.compile(rf"[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+")


class SignUp(Body):
    """A new account.

    `tokens` asks for a refresh token, which no page needs.
    """

    name: Line
    email: Text
    password: Text
    callbackURL: Text | None = None  # noqa: N815 - the name on the wire
    rememberMe: bool = True  # noqa: N815 - the name on the wire
    tokens: bool = False


class SignIn(Body):
    """Credentials; `tokens` as at sign-up."""

    email: Text
    password: Text
    callbackURL: Text | None = None  # noqa: N815 - the name on the wire
    rememberMe: bool = True  # noqa: N815 - the name on the wire
    tokens: bool = False


def normalise_email(email: str) -> str:
    """Return the address trimmed and lower-cased.

    Raises a 400 ApiError unless it has the form of one.
    """
    address = email.strip().lower()
    # ASCII before it is lower-cased: a Kelvin sign becomes the k of somebody else's address.
    if not email.isascii() or len(address) > MAX_EMAIL or not EMAIL.fullmatch(address):
        raise ApiError(400, "INVALID_EMAIL", "Invalid email")
    return address


def sign_up(db: Database, settings: Settings, form: SignUp) -> User:
    """Create an account.

    Raises a 400 ApiError for the address or password, 422 USER_ALREADY_EXISTS for a known address.
    """
    email = normalise_email(form.email)
    passwords.check_policy(settings, form.password, email)
    user = User(email=email, name=form.name, password_hash=passwords.make_hash(settings, form.password))
    try:
        # The unique index decides, not a look beforehand: two sign-ups may come at once.
        with db.begin_nested():
            db.add(user)
    except IntegrityError:
        raise ApiError(422, "USER_ALREADY_EXISTS", "User already exists. Use another email") from None
    return user


def sign_in(db: Database, settings: Settings, email: str, password: str) -> User:
    """Return the user with these credentials.

    Raises the same 401 ApiError for an unknown address and for a wrong password. Call it first in a transaction:
    until the password is verified, no connection is held.
    """
    query = select(User).where(func.lower(User.email) == normalise_email(email))
    with _apart(db) as reading:
        user = reading.scalar(query)
    if passwords.verify(settings, user.password_hash if user else None, password) and user:
        # Locked against a change of password, which would otherwise miss the session about to start.
        current = _unchanged(db, user, read=True)
        if current is not None:
            return current
    raise ApiError(401, "INVALID_EMAIL_OR_PASSWORD", "Invalid email or password")


def change_password(db: Database, settings: Settings, user_id: str, current: str, new: str) -> User:
    """Set a new password and end every session of the user.

    Raises a 400 ApiError if either password won't do. Call it first in a transaction, as `sign_in`.
    """
    user = _confirmed(db, settings, user_id, current)
    if passwords.same(current, new):
        raise ApiError(400, "PASSWORD_UNCHANGED", "The new password is the current one. Choose another one")
    passwords.check_policy(settings, new, user.email)
    password_hash = passwords.make_hash(settings, new)
    user = _locked(db, user)
    user.password_hash = password_hash
    sessions.revoke_all(db, user.id)
    return user


def rename(db: Database, user_id: str, name: str) -> None:
    """Set the user's name."""
    db.execute(update(User).where(User.id == user_id).values(name=name))


def delete(db: Database, settings: Settings, user_id: str, password: str) -> None:
    """Delete the account with all its sessions and tasks.

    Raises a 400 ApiError if the password is wrong. Call it first in a transaction, as `sign_in`.
    """
    db.delete(_locked(db, _confirmed(db, settings, user_id, password)))


def _confirmed(db: Database, settings: Settings, user_id: str, password: str) -> User:
    """Return the user as read, if that is their password.

    No row is locked and no connection held.
    """
    with _apart(db) as reading:
        user = reading.get(User, user_id)
    if user is None:
        raise ApiError(401, "UNAUTHORIZED", "Unauthorized")
    if not passwords.verify(settings, user.password_hash, password):
        raise _wrong_password()
    return user


def _locked(db: Database, user: User) -> User:
    """Return the user's row, locked.

    Raises a 400 ApiError if the password is no longer the one that was verified.
    """
    current = _unchanged(db, user)
    if current is None:
        raise _wrong_password()
    return current


def _unchanged(db: Database, user: User, *, read: bool = False) -> User | None:
    query = select(User).where(User.id == user.id, User.password_hash == user.password_hash)
    return db.scalar(query.with_for_update(read=read))


def _wrong_password() -> ApiError:
    return ApiError(400, "INVALID_PASSWORD", "Invalid password")


@contextmanager
def _apart(db: Database) -> Iterator[Database]:
    """A connection of its own, given back before a hash is computed.

    Twenty connections held during twenty hashes keep everybody else waiting.
    """
    with Database(db.get_bind(), expire_on_commit=False) as reading, reading.begin():
        yield reading

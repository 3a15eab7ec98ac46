"""What users do with their accounts, by JSON routes and pages."""

import re

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
    """A new account."""

    name: Line
    email: Text
    password: Text
    callbackURL: Text | None = None  # noqa: N815 - the name on the wire
    rememberMe: bool = True  # noqa: N815 - the name on the wire


class SignIn(Body):
    """Credentials."""

    email: Text
    password: Text
    callbackURL: Text | None = None  # noqa: N815 - the name on the wire
    rememberMe: bool = True  # noqa: N815 - the name on the wire


def normalise_email(email: str) -> str:
    """Return the address trimmed and lower-cased.

    Raises a 400 ApiError unless it has the form of one.
    """
    address = email.strip().lower()
    if len(address) > MAX_EMAIL or not EMAIL.fullmatch(address):
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

    Raises the same 401 ApiError for an unknown address and for a wrong password.
    """
    # Locked against a change of password, which would otherwise miss the session about to start.
    query = select(User).where(func.lower(User.email) == normalise_email(email))
    user = db.scalar(query.with_for_update(read=True))
    if passwords.verify(settings, user.password_hash if user else None, password) and user:
        return user
    raise ApiError(401, "INVALID_EMAIL_OR_PASSWORD", "Invalid email or password")


def change_password(db: Database, settings: Settings, user_id: str, current: str, new: str) -> User:
    """Set a new password and end every session of the user.

    Raises a 400 ApiError if either password won't do.
    """
    user = _confirmed(db, settings, user_id, current)
    passwords.check_policy(settings, new, user.email)
    user.password_hash = passwords.make_hash(settings, new)
    sessions.revoke_all(db, user.id)
    return user


def rename(db: Database, user_id: str, name: str) -> None:
    """Set the user's name."""
    db.execute(update(User).where(User.id == user_id).values(name=name))


def delete(db: Database, settings: Settings, user_id: str, password: str) -> None:
    """Delete the account with all its sessions and tasks.

    Raises a 400 ApiError if the password is wrong.
    """
    db.delete(_confirmed(db, settings, user_id, password))


def _confirmed(db: Database, settings: Settings, user_id: str, password: str) -> User:
    user = db.get(User, user_id, with_for_update=True)
    if user is None:
        raise ApiError(401, "UNAUTHORIZED", "Unauthorized")
    if not passwords.verify(settings, user.password_hash, password):
        raise ApiError(400, "INVALID_PASSWORD", "Invalid password")
    return user

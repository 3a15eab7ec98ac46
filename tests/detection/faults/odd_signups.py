"""Sign-ups and sign-ins that make accounts and sessions which must not be."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from fastapi import FastAPI, Request, Response
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Database
from starlette.types import ASGIApp, Receive, Scope, Send

from reference_backend import accounts, identity, passwords
from reference_backend.errors import ApiError
from reference_backend.models import User
from reference_backend.settings import Settings
from tests.detection.faults.signup import keep_extra_fields
from tests.detection.registry import fault
from tests.detection.request_bodies import again
from tests.detection.seams import middleware, on_app, replace, wrap
from tests.detection.user_cookie import write_user
from tests.detection.variants.signup import VERIFIED, addresses_are_verified

BY_GET = "credentials-in-query-do-nothing"
UNKNOWN = "signin-unknown-address-refused"
AT_ONCE = "signup-race-makes-one-account"
NO_ADDRESS = "signup-refuses-what-is-no-address"
OWN_ID = "signup-prevents-id-collision"
WAITS = "signup-session-waits-for-verification"
FITS = "cookie-fits-into-browsers"
PENDING = VERIFIED + "outcomes.pending_verification = { status = 202 }\n"


# --- by GET ---


def take_query(path: str) -> None:
    """Carry out at GET with a query what a POST of the same fields does."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if scope["path"] != path or scope["method"] != "GET":
            await inner(scope, receive, send)
            return
        fields = dict(parse_qsl(scope["query_string"].decode()))
        content = json.dumps({name: fields.get(name, "") for name in ("name", "email", "password")}).encode()
        headers = [*scope["headers"], (b"content-type", b"application/json")]

        await inner({**scope, "method": "POST", "query_string": b"", "headers": headers}, again(content), send)

    middleware(handle)


@fault(defect="su-credentials-by-get", caught_by=BY_GET, says="GET /api/auth/sign-in/email with .*is signed in as")
def sign_in_takes_a_query() -> None:
    """Sign-in reads the address and the password from a query, too."""
    take_query("/api/auth/sign-in/email")


@fault(defect="su-credentials-by-get", caught_by=BY_GET, says="GET /api/auth/sign-up/email with .*is signed in as")
def sign_up_takes_a_query() -> None:
    """Sign-up reads the address and the password from a query, too."""
    take_query("/api/auth/sign-up/email")


# --- no account ---


@fault(defect="si-unknown-user-accepted", caught_by=UNKNOWN, says="signs nobody in; but .*signed in as eve")
def a_refused_sign_in_makes_an_account() -> None:
    """An unknown address is noted with its password, and has an account from then on."""
    noted: set[tuple[str, str]] = set()

    def sign_in(original: Any, db: Database, settings: Settings, email: str, password: str) -> User:
        there = db.scalar(select(User).where(User.email == email))
        if there is None and (email, password) in noted:
            made = User(email=email, name=email, password_hash=passwords.make_hash(settings, password))
            db.add(made)
            db.flush()
            return made
        noted.add((email, password))
        user: User = original(db, settings, email, password)
        return user

    wrap(accounts, "sign_in", sign_in)


# --- at the same moment ---

_LOOKED = threading.Barrier(2)


def look_first(db: Database, form: Any) -> None:
    """Refuse an address that is there; two sign-ups at the same moment have both looked before one writes."""
    if db.scalar(select(User).where(User.email == accounts.normalise_email(form.email))) is not None:
        raise ApiError(422, "USER_ALREADY_EXISTS", "User already exists. Use another email")
    try:
        _LOOKED.wait(2)
    except threading.BrokenBarrierError:
        _LOOKED.reset()  # no other one came


@fault(defect="su-signup-race-duplicates", level="should", caught_by=AT_ONCE, says="signed in as [23] users")
def sign_up_looks_before_it_writes() -> None:
    """Sign-up looks for the address first, and the table has no unique index."""

    def drop_index(made: FastAPI) -> None:
        with made.state.services.engine.begin() as connection:
            connection.execute(text("DROP INDEX users_email_key"))

    def sign_up(original: Any, db: Database, settings: Settings, form: Any) -> User:
        look_first(db, form)
        user: User = original(db, settings, form)
        return user

    on_app(drop_index)
    wrap(accounts, "sign_up", sign_up)


@fault(defect="su-signup-race-duplicates", level="should", caught_by=AT_ONCE, says="one was answered 500")
def the_second_of_two_sign_ups_breaks_the_server() -> None:
    """Sign-up looks for the address first, and does not expect the index to refuse it."""

    def sign_up(db: Database, settings: Settings, form: Any) -> User:
        look_first(db, form)
        email = accounts.normalise_email(form.email)
        user = User(email=email, name=form.name, password_hash=passwords.make_hash(settings, form.password))
        db.add(user)
        try:
            db.flush()
        except IntegrityError as error:
            raise RuntimeError("there should be none") from error
        return user

    replace(accounts, "sign_up", sign_up)


# --- no address ---


def also_address(fits: Callable[[str], bool]) -> None:
    """Take what fits for an address as well."""
    wrap(accounts, "normalise_email", lambda original, email: email if fits(email) else original(email))


@fault(
    defect="su-invalid-email-accepted", level="should", caught_by=NO_ADDRESS, says="up with not-an-email for .*as"
)
def a_word_is_an_address() -> None:
    """Addresses are not looked at, but that there is one."""
    also_address(lambda email: email.isalnum() or email.startswith("not-an-email"))


@fault(
    defect="su-invalid-email-accepted",
    level="should",
    caught_by=NO_ADDRESS,
    says="up with an empty text for .*a user",
)
def nothing_is_an_address() -> None:
    """An address may be empty."""
    also_address(lambda email: not email)


@fault(
    defect="su-invalid-email-accepted", level="should", caught_by=NO_ADDRESS, says="with CR and LF .*signed in as"
)
def the_beginning_of_an_address_is_looked_at() -> None:
    """An address is one where its first line is."""
    also_address(lambda email: accounts.EMAIL.match(email) is not None and "\r\n" in email)


# --- another user's id ---


@fault(defect="su-id-collision-overwrites-user", caught_by=OWN_ID, says="it is signed in as .*, with Ann's id")
def a_sign_up_with_a_known_id_is_its_user() -> None:
    """An id that is sent is looked up, and its user is signed in."""
    by_id: dict[str, Any] = {}
    keep_extra_fields(lambda user, extra: by_id.update({user.id: extra.get("id")}))

    def start(
        original: Any, request: Request, response: Response, services: Any, db: Database, user: User, **named: Any
    ) -> Any:
        there = db.get(User, by_id.get(user.id) or user.id)
        return original(request, response, services, db, there or user, **named)

    wrap(identity, "start", start)


@fault(defect="su-id-collision-overwrites-user", caught_by=OWN_ID, says="it is signed in as .*, with Ann's id")
def a_sign_up_with_a_known_id_replaces_its_user() -> None:
    """Sign-up is an upsert by the id: the user there gets the new address and password."""
    keep_extra_fields(lambda *_: None)

    def sign_up(original: Any, db: Database, settings: Settings, form: Any) -> User:
        there = db.get(User, str((form.model_extra or {}).get("id")))
        if there is None:
            user: User = original(db, settings, form)
            return user
        there.email, there.name = accounts.normalise_email(form.email), form.name
        there.password_hash = passwords.make_hash(settings, form.password)
        db.flush()
        return there

    wrap(accounts, "sign_up", sign_up)


# --- an address that is not verified ---


@fault(
    defect="su-session-before-verification",
    caught_by=WAITS,
    profile=PENDING,
    says="verified; but after sign-up the browser that asked is signed in",
)
def sign_up_opens_a_session_before_the_address_is_verified() -> None:
    """Sign-up answers that the address has to be verified, and signs in."""
    start = identity.start
    addresses_are_verified(202)

    def start_at_once(request: Request, response: Response, *rest: Any, **named: Any) -> Any:
        if request.url.path.endswith("/sign-up/email"):
            response.status_code = 202
        return start(request, response, *rest, **named)

    identity.start = start_at_once


@fault(
    defect="su-session-before-verification",
    caught_by=WAITS,
    profile=PENDING,
    says="verified; but after sign-in the browser that asked is signed in",
)
def sign_in_does_not_ask_whether_the_address_is_verified() -> None:
    """Sign-up waits for the verification of the address, and sign-in does not."""
    sign_in = accounts.sign_in
    addresses_are_verified(202)
    accounts.sign_in = sign_in


# --- a long name ---


def take_long_names() -> None:
    """Let sign-up take a name of any length."""
    accounts.SignUp.model_fields["name"].metadata.clear()
    accounts.SignUp.model_rebuild(force=True)


def profile_in_base64(user: User) -> str:
    """What a cookie holds that caches the user."""
    told = {"id": user.id, "email": user.email, "name": user.name}
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode()


@fault(
    defect="ck-oversized-cookie", level="should", caught_by=FITS, says=r"with a long name auth\.user has 4\d\d\d"
)
def a_long_name_makes_a_cookie_too_large() -> None:
    """A cookie caches the user, and a name may have any length."""
    take_long_names()
    write_user(profile_in_base64)

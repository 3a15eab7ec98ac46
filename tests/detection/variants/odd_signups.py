"""Sign-ups and sign-ins that refuse odd requests in another way."""

from __future__ import annotations

import re
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session as Database
from starlette.types import ASGIApp, Receive, Scope, Send

from reference_backend import accounts, identity
from reference_backend.models import User
from tests.detection.faults.odd_signups import (
    AT_ONCE,
    BY_GET,
    FITS,
    NO_ADDRESS,
    OWN_ID,
    PENDING,
    UNKNOWN,
    WAITS,
    profile_in_base64,
    take_long_names,
)
from tests.detection.seams import middleware, wrap
from tests.detection.variant_registry import variant
from tests.detection.variants.signin import ANSWERED_200, answer_200
from tests.detection.variants.signup import LATER, VERIFIED, addresses_are_verified


@variant(
    stays_green=BY_GET,
    never_fail_on={"su-credentials-by-get": "404 (Better Auth), 405, 400, or a 200 page without effect."},
)
def a_get_of_sign_in_shows_a_form() -> None:
    """GET of sign-in and sign-up is answered with the form."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        is_form = scope["method"] == "GET" and scope["path"].endswith("/email")
        form = HTMLResponse("<form><input name=email><input type=password></form>")
        await (form if is_form else inner)(scope, receive, send)

    middleware(handle)


@variant(
    stays_green=UNKNOWN,
    never_fail_on={"si-unknown-user-accepted": "As above."},
    profile=ANSWERED_200,
)
def an_unknown_address_is_answered_200() -> None:
    """Sign-in answers 200 whatever happens, and says in the body that the address or the password is wrong."""
    answer_200()


@variant(
    not_applicable={AT_ONCE: "sign-up signs nobody in"},
    profile=VERIFIED + LATER,
    never_fail_on={"su-signup-race-duplicates": "With generic duplicate answers the ids are synthetic"},
)
def sign_ups_are_answered_alike_and_sign_nobody_in() -> None:
    """Each sign-up is answered 200 with a user, and only a verified address signs in."""
    addresses_are_verified(200)


@variant(
    stays_green=NO_ADDRESS,
    never_fail_on={
        "su-invalid-email-accepted": "Unicode, localhost, plus and quoted forms differ widely",
    },
)
def an_address_may_be_local() -> None:
    """Whatever has one @ and no space is an address."""
    accounts.EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+")


@variant(stays_green=OWN_ID, never_fail_on={"su-id-collision-overwrites-user": "As above."})
def an_id_is_refused_at_sign_up() -> None:
    """Sign-up answers 400 where the body has an id."""
    accounts.SignUp.model_config["extra"] = "forbid"
    accounts.SignUp.model_rebuild(force=True)


@variant(
    stays_green=WAITS,
    profile=PENDING,
    never_fail_on={"su-session-before-verification": "403 EMAIL_NOT_VERIFIED is right"},
)
def sign_in_waits_for_the_verification() -> None:
    """Sign-up answers 202, and sign-in 403 until the address is verified."""
    addresses_are_verified(202)


@variant(stays_green=FITS, never_fail_on={"ck-oversized-cookie": "chunked cookies (.0, .1)"})
def a_long_profile_is_in_two_cookies() -> None:
    """A cookie that caches the user is cut in two where it would be too large."""

    def start(
        original: Any, request: Request, response: Response, services: Any, db: Database, user: User, **named: Any
    ) -> Any:
        whole = profile_in_base64(user)
        for number, part in enumerate(re.findall(".{1,3000}", whole)):
            response.set_cookie(f"auth.user.{number}", part, path="/", httponly=True, samesite="lax")
        return original(request, response, services, db, user, **named)

    take_long_names()
    wrap(identity, "start", start)

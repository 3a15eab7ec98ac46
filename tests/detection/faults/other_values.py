"""Values that a deployment hands out for other places, and whose bearer its API lets in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Response

from reference_backend import cookies, identity, sessions
from reference_backend.models import User
from reference_backend.settings import Settings
from tests.detection.registry import fault
from tests.detection.seams import wrap

DEFECT = "tv-other-token-accepted-as-access-token"
TAKEN = "token-no-other-value-is-taken"


@fault(
    defect=DEFECT,
    caught_by=TAKEN,
    says="her session cookie in place of an access token is refused; .*private text",
    level="should",
)
def the_api_takes_the_session_cookie_as_a_token() -> None:
    """The API asks the session store for what is no JWT, and cuts the cookie's signature off unread."""
    _take(lambda token: token.partition(".")[0] if "." in token else "")


@fault(
    defect=DEFECT,
    caught_by=TAKEN,
    says="a part of her session cookie in place of an access token is refused; .*private text",
    level="should",
)
def the_api_takes_the_session_token_in_the_cookie() -> None:
    """The API asks the session store for what is no JWT: the cookie's first part is one, unsigned."""
    _take(lambda token: token)


@fault(
    defect=DEFECT,
    caught_by=TAKEN,
    says="another of her cookies in place of an access token is refused; .*private text",
    level="should",
)
def the_api_takes_a_token_of_another_cookie() -> None:
    """Sign-in sets a second cookie for a widget, which the API takes as a token."""

    def write(
        original: Callable[..., None], response: Response, settings: Settings, token: str, *rest: Any
    ) -> None:
        original(response, settings, token, *rest)
        response.set_cookie("widget", f"w-{token}", httponly=True, samesite="lax", secure=settings.https)

    wrap(cookies, "write", write)
    _take(lambda token: token.removeprefix("w-") if token.startswith("w-") else "")


def _take(session_token: Callable[[str], str]) -> None:
    """Let the API in whoever presents that session token as a bearer."""

    def bearer(original: Any, services: identity.Services, authorization: list[str]) -> User:
        token = session_token(authorization[0].removeprefix("Bearer "))
        with services.database.begin() as db:
            found = sessions.lookup(db, token)
        return found[1] if found is not None else original(services, authorization)

    wrap(identity, "_bearer", bearer)

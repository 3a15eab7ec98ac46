"""Sign-outs that end another's session, are done by a GET, or break the server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request, Response
from sqlalchemy import delete

from reference_backend import auth, cookies, sessions
from reference_backend.errors import ApiError
from reference_backend.identity import Services, UseServices, UseVisitor, Visitor
from reference_backend.models import Session, digest
from tests.detection.registry import fault
from tests.detection.routes import serve

OF_OTHERS, BY_GET, BREAKS = "so-other-user-session-ended", "so-signout-by-get", "so-not-idempotent-5xx"
NO_OTHERS, NO_GET, UNBROKEN = (
    "signout-ends-no-other-users-session",
    "signout-by-get-ends-no-session",
    "signout-without-a-session-breaks-nothing",
)
ENDED = "on Ann's laptop which names Bob's session ends nothing of Bob's; but Bob is signed out"


def _before_sign_out(do: Callable[[Request, Services, Visitor | None], Awaitable[None]]) -> None:
    """Have sign-out ``do`` something before it ends the session of the device."""

    async def sign_out(
        request: Request, response: Response, services: UseServices, visitor: UseVisitor
    ) -> dict[str, Any]:
        await do(request, services, visitor)
        return auth.sign_out(response, services, visitor)

    serve(auth.router, "sign_out", sign_out)


async def _body(request: Request) -> dict[str, Any]:
    found: dict[str, Any] = await request.json() if await request.body() else {}
    return found


# --- another's session ---


@fault(defect=OF_OTHERS, caught_by=NO_OTHERS, says=ENDED)
def sign_out_takes_the_user_from_the_body() -> None:
    """Sign-out ends every session of the `userId` in the body."""

    async def do(request: Request, services: Services, _: Visitor | None) -> None:
        with services.database.begin() as db:
            sessions.revoke_all(db, (await _body(request)).get("userId", ""))

    _before_sign_out(do)


@fault(defect=OF_OTHERS, caught_by=NO_OTHERS, says=ENDED)
def sign_out_takes_the_session_from_the_query() -> None:
    """Sign-out ends the session with the id `?sessionId=`, whoever's it is, and refuses a body with fields."""

    async def do(request: Request, services: Services, _: Visitor | None) -> None:
        if await _body(request):
            raise ApiError(400, "VALIDATION_ERROR", "unknown fields")
        with services.database.begin() as db:
            db.execute(delete(Session).where(Session.id == request.query_params.get("sessionId", "")))

    _before_sign_out(do)


@fault(defect=OF_OTHERS, caught_by=NO_OTHERS, says=ENDED)
def sign_out_believes_a_cookie_without_its_signature() -> None:
    """Sign-out ends the sessions of all accounts in the browser, by cookies whose signature it does not verify."""

    async def do(request: Request, services: Services, _: Visitor | None) -> None:
        tokens = [value for name, value in request.cookies.items() if "_multi-" in name]
        with services.database.begin() as db:
            db.execute(delete(Session).where(Session.token_hash.in_([digest(token) for token in tokens])))

    _before_sign_out(do)


# --- by GET ---


@fault(
    defect=BY_GET,
    level="should",
    caught_by=NO_GET,
    says="GET request for the address of sign-out has no effect; but Ann's laptop is signed out by it",
)
def a_link_signs_out() -> None:
    """Sign-out answers every method, so that an image on any page signs people out."""
    auth.router.add_api_route("/sign-out", auth.sign_out, methods=["GET"])


@fault(defect=BY_GET, level="should", caught_by=NO_GET, says="but Ann's laptop is signed out by it")
def a_link_takes_the_cookie() -> None:
    """A GET leaves the session alive, and takes its cookie from the browser."""

    def sign_out(response: Response, services: UseServices) -> None:
        cookies.clear(response, services.settings)

    auth.router.add_api_route("/sign-out", sign_out, methods=["GET"])


# --- server errors ---


def _crash_when(broken: Callable[[Request, Services, Visitor | None], bool]) -> None:
    async def do(request: Request, services: Services, visitor: Visitor | None) -> None:
        if broken(request, services, visitor):
            raise RuntimeError("None has no attribute session")

    _before_sign_out(do)


@fault(defect=BREAKS, caught_by=UNBROKEN, says="a sign-out once more breaks nothing; but it was answered 500")
def a_second_sign_out_crashes() -> None:
    """Sign-out reads the session that a cookie names, and there is none any more."""
    _crash_when(
        lambda request, services, visitor: cookies.read(request, services.settings) is not None and visitor is None
    )


@fault(
    defect=BREAKS, caught_by=UNBROKEN, says="a sign-out without a session breaks nothing; but it was answered 500"
)
def a_sign_out_without_a_cookie_crashes() -> None:
    """Sign-out splits the cookie, and there is none."""
    _crash_when(lambda request, services, _: not cookies.presented(request, services.settings))


@fault(defect=BREAKS, caught_by=UNBROKEN, says="a sign-out with a made-up session breaks nothing; but .* 500")
def a_sign_out_with_a_made_up_cookie_crashes() -> None:
    """Sign-out takes the second part of the cookie, and there is one alone."""
    _crash_when(
        lambda request, services, _: any(
            "." not in value for value in cookies.presented(request, services.settings)
        )
    )


@fault(defect=BREAKS, caught_by=UNBROKEN, says="a sign-out without a body breaks nothing; but it was answered 500")
def a_sign_out_without_a_body_crashes() -> None:
    """Sign-out parses its body, and there is none."""

    async def do(request: Request, _services: Services, _visitor: Visitor | None) -> None:
        await request.json()

    _before_sign_out(do)

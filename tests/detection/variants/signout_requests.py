"""Answers to unusual requests for sign-out that are right."""

from __future__ import annotations

from typing import Any

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse

from reference_backend import auth
from reference_backend.errors import ApiError
from reference_backend.identity import UseServices, UseSignedIn
from tests.detection.routes import serve, wrap_route
from tests.detection.seams import on_app
from tests.detection.variant_registry import variant

NO_OTHERS, NO_GET, UNBROKEN = (
    "signout-ends-no-other-users-session",
    "signout-by-get-ends-no-session",
    "signout-without-a-session-breaks-nothing",
)
DEAD = "signout-ends-captured-session"


@variant(
    stays_green=(NO_OTHERS, DEAD),
    never_fail_on={"so-other-user-session-ended": "200 with no effect"},
)
def a_sign_out_that_names_a_session_does_nothing() -> None:
    """Sign-out with a query is answered 200 and ends no session at all."""

    know_query: list[str] = []

    def keep(request: Request) -> None:
        know_query[:] = [request.url.query]

    def sign_out(original: Any, **named: Any) -> Any:
        return {"status": True} if know_query[0] else original(**named)

    auth.router.dependencies.append(Depends(keep))
    wrap_route(auth.router, "sign_out", sign_out)


@variant(
    stays_green=(NO_GET, DEAD),
    never_fail_on={"so-signout-by-get": "NextAuth shows a confirmation page"},
)
def sign_out_is_confirmed_on_a_page() -> None:
    """A GET for the address of sign-out shows a page that asks whether to sign out."""

    def page() -> HTMLResponse:
        return HTMLResponse('<form method="post"><button>Sign out</button></form>')

    on_app(lambda made: made.add_api_route("/api/auth/sign-out", page, methods=["GET"]))


@variant(
    stays_green=(UNBROKEN, DEAD),
    never_fail_on={"so-not-idempotent-5xx": "200, 204, 302, 400, 401, 403 all fine."},
)
def sign_out_refuses_all_but_its_own_page() -> None:
    """Sign-out is answered 401 without a session, and 400 without a body."""

    async def with_body(request: Request) -> None:
        if not await request.body():
            raise ApiError(400, "BAD_REQUEST", "There is no body")

    def sign_out(response: Response, services: UseServices, visitor: UseSignedIn) -> dict[str, Any]:
        return auth.sign_out(response, services, visitor)

    serve(auth.router, "sign_out", sign_out, with_body)

"""Defences against other sites that are right and unusual."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import Scope

from reference_backend import auth, bodies, origins
from tests.detection.faults.cross_site import skip_origin_check
from tests.detection.refresh_cookie import PATH as REFRESH
from tests.detection.refresh_cookie import PROFILE as REFRESH_COOKIE
from tests.detection.refresh_cookie import refresh_by_cookie
from tests.detection.seams import change_headers, on_app, wrap
from tests.detection.session_tasks import BY_SESSION
from tests.detection.variant_registry import variant

SIMPLE = "csrf-simple-request-changes-nothing"
AS_JSON = "csrf-json-request-changes-nothing"
FRONT_END = "csrf-front-end-is-protected"
WITHOUT_SAMESITE = "csrf-front-end-does-not-rely-on-samesite"
CSRF = (SIMPLE, AS_JSON, FRONT_END, WITHOUT_SAMESITE)
CORS = ("cors-foreign-origin-cannot-read", "cors-api-does-not-reflect-origin")
ASKS_FOR_PASSWORD = ("/api/auth/change-password", "/api/auth/delete-user")
WORK = ("tasks-work-at-the-api", "tasks-work-through-the-front-end")


@variant(
    stays_green=(*CSRF, *WORK),
    never_fail_on={"cs-foreign-origin-accepted": "Never require rejection of a MISSING Origin"},
)
def a_request_without_an_origin_is_taken() -> None:
    """A request that names no origin is taken, with a cookie too; a foreign one is refused."""

    skip_origin_check(lambda request: origins.source(request) is None)


@variant(
    stays_green=(*CSRF, *CORS, *WORK),
    never_fail_on={"cs-foreign-origin-accepted": "Bearer-only APIs (no cookie auth) are immune"},
)
def a_request_without_a_cookie_is_taken_from_anywhere() -> None:
    """Where no cookie is sent, the origin does not matter."""

    skip_origin_check(lambda request: "cookie" not in request.headers)


@variant(
    stays_green=(SIMPLE, AS_JSON, FRONT_END, *WORK),
    never_fail_on={"cs-foreign-origin-accepted": "only SameSite=Lax protects it, so it must WARN, not FAIL"},
    warns={WITHOUT_SAMESITE: "create a task with a body of type"},
)
def the_front_end_relies_on_samesite() -> None:
    """The tasks by cookie are behind no check of the origin and take any content type; the cookie is Lax."""

    def require(original: Any, request: Request, expected: str) -> None:
        if not request.url.path.startswith("/api/tasks"):
            original(request, expected)

    skip_origin_check(lambda request: request.url.path.startswith("/api/tasks"))
    wrap(bodies, "_require_type", require)


@variant(
    stays_green=(*CORS, *WORK),
    never_fail_on={"cs-cors-reflects-origin": "ACAO '*' without credentials on bearer-only JSON is legitimate"},
)
def every_site_may_read_what_needs_no_cookie() -> None:
    """The task API answers `Access-Control-Allow-Origin: *`, without credentials."""

    def change(scope: Scope, headers: MutableHeaders) -> None:
        if scope["path"].startswith("/api/tasks"):
            headers["access-control-allow-origin"] = "*"
            headers["access-control-allow-headers"] = "authorization, content-type"

    change_headers(change)


@variant(stays_green=(*CSRF, *CORS, *WORK))
def a_trusted_origin_may_read_with_credentials() -> None:
    """One named origin besides the own may read with credentials; every other gets no header."""

    def change(scope: Scope, headers: MutableHeaders) -> None:
        if (b"origin", b"https://app.example.com") in scope["headers"]:
            headers["access-control-allow-origin"] = "https://app.example.com"
            headers["access-control-allow-credentials"] = "true"
        headers["vary"] = "Origin"

    change_headers(change)


@variant(
    stays_green=(SIMPLE, AS_JSON, *WORK),
)
def a_password_that_is_asked_for_stands_in_for_the_origin() -> None:
    """What asks for the current password looks at no origin: no other site knows it."""

    skip_origin_check(lambda request: request.url.path in ASKS_FOR_PASSWORD)


@variant(
    stays_green=(SIMPLE, AS_JSON, "account-name-can-be-changed"),
    profile='[operations.update_user]\nmethod = "PATCH"\npath = "/api/profile"\n',
)
def the_preflight_protects_what_is_no_post() -> None:
    """PATCH /api/profile reads JSON of any type and checks no origin; no preflight for it is granted."""

    def require(original: Any, request: Request, expected: str) -> None:
        if request.url.path != "/api/profile":
            original(request, expected)

    skip_origin_check(lambda request: request.url.path == "/api/profile")
    wrap(bodies, "_require_type", require)
    on_app(lambda made: made.add_api_route("/api/profile", auth.update_user, methods=["PATCH"]))


@variant(stays_green=(SIMPLE, AS_JSON), profile=REFRESH_COOKIE)
def every_page_may_cause_a_refresh() -> None:
    """The refresh by a cookie looks at no origin; its answer sets the successor, which the browser keeps."""

    skip_origin_check(lambda request: request.url.path == REFRESH)
    refresh_by_cookie()


@variant(
    stays_green=(FRONT_END, "tasks-work-at-the-api"),
    never_fail_on={"cs-foreign-origin-accepted": "only SameSite=Lax protects it, so it must WARN, not FAIL"},
    warns={WITHOUT_SAMESITE: "create a task with a body of type"},
    profile=BY_SESSION,
)
def tasks_of_the_session_rely_on_samesite() -> None:
    """One application: the cookie opens the tasks, is Lax, and no origin is looked at."""
    the_front_end_relies_on_samesite()

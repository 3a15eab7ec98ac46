"""Deployments of other shapes: statuses, bodies, envelopes, ids, pages of lists, cookies, defences, algorithms."""

from __future__ import annotations

import itertools
import re
import secrets
from dataclasses import replace as altered
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from sqlalchemy.orm import Session as Database
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reference_backend import auth, cookies, errors, origins, tasks, tokens
from reference_backend.accounts import SignIn
from reference_backend.errors import ApiError
from reference_backend.identity import UseCaller, UseServices
from reference_backend.models import Task, is_id
from reference_backend.pages import UseForm
from reference_backend.tokens import Signer
from tests.detection.json_bodies import change_bodies
from tests.detection.registry import HTTPS
from tests.detection.routes import serve, session_cookie, wrap_route
from tests.detection.seams import middleware, replace, request_header, wrap
from tests.detection.variant_registry import variant

UNALTERED, ODD = "session-tampered-cookie-is-refused", "error-malformed-token-is-refused"
SHAPE = (
    *("session-names-its-owner", "signup-account-can-be-used", "signin-wrong-password-refused"),
    *("tasks-work-at-the-api", "tasks-work-through-the-front-end", "token-missing-is-refused"),
    *(ODD, "idor-task-change-is-refused", "idor-task-delete-is-refused"),
    *("isolation-list-holds-own-tasks-only", "signout-ends-captured-session", "signout-clears-the-cookie"),
    *("session-fixation-planted-cookie-is-not-adopted", UNALTERED),
    *("csrf-simple-request-changes-nothing", "signin-prevents-user-enumeration"),
)
WITHOUT_PAGE = tuple(one for one in SHAPE if one != "signout-ends-captured-session")
NO_REFRESH = "[credentials]\nrefresh = false\n[operations]\nrefresh = false\n"


# --- bodies ---


@variant(
    stays_green=SHAPE,
    profile="""
[operations.sign_in]
redirect_answer = "/data/url"
[operations.session]
identity = { id = "/data/user/id", email = "/data/user/email", name = "/data/user/name" }
outcomes.success = { status = 200, pointer = "/data/user/email", present = true }
outcomes.unauthenticated = { status = 200, pointer = "/data", present = false }
[operations.list_sessions]
items = "/data"
[credentials.token]
pointer = "/data/token"
[credentials.refresh]
pointer = "/data/refreshToken"
[tasks]
items = "/data"
item = "/data"
[proxy]
items = "/data"
item = "/data"
""",
)
def answers_are_in_an_envelope() -> None:
    """Each answer of the API is an object with `data` and `error`."""

    def enveloped(_scope: Scope, status: int, content: Any) -> tuple[int, Any]:
        failed = status >= 400
        return status, {"data": None if failed else content, "error": content if failed else None}

    change_bodies(enveloped)


_CODES = {
    "unauthenticated": ("UNAUTHORIZED", "INVALID_REFRESH_TOKEN"),
    "forbidden": ("NOT_FOUND", "INVALID_ORIGIN", "MISSING_OR_NULL_ORIGIN"),
    "missing": ("NOT_FOUND",),
    "bad_credentials": ("INVALID_EMAIL_OR_PASSWORD", "VALIDATION_ERROR"),
    "invalid": ("PASSWORD_TOO_SHORT", "USER_ALREADY_EXISTS", "VALIDATION_ERROR", "INVALID_EMAIL"),
}


def _outcome(name: str, codes: tuple[str, ...]) -> str:
    alternatives = ", ".join(f'{{ status = 200, pointer = "/code", equals = "{code}" }}' for code in codes)
    return f"{name} = [{alternatives}]\n"


@variant(
    stays_green=SHAPE,
    profile='[outcomes]\nsuccess = { status = "2xx", pointer = "/code", present = false }\n'
    + "".join(_outcome(*one) for one in _CODES.items()),
)
def every_answer_is_a_200() -> None:
    """The API answers 200 whatever happens; its body has a code where it refuses."""
    change_bodies(lambda _scope, status, content: (200 if status >= 400 else status, content))


@variant(
    stays_green=SHAPE,
    settings={"REFERENCE_SESSION_UPDATE_AGE": "0"},
    profile="[operations.session]\noutcomes.unauthenticated = { status = 401 }\n",
)
def no_session_is_a_401_and_each_answer_renews_the_cookie() -> None:
    """The session endpoint answers 401 to anonymous clients; each answer sets the cookie again for a week."""

    def get_session(original: Any, visitor: Any) -> Any:
        if visitor is None:
            raise ApiError(401, "UNAUTHORIZED", "Unauthorized")
        return original(visitor=visitor)

    wrap_route(auth.router, "get_session", get_session)


@variant(
    stays_green=tuple(one for one in SHAPE if one != UNALTERED),
    not_applicable={UNALTERED: "Sign-in returns no opaque token in its body"},
    profile=NO_REFRESH,
)
def sign_in_has_no_body() -> None:
    """Sign-up and sign-in are answered 204 with a cookie and nothing else."""

    def bare(original: Any, **named: Any) -> Response:
        original(**named)
        answer = Response(status_code=204)
        for value in named["response"].headers.getlist("set-cookie"):
            answer.headers.append("set-cookie", value)
        return answer

    for handler in ("sign_in", "sign_up"):
        wrap_route(auth.router, handler, bare)


@variant(
    stays_green=SHAPE,
    profile="""
[operations.sign_in]
path = "/api/auth/login"
form = { username = "{email}", password = "{password}" }
""",
)
def sign_in_takes_a_form() -> None:
    """Sign-in takes a form with a username, as OAuth 2.0's password grant does."""

    def login(request: Request, response: Response, services: UseServices, fields: UseForm) -> Any:
        given = SignIn(email=fields.get("username", ""), password=fields.get("password", ""), tokens=True)
        return auth.sign_in(request, response, services, given)

    auth.router.add_api_route("/login", login, methods=["POST"])


@variant(
    stays_green=(*SHAPE, "signup-leaves-existing-account-alone", "account-deletion-ends-sessions"),
    never_fail_on={"su-duplicate-email-takeover": "422/409/400"},
)
def operations_are_answered_with_other_statuses() -> None:
    """Sign-up is 201 and a taken address 409, a wrong password 403, sign-out 202 and the end of an account 202."""
    statuses = {"USER_ALREADY_EXISTS": 409, "INVALID_EMAIL_OR_PASSWORD": 403}
    for handler, status in {"sign_up": 201, "sign_out": 202, "delete_user": 202}.items():
        route = next(one for one in auth.router.routes if isinstance(one, APIRoute) and one.name == handler)
        route.status_code = status

    def answer(original: Any, error: ApiError) -> Response:
        answer: Response = original(error)
        answer.status_code = statuses.get(error.code, error.status)
        return answer

    wrap(errors, "_answer", answer)


# --- tasks ---


@variant(stays_green=SHAPE)
def ids_are_numbers_and_what_is_gone_is_a_410() -> None:
    """Tasks have numbers for ids, and a deleted one is answered 410."""
    numbers = itertools.count(1)
    ids: dict[str, str] = {}
    known: dict[str, int] = {}

    def task_json(original: Any, task: Task) -> dict[str, Any]:
        if task.id not in known:
            known[task.id] = next(numbers)
            ids[str(known[task.id])] = task.id
        told: dict[str, Any] = original(task)
        return told | {"id": known[task.id]}

    def find(original: Any, db: Database, user_id: str, task_id: str, **named: Any) -> Task:
        wanted = ids.get(task_id, task_id)
        if is_id(wanted) and task_id in ids and db.get(Task, wanted) is None:
            raise ApiError(410, "GONE", "Gone")
        return original(db, user_id, wanted, **named)  # type: ignore[no-any-return]

    wrap(tasks, "task_json", task_json)
    wrap(tasks, "find", find)


@variant(
    stays_green=SHAPE,
    profile='[tasks]\nitems = "/items"\nnext = "/next"\n[proxy]\nitems = "/items"\nnext = "/next"\n',
)
def lists_have_pages_of_two() -> None:
    """A list has two items and the address of the next page, or null."""

    def list_tasks(services: UseServices, caller: UseCaller, after: int = 0) -> dict[str, Any]:
        with services.database.begin() as db:
            rows = list(db.scalars(tasks.owned_by(caller.id).limit(3).offset(after)))
        following = f"/api/tasks?after={after + 2}" if len(rows) > 2 else None
        return {"items": [tasks.task_json(row) for row in rows[:2]], "next": following}

    serve(tasks.router, "list_tasks", list_tasks)


# --- credentials ---


@variant(
    stays_green=(*SHAPE, "cookie-session-is-secure", "cookie-session-is-http-only", "csrf-front-end-is-protected"),
    settings=HTTPS,
    profile='[credentials.session]\ncookie = "sid"\n',
)
def the_cookie_has_a_prefix_and_is_strict() -> None:
    """Over TLS the cookie is called __Secure-sid, is for a domain, and SameSite=Strict."""
    replace(cookies, "name", lambda _settings: "__Secure-sid")
    session_cookie(samesite="strict", domain="127.0.0.1")


@variant(
    stays_green=tuple(one for one in SHAPE if one != ODD),
    not_applicable={ODD: "travels in no header with a scheme"},
    profile='[credentials.token]\nheader = "X-Auth-Token"\nscheme = ""\n',
)
def tokens_travel_in_a_header_of_their_own() -> None:
    """The API takes the token in X-Auth-Token, without a scheme."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        renamed = {b"x-auth-token": b"authorization"}
        headers = [
            (renamed[name], b"Bearer " + value) if name in renamed else (name, value)
            for name, value in scope["headers"]
            if name != b"authorization"
        ]
        await inner({**scope, "headers": headers}, receive, send)

    middleware(handle)


@variant(stays_green=(*SHAPE, "token-signature-is-verified", "expiry-expired-token-is-refused"))
def tokens_are_signed_with_hs512() -> None:
    """Tokens are signed with the shared secret by HS512."""

    def signer(original: Any, *arguments: Any) -> Signer:
        given: Signer = original(*arguments)
        return altered(given, algorithm="HS512")

    wrap(tokens, "signer", signer)


# --- defences ---

_XSRF = "XSRF-TOKEN"


@variant(
    stays_green=(*WITHOUT_PAGE, "csrf-front-end-is-protected", "csrf-json-request-changes-nothing"),
    profile="""
pages = false
[csrf]
kind = "cookie to header"
cookie = "XSRF-TOKEN"
header = "X-XSRF-TOKEN"
fetch = "/api/auth/ok"
""",
)
def a_header_repeats_a_cookie() -> None:
    """No origin is looked at; each change repeats the value of a cookie in a header, sign-in too."""
    replace(origins, "check", lambda *_: None)

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        found = re.search(rf"{_XSRF}=([\w-]+)", request_header(scope, "cookie") or "")
        by_token = "authorization" in {name.decode() for name, _ in scope["headers"]}
        changes = scope["method"] not in origins.SAFE_METHODS and not by_token
        if changes and (found is None or request_header(scope, "x-xsrf-token") != found[1]):
            refusal = {"code": "INVALID_CSRF_TOKEN", "message": "Invalid CSRF token"}
            await JSONResponse(refusal, 403)(scope, receive, send)
            return

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and found is None:
                value = f"{_XSRF}={secrets.token_urlsafe(16)}; Path=/; SameSite=Lax".encode()
                message = {**message, "headers": [*message["headers"], (b"set-cookie", value)]}
            await send(message)

        await inner(scope, receive, with_cookie)

    middleware(handle)


@variant(stays_green=SHAPE)
def refusals_are_html_pages() -> None:
    """Whatever stands in front answers each refusal with a page of HTML."""

    def answer(error: ApiError) -> Response:
        page = f"<!doctype html><title>{error.status}</title><h1>{error.message}</h1>"
        return Response(page, error.status, error.extra, "text/html")

    replace(errors, "_answer", answer)

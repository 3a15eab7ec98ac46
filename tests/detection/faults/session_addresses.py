"""Sessions that are taken from an address, or put into one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote, unquote

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from reference_backend import auth, cookies, pages
from tests.detection.registry import fault
from tests.detection.routes import wrap_route
from tests.detection.seams import change_headers, middleware, wrap

IN_ADDRESS = "se-session-id-in-url"
REFUSED = "session-in-address-is-refused"
NOWHERE = "session-is-in-no-address"
COOKIE = "auth.session_token"


def taking(found: Callable[[Scope], str | None]) -> None:
    """Take what ``found`` finds in a request without cookies for the session cookie."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        value = found(scope)
        if value is not None and not any(name == b"cookie" for name, _ in scope["headers"]):
            cookie = (b"cookie", f"{COOKIE}={value}".encode("latin-1"))
            path = scope["path"].partition(";")[0]
            scope = {**scope, "path": path, "raw_path": path.encode(), "headers": [*scope["headers"], cookie]}
        await inner(scope, receive, send)

    middleware(handle)


def parameter(scope: Scope, name: str) -> str | None:
    """The value of a parameter of the query."""
    return next(iter(parse_qs(scope["query_string"].decode("latin-1")).get(name, [])), None)


def in_query(name: str) -> None:
    """Take the session from that parameter of the query."""
    taking(lambda scope: parameter(scope, name))


@fault(
    defect=IN_ADDRESS,
    caught_by=REFUSED,
    says="Ann's session in the address, as session, without any cookie, at the session endpoint is refused",
)
def a_link_for_downloads_carries_the_session() -> None:
    """?session= is taken where there is no cookie."""
    in_query("session")


@fault(
    defect=IN_ADDRESS, caught_by=REFUSED, says="session in the address, as sessionid, without any cookie, at the"
)
def the_session_id_is_taken_from_the_query() -> None:
    """A framework's setting lets clients without cookies keep the session in ?sessionid=."""
    in_query("sessionid")


@fault(
    defect=IN_ADDRESS,
    caught_by=REFUSED,
    says="session in the address, under the name of its cookie, without any cookie, at the",
)
def parameters_are_as_good_as_cookies() -> None:
    """Cookies and parameters are read as one, as some languages' $_REQUEST."""
    in_query(COOKIE)


@fault(
    defect=IN_ADDRESS, caught_by=REFUSED, says="session in the address, as ;jsessionid, without any cookie, at the"
)
def the_path_carries_the_session() -> None:
    """URL rewriting is on, so that the session is taken from the end of the path."""

    def found(scope: Scope) -> str | None:
        in_path = re.search(r";jsessionid=([^/?;]+)", scope["raw_path"].decode("latin-1"))
        return unquote(in_path[1]) if in_path else None

    taking(found)


@fault(
    defect=IN_ADDRESS,
    caught_by=REFUSED,
    says="session in the address, as token, without any cookie, at the task list is refused",
)
def a_token_without_its_signature_is_taken_for_tasks() -> None:
    """?token= is the session's token, which the database knows, and it opens the tasks."""

    def read(original: Any, request: Request, settings: Any) -> str | None:
        token = request.query_params.get("token") if request.url.path.startswith("/api/tasks") else None
        return token or original(request, settings)

    wrap(cookies, "read", read)


# --- put into an address ---


def set_session(headers: MutableHeaders) -> str | None:
    """The value of the session cookie that an answer sets."""
    found = re.search(rf"{COOKIE}=([^;]+)", headers.get("set-cookie", ""))
    return found[1] if found else None


@fault(
    defect=IN_ADDRESS,
    caught_by=NOWHERE,
    says="no address holds the session of Ann's laptop; but the header Location in the answer of POST",
)
def sign_in_leads_to_an_address_with_the_session() -> None:
    """For clients without cookies sign-in adds the session to the address of the first page."""

    def change(scope: Scope, headers: MutableHeaders) -> None:
        session = set_session(headers)
        if scope["path"].startswith("/api/auth/sign-in") and session:
            headers["Location"] = f"/tasks?sid={quote(session, safe='')}"

    change_headers(change)


@fault(
    defect=IN_ADDRESS,
    caught_by=NOWHERE,
    says="no address holds the refresh token of Ann's laptop; but an address in the answer of POST",
)
def sign_in_answers_with_an_address_for_the_app() -> None:
    """The answer has a link that opens the app, signed in by the refresh token."""

    def sign_in(original: Any, *arguments: Any, **named: Any) -> Any:
        answer = original(*arguments, **named)
        return {**answer, "openIn": f"https://app.example/open?with={answer.get('refreshToken')}"}

    wrap_route(auth.router, "sign_in", sign_in)


@fault(
    defect=IN_ADDRESS,
    caught_by=NOWHERE,
    says=r"no address holds the session of Ann's laptop; but a link \(href\) in the answer of GET /tasks has it",
)
def a_page_links_to_a_download_with_the_session() -> None:
    """The page's link to a download carries the session's token, since the file is served by another host."""
    linked(lambda request: cookies.read(request, request.app.state.settings) or "")


def linked(value: Callable[[Request], str]) -> None:
    """Put a link into each page, with that in its query."""

    def page(original: Any, request: Request, response: Response, *rest: Any, **named: Any) -> Response:
        answer: Response = original(request, response, *rest, **named)
        link = f'<a href="export?key={value(request)}">Export</a></body>'.encode()
        answer.body = bytes(answer.body).replace(b"</body>", link)
        answer.headers["content-length"] = str(len(answer.body))
        return answer

    wrap(pages, "_page", page)

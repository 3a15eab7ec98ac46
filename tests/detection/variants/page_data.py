"""Protected pages whose data, addresses and redirects are right in another way."""

from __future__ import annotations

from fastapi import Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from reference_backend import pages
from reference_backend.identity import Services
from tests.detection.faults.page_data import BY_ADDRESS, BY_HEADER, HOST, NO_REDIRECT, TEMPORARY, answer_api
from tests.detection.seams import know_the_request, middleware, replace, request_header, scope
from tests.detection.strangers import answer_strangers, guests_page
from tests.detection.variant_registry import variant


def is_for_data(request: Request) -> bool:
    """Whether a header asks for data, or in advance."""
    return any(name in request.headers for name in ("purpose", "sec-purpose", "rsc", "x-nextjs-data", "x-purpose"))


@variant(
    stays_green=BY_HEADER,
    never_fail_on={"pr-prefetch-header-bypass": "200 with an empty prefetch answer, {} or a shell."},
)
def a_prefetch_gets_an_empty_answer() -> None:
    """A request for data or in advance gets {} without a session."""
    answer_strangers(lambda request, *_: JSONResponse({}) if is_for_data(request) else None)


@variant(
    stays_green=BY_HEADER,
    never_fail_on={"pr-prefetch-header-bypass": "200 with an empty prefetch answer, {} or a shell."},
)
def a_prefetch_gets_the_frame_of_the_page() -> None:
    """A request for data or in advance gets the page's frame without a session, and nothing of anybody's."""

    def frame(request: Request, response: Response, services: Services) -> Response | None:
        return guests_page(request, response, services) if is_for_data(request) else None

    answer_strangers(frame)


def answer_address(fits: object, answer: Response) -> None:
    """Have the paths that fit answered so."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        await (answer if fits(scope) else inner)(scope, receive, send)  # type: ignore[operator]

    middleware(handle)


@variant(
    stays_green=(BY_HEADER, BY_ADDRESS),
    never_fail_on={
        "pr-transport-variant-bypass": "TRAP: Next 16 answers RSC requests 307 to the same path with ?_rsc=<hash>"
    },
)
def a_fragment_is_redirected_to_its_hash() -> None:
    """A request for a fragment is sent to the same path with a parameter for caches."""

    def fits(scope: Scope) -> bool:
        return request_header(scope, "rsc") is not None and not scope["query_string"]

    answer_address(fits, RedirectResponse("/tasks?_rsc=3f9c1", 307))


@variant(
    stays_green=BY_ADDRESS,
    never_fail_on={"pr-data-route-unguarded": "404, 308, a shell without private content"},
)
def another_address_gets_a_page_for_everyone() -> None:
    """Every address that is unknown gets the front page's frame with 200."""

    def fits(scope: Scope) -> bool:
        return scope["path"] not in ("/", "/tasks", "/signin", "/signup") and not scope["path"].startswith("/api/")

    answer_address(fits, JSONResponse({"tasks": [], "user": None}))


@variant(
    stays_green=HOST,
    never_fail_on={"pr-redirect-host-from-header": "bare dev servers reflect Host by design"},
)
def the_redirect_has_the_host_that_was_asked() -> None:
    """The redirect to sign-in is absolute, with the host of the request."""

    def to_sign_in(response: Response) -> Response:
        return pages._go(response, f"http://{request_header(scope(), 'host')}/signin")

    know_the_request()
    replace(pages, "_to_sign_in", to_sign_in)


@variant(
    stays_green=(TEMPORARY, "page-redirects-to-signin"),
    never_fail_on={"pr-permanent-redirect": "308 for trailing-slash or '//' normalisation is fine"},
)
def the_page_s_path_is_normalised_for_good() -> None:
    """The page is at /tasks/, whither /tasks is redirected with 308."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if scope["path"] == "/tasks":
            await RedirectResponse("/tasks/", 308)(scope, receive, send)
        elif scope["path"] == "/tasks/":
            await inner({**scope, "path": "/tasks", "raw_path": b"/tasks"}, receive, send)
        else:
            await inner(scope, receive, send)

    middleware(handle)


@variant(stays_green=TEMPORARY)
def the_redirect_to_sign_in_is_permanent_and_stored_nowhere() -> None:
    """The guard redirects to sign-in with 308 and no-store."""

    def to_sign_in(_response: Response) -> Response:
        return RedirectResponse("/signin", 308, {"Cache-Control": "no-store"})

    replace(pages, "_to_sign_in", to_sign_in)


@variant(stays_green=NO_REDIRECT, never_fail_on={"pr-api-redirects-to-login": "401 JSON."})
def the_api_names_its_sign_in_page() -> None:
    """The task API answers 401 with JSON that says where users sign in."""
    answer_api(JSONResponse({"error": "sign in first", "url": "/signin"}, 401, {"Location": "/signin"}))

"""Guards that a prefetch, a request for data or another address of a page gets past."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from reference_backend import pages
from tests.detection.faults.protected_pages import LEAK, open_when
from tests.detection.registry import fault
from tests.detection.seams import edit_template, know_the_request, middleware, replace, request_header, scope

BY_HEADER = "page-guard-covers-data-requests"
BY_ADDRESS = "page-guard-covers-every-address"
PREFETCH = "pr-prefetch-header-bypass"
TRANSPORT = "pr-transport-variant-bypass"
DATA_ROUTE = "pr-data-route-unguarded"

_OPEN = "x-planted-open"
BUILD = '<script type="application/json">{"buildId":"b-7f3a"}</script>'
BUILD_ADDRESS = "/_next/data/b-7f3a/tasks.json"
HEADERS: dict[str, tuple[str, str, Callable[[str], bool]]] = {
    "a-purpose-of-prefetch-skips-the-guard": (PREFETCH, "Purpose", lambda value: value == "prefetch"),
    "a-preview-skips-the-guard": (PREFETCH, "X-Purpose", lambda value: value == "preview"),
    "a-prerender-skips-the-guard": (PREFETCH, "Sec-Purpose", lambda value: "prerender" in value),
    "an-old-prefetch-skips-the-guard": (PREFETCH, "X-Moz", lambda value: value == "prefetch"),
    "a-prefetch-of-the-middleware-skips-the-guard": (PREFETCH, "x-middleware-prefetch", bool),
    "a-request-for-a-page-s-data-skips-the-guard": (TRANSPORT, "x-nextjs-data", bool),
    "a-fragment-alone-skips-the-guard": (TRANSPORT, "RSC", lambda value: value == "1"),
    "a-prefetch-of-a-fragment-skips-the-guard": (TRANSPORT, "Next-Router-Prefetch", bool),
    "a-segment-skips-the-guard": (TRANSPORT, "Next-Router-Segment-Prefetch", bool),
    "an-invoked-path-skips-the-guard": (PREFETCH, "x-invoke-path", bool),
    "a-matched-path-skips-the-guard": (PREFETCH, "x-matched-path", bool),
    "route-matches-skip-the-guard": (PREFETCH, "x-now-route-matches", bool),
    "a-method-that-is-overridden-skips-the-guard": (PREFETCH, "X-HTTP-Method-Override", bool),
    "a-part-of-a-page-skips-the-guard": (PREFETCH, "HX-Request", bool),
}
"""Faults by name: the defect, and the header with values that turn the guard off."""

ADDRESSES: dict[str, tuple[str, str, str]] = {
    "the-data-route-is-not-guarded": (DATA_ROUTE, r"/_next/data/b-7f3a/\w+\.json", BUILD_ADDRESS),
    "the-page-as-a-fragment-file-is-not-guarded": (TRANSPORT, r"/tasks\.rsc", "/tasks.rsc"),
    "the-page-as-a-text-file-is-not-guarded": (DATA_ROUTE, r"/tasks\.txt", "/tasks.txt"),
    "the-page-with-a-suffix-is-not-guarded": (DATA_ROUTE, r"/tasks\.json", "/tasks.json"),
    "the-page-s-index-is-not-guarded": (DATA_ROUTE, "/tasks/index.html", "/tasks/index.html"),
    "the-page-with-a-parameter-for-caches-is-not-guarded": (TRANSPORT, r"/tasks\?_rsc=1", "/tasks?_rsc=1"),
    "the-page-in-a-language-is-not-guarded": (DATA_ROUTE, "/en/tasks", "/en/tasks"),
    "the-page-behind-two-slashes-is-not-guarded": (DATA_ROUTE, "//tasks", "//tasks"),
    "the-page-in-capitals-is-not-guarded": (DATA_ROUTE, "/TASKS", "/TASKS"),
    "the-page-with-an-encoded-letter-is-not-guarded": (DATA_ROUTE, "/%74asks", "/%74asks"),
    "the-page-behind-dots-is-not-guarded": (DATA_ROUTE, r"/x/\.\./tasks", "/x/../tasks"),
    "the-page-with-a-path-parameter-is-not-guarded": (DATA_ROUTE, "/tasks;x=1", "/tasks;x=1"),
}
"""Faults by name: the defect, the address as a pattern, and the address at which the page is served."""


def open_by_header(name: str, opens: Callable[[str], bool]) -> Callable[[], None]:
    """A guard that is off where the header says so."""

    def plant() -> None:
        open_when(lambda request: opens(request.headers.get(name, "")))

    return plant


def open_at(address: str) -> Callable[[], None]:
    """A page that is served at another address, past the guard."""

    def plant() -> None:
        async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
            query = scope["query_string"].decode()
            asked = scope["raw_path"].decode().partition("?")[0] + (f"?{query}" if query else "")
            if asked == address:
                headers = [*scope["headers"], (_OPEN.encode(), b"1")]
                scope = {**scope, "path": pages.HOME, "raw_path": pages.HOME.encode(), "headers": headers}
            await inner(scope, receive, send)

        edit_template("signin.html", "<section", f"{BUILD}<section")
        open_when(lambda request: _OPEN in request.headers)
        middleware(handle)

    return plant


def _add(name: str, defect: str, caught_by: str, summary: str, says: str, plant: Callable[[], None]) -> None:
    plant.__name__, plant.__doc__, plant.__module__ = name.replace("-", "_"), summary, __name__
    # The backend's process finds a fault by its name.
    globals()[plant.__name__] = fault(defect=defect, caught_by=caught_by, says=says)(plant)


for _name, (_defect, _header, _opens) in HEADERS.items():
    _says = f"requesting /tasks with {_header}: .*{LEAK}"
    _add(_name, _defect, BY_HEADER, f"{_header} turns the guard off.", _says, open_by_header(_header, _opens))
for _name, (_defect, _pattern, _address) in ADDRESSES.items():
    _says = f"requesting {_pattern} is refused; .*{LEAK}"
    _add(_name, _defect, BY_ADDRESS, f"The page is served unguarded at {_address}.", _says, open_at(_address))


# --- the redirect to sign-in ---

HOST = "page-redirect-ignores-forwarded-host"
TEMPORARY = "page-redirect-is-temporary"
NO_REDIRECT = "api-refusal-is-an-error"


def redirect_by(header: str, read: Callable[[str], str] = str) -> None:
    """Build the redirect to sign-in from that header."""

    def to_sign_in(response: Response) -> Response:
        named = read(request_header(scope(), header) or "")
        return pages._go(response, f"http://{named}/signin" if named else "/signin")

    know_the_request()
    replace(pages, "_to_sign_in", to_sign_in)


@fault(
    defect="pr-redirect-host-from-header", level="should", caught_by=HOST, says='X-Forwarded-Host.*"http://evil'
)
def the_forwarded_host_is_redirected_to() -> None:
    """The redirect to sign-in names the host of X-Forwarded-Host."""
    redirect_by("x-forwarded-host")


@fault(defect="pr-redirect-host-from-header", level="should", caught_by=HOST, says=' Forwarded: .*"http://evil')
def the_host_that_was_forwarded_is_redirected_to() -> None:
    """The redirect to sign-in names the host of Forwarded."""
    redirect_by("forwarded", lambda value: value.partition("host=")[2].partition(";")[0])


@fault(
    defect="pr-redirect-host-from-header", level="should", caught_by=HOST, says='X-Original-Host: .*"http://evil'
)
def the_original_host_is_redirected_to() -> None:
    """The redirect to sign-in names the host of X-Original-Host."""
    redirect_by("x-original-host")


def redirect_with(status: int) -> None:
    """Redirect to sign-in with that status, and without Cache-Control."""

    def to_sign_in(_response: Response) -> Response:
        redirect = RedirectResponse(f"/signin?callbackURL={quote(pages.HOME, safe='')}", status)
        redirect.headers["Cache-Control"] = "public"
        return redirect

    replace(pages, "_to_sign_in", to_sign_in)


@fault(defect="pr-permanent-redirect", level="should", caught_by=TEMPORARY, says="it was 308, which browsers keep")
def the_redirect_to_sign_in_is_permanent() -> None:
    """The guard redirects to sign-in with 308."""
    redirect_with(308)


@fault(defect="pr-permanent-redirect", level="should", caught_by=TEMPORARY, says="it was 301, which browsers keep")
def the_redirect_to_sign_in_is_for_good() -> None:
    """The guard redirects to sign-in with 301."""
    redirect_with(301)


def answer_api(answer: Response) -> None:
    """Answer requests of the task API without a credential so."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        request = Request(scope)
        anonymous = not {"authorization", "cookie"} & set(request.headers.keys())
        is_api = scope["path"].startswith("/api/tasks")
        await (answer if is_api and anonymous else inner)(scope, receive, send)

    middleware(handle)


@fault(defect="pr-api-redirects-to-login", level="should", caught_by=NO_REDIRECT, says="it was answered 303")
def the_api_redirects_to_sign_in() -> None:
    """The task API sends an anonymous client to the sign-in page."""
    answer_api(RedirectResponse("/signin", 303))


@fault(defect="pr-api-redirects-to-login", level="should", caught_by=NO_REDIRECT, says="it was answered 200")
def the_api_answers_with_the_sign_in_page() -> None:
    """The task API answers an anonymous client with the sign-in page."""
    answer_api(HTMLResponse("<form><input type=password></form>"))

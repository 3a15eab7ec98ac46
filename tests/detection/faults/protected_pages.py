"""Protected pages that open for anonymous clients, and redirects that leak them."""

from collections.abc import Callable

from fastapi import HTTPException, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import or_, select

from reference_backend import cookies, identity, pages
from reference_backend.identity import Services, UseServices, UseVisitor, Visitor
from reference_backend.models import Session, Task, User
from tests.detection import careless
from tests.detection.registry import fault
from tests.detection.routes import serve
from tests.detection.strangers import answer_strangers, everybodys_page, guests_page

STRANGERS = "page-requires-authentication"
BY_POST = "page-guard-covers-every-method"
NOTHING = "page-refusal-leaks-nothing"
REAL = "page-forged-session-is-refused"
HEADERS = "page-guard-ignores-internal-headers"
LEAK = "the owner's private text"
LET_IN = r"it was let in \(200, .*\), where an anonymous client's plain request was sent to /signin"


def page_of(user: User, request: Request, response: Response, services: Services) -> Response:
    """The page as that person sees it."""
    visitor = Visitor(user, Session(user_id=user.id))
    return pages.tasks_page(request, response, services, visitor)


def open_when(lets_through: Callable[[Request], bool]) -> None:
    """Let strangers see the page where ``lets_through`` says so."""
    answer_strangers(
        lambda request, response, services: (
            everybodys_page(request, response, services) if lets_through(request) else None
        )
    )


# --- no guard, or not everywhere ---


@fault(defect="pr-page-unguarded", caught_by=STRANGERS, says=f"opening /tasks .*{LEAK}")
def the_page_is_not_guarded() -> None:
    """GET /tasks renders for every client, with what is in the database."""
    open_when(lambda _: True)


@fault(
    defect="pr-page-unguarded", caught_by=STRANGERS, says=rf"opening /tasks/ \(with a trailing slash\) .*{LEAK}"
)
def the_page_is_not_guarded_under_its_other_spelling() -> None:
    """The guard's list of paths knows /tasks and not /tasks/, which serves the same page."""

    def slashed(request: Request, response: Response, services: UseServices) -> Response:
        return everybodys_page(request, response, services)

    pages.router.add_api_route("/tasks/", slashed)


@fault(defect="pr-page-unguarded", caught_by=STRANGERS, says=f"opening /tasks .*{LEAK}")
def the_page_is_cached_for_everybody() -> None:
    """The rendered page is cached by its path, whichever user it was rendered for."""
    kept: dict[str, bytes] = {}

    def tasks_page(request: Request, response: Response, services: UseServices, visitor: UseVisitor) -> Response:
        if visitor:
            page = pages.tasks_page(request, response, services, visitor)
            kept[request.url.path] = bytes(page.body)
            return page
        body = kept.get(request.url.path)
        return Response(body, media_type="text/html") if body else pages._to_sign_in(response)

    serve(pages.router, "tasks_page", tasks_page, identity.trusted_origin)


@fault(defect="pr-page-unguarded", caught_by="page-redirects-to-signin", says="404", level="should")
def strangers_find_no_page() -> None:
    """The guard answers 404 and shows no way to sign in."""

    def not_found(_request: Request, _response: Response, _services: Services) -> Response:
        raise HTTPException(404)

    answer_strangers(not_found)


# --- a guard that is off, and a page that shows a guest nothing ---


def greet_when(lets_through: Callable[[Request], bool]) -> None:
    """Let strangers see an empty page where ``lets_through`` says so."""
    answer_strangers(
        lambda request, response, services: (
            guests_page(request, response, services) if lets_through(request) else None
        )
    )


@fault(defect="pr-page-unguarded", caught_by=STRANGERS, says=rf"opening /tasks/ \(with a .*{LET_IN}")
def a_guest_gets_an_empty_page_under_its_other_spelling() -> None:
    """The guard's list of paths knows /tasks and not /tasks/, which serves the page's frame."""

    def slashed(request: Request, response: Response, services: UseServices) -> Response:
        return guests_page(request, response, services)

    pages.router.add_api_route("/tasks/", slashed)


@fault(defect="pr-page-unguarded", caught_by=BY_POST, says=rf"an anonymous client's POST /tasks is .*{LET_IN}")
def a_guest_gets_an_empty_page_by_post() -> None:
    """The guard covers GET, and the handler of forms renders the page for nobody."""

    def form(request: Request, response: Response, services: UseServices, visitor: UseVisitor) -> Response:
        if visitor is None:
            return guests_page(request, response, services)
        return pages._go(response, pages.HOME)

    serve(pages.router, "change_tasks", form, identity.trusted_origin)


@fault(defect="pr-redirect-body-leaks", caught_by=NOTHING, says=rf"\(Accept: application/json\) .*{LET_IN}")
def a_guest_gets_the_data_of_an_empty_page() -> None:
    """A client that accepts JSON gets past the guard, and an empty list."""

    def data(request: Request, _response: Response, _services: Services) -> Response | None:
        wants_json = "application/json" in ", ".join(request.headers.getlist("accept"))
        return JSONResponse({"tasks": [], "total": 0}) if wants_json else None

    answer_strangers(data)


@fault(
    defect="pr-cookie-presence-only", caught_by=REAL, says=f"session cookie that is (made up|altered) .*{LET_IN}"
)
def a_guest_with_a_cookie_gets_an_empty_page() -> None:
    """The guard looks whether there is a cookie, and the page finds no tasks of its owner."""

    def answer(request: Request, response: Response, services: Services) -> Response | None:
        there = cookies.presented(request, services.settings)
        return guests_page(request, response, services) if there else None

    answer_strangers(answer)


@fault(defect="pr-internal-header-bypass", caught_by=HEADERS, says=f"with x-middleware-subrequest: .*{LET_IN}")
def a_guest_with_an_internal_header_gets_an_empty_page() -> None:
    """A framework's internal headers turn the guard off, and the page finds no tasks for nobody."""
    greet_when(lambda request: any(name.startswith("x-middleware-") for name in request.headers))


@fault(
    defect="pr-internal-header-bypass", caught_by=HEADERS, says=f"opening /signin with X-Original-URL: .*{LET_IN}"
)
def a_guest_gets_an_empty_page_by_the_original_url() -> None:
    """A public path is let through the guard, and the page in X-Original-URL is what is served."""
    rewrite("x-original-url", guests_page)


# --- the redirect carries the page ---


def redirect(page: Response) -> Response:
    """The same answer as a redirect to sign-in."""
    page.status_code = 303
    page.headers["location"] = "/signin"
    return page


@fault(defect="pr-redirect-body-leaks", caught_by=(NOTHING, STRANGERS), says=rf"\(303\) carried {LEAK}")
def the_redirect_carries_the_page() -> None:
    """The page is rendered first and the redirect set on it afterwards."""
    answer_strangers(lambda request, response, services: redirect(everybodys_page(request, response, services)))


@fault(defect="pr-redirect-body-leaks", caught_by=NOTHING, says=rf"\(303\) carried {LEAK}")
def the_redirect_carries_the_page_in_a_header() -> None:
    """The state for the page, built before the guard, goes into a header of every response."""

    def state(_request: Request, response: Response, services: Services) -> Response:
        away = pages._to_sign_in(response)
        with services.database.begin() as db:
            away.headers["x-initial-state"] = "; ".join(db.scalars(select(Task.title)))
        return away

    answer_strangers(state)


@fault(defect="pr-redirect-body-leaks", caught_by=NOTHING, says=rf"\(Accept: .*\) is refused; .*{LEAK}")
def the_page_as_json_is_not_guarded() -> None:
    """A client that accepts JSON gets the page's data; only the HTML is guarded."""

    def data(request: Request, _response: Response, services: Services) -> Response | None:
        wants_json = "application/json" in ", ".join(request.headers.getlist("accept"))
        return JSONResponse(careless.list_tasks(services)) if wants_json else None

    answer_strangers(data)


@fault(defect="pr-redirect-body-leaks", caught_by=NOTHING, says=rf"\(RSC: 1 and .*\) is refused; .*{LEAK}")
def the_page_as_a_fragment_is_not_guarded() -> None:
    """The fragments that client-side navigation fetches (RSC: 1) skip the guard."""
    open_when(lambda request: request.headers.get("rsc") == "1")


@fault(defect="pr-redirect-body-leaks", caught_by=NOTHING, says=rf"\(RSC: 1 and .*\) is refused; .*{LEAK}")
def script_requests_are_not_guarded() -> None:
    """The guard redirects page views only; an XMLHttpRequest is assumed to have a guard of its own."""
    open_when(lambda request: request.headers.get("x-requested-with") == "XMLHttpRequest")


# --- a cookie, and no session ---


@fault(defect="pr-cookie-presence-only", caught_by=REAL, says=f"session cookie that is (made up|altered) .*{LEAK}")
def the_guard_only_looks_for_the_cookie() -> None:
    """`if (!cookies.has("session")) redirect()`: whatever the cookie's value is."""

    def answer(request: Request, response: Response, services: Services) -> Response | None:
        there = cookies.presented(request, services.settings)
        return everybodys_page(request, response, services) if there else None

    answer_strangers(answer)


@fault(defect="pr-cookie-presence-only", caught_by=REAL, says=f"cookie that is made up, under every name .*{LEAK}")
def the_guard_takes_an_old_cookie_too() -> None:
    """The name before the last migration, sessionid, still counts as signed in."""
    open_when(lambda request: "sessionid" in request.cookies)


@fault(defect="pr-cookie-presence-only", caught_by=REAL, says=f"session cookie that is altered .*{LEAK}")
def the_guard_only_looks_at_the_cookie_s_form() -> None:
    """The cookie's parts have the right lengths, so the page accepts the session."""

    def answer(request: Request, response: Response, services: Services) -> Response | None:
        values = cookies.presented(request, services.settings)
        formed = any([len(part) for part in value.split(".")] == [43, 43] for value in values)
        return everybodys_page(request, response, services) if formed else None

    answer_strangers(answer)


@fault(
    defect="pr-cookie-presence-only",
    caught_by="page-signed-out-session-is-refused",
    says=f"captured session at the protected page is refused; .*{LEAK}",
)
def the_page_remembers_sessions_that_are_over() -> None:
    """The page keeps a cache of sessions that signing out does not clear."""
    known: dict[str, Visitor] = {}

    def tasks_page(request: Request, response: Response, services: UseServices, visitor: UseVisitor) -> Response:
        token = cookies.read(request, services.settings) or ""
        if visitor:
            known[token] = visitor
        return pages.tasks_page(request, response, services, known.get(token))

    serve(pages.router, "tasks_page", tasks_page, identity.trusted_origin)


# --- headers that only servers send each other ---


def subrequests(request: Request) -> list[str]:
    """The guards that a framework's subrequest says it has passed."""
    return request.headers.get("x-middleware-subrequest", "").split(":")


@fault(defect="pr-internal-header-bypass", caught_by=HEADERS, says=f"x-middleware-subrequest: middleware .*{LEAK}")
def a_subrequest_skips_the_guard() -> None:
    """The header that marks a framework's own subrequests is trusted from outside."""
    open_when(lambda request: request.headers.get("x-middleware-subrequest") == "middleware")


@fault(defect="pr-internal-header-bypass", caught_by=HEADERS, says=f"subrequest: src/middleware .*{LEAK}")
def a_subrequest_of_the_source_folder_skips_the_guard() -> None:
    """The same where the guard's file lies in src/."""
    open_when(lambda request: subrequests(request) == ["src/middleware"])


@fault(defect="pr-internal-header-bypass", caught_by=HEADERS, says=f"subrequest: pages/_middleware .*{LEAK}")
def a_subrequest_of_the_pages_folder_skips_the_guard() -> None:
    """The same in older releases, where the guard is pages/_middleware."""
    open_when(lambda request: request.headers.get("x-middleware-subrequest") == "pages/_middleware")


@fault(
    defect="pr-internal-header-bypass",
    caught_by=HEADERS,
    says=f"subrequest: middleware:middleware:middleware:middleware:middleware .*{LEAK}",
)
def a_subrequest_five_levels_deep_skips_the_guard() -> None:
    """A protection against endless recursion: at the fifth level the guard is not run again."""
    open_when(
        lambda request: request.headers.get("x-middleware-subrequest", "").split(":").count("middleware") >= 5
    )


@fault(
    defect="pr-internal-header-bypass",
    caught_by=HEADERS,
    says=f"subrequest: src/middleware:src/middleware:.* is refused; .*{LEAK}",
)
def a_subrequest_four_levels_deep_skips_the_guard() -> None:
    """The same for a guard in src/, counted from four levels on."""
    open_when(lambda request: subrequests(request).count("src/middleware") >= 4)


@fault(defect="pr-internal-header-bypass", caught_by=HEADERS, says=f"x-middleware-next: 1 .*{LEAK}")
def a_guard_that_seems_to_have_run_is_not_run() -> None:
    """The guard's note to the page that access is granted is read from the request."""
    open_when(lambda request: request.headers.get("x-middleware-next") == "1")


@fault(defect="pr-internal-header-bypass", caught_by=HEADERS, says=f"x-middleware-rewrite: .*{LEAK}")
def a_rewritten_path_is_not_guarded() -> None:
    """A request that seems to have been rewritten inside the framework is not guarded again."""
    open_when(lambda request: "x-middleware-rewrite" in request.headers)


def rewrite(header: str, page: Callable[[Request, Response, Services], Response] = everybodys_page) -> None:
    """Guard the path of the request, and then serve the one in the header."""

    def sign_in_page(request: Request, response: Response, services: UseServices, visitor: UseVisitor) -> Response:
        if request.headers.get(header) == pages.HOME:
            return page(request, response, services)
        return pages.sign_in_page(request, response, services, visitor)

    serve(pages.router, "sign_in_page", sign_in_page, identity.trusted_origin)


@fault(defect="pr-internal-header-bypass", caught_by=HEADERS, says=f"X-Original-URL: /tasks .*{LEAK}")
def the_original_url_is_served() -> None:
    """A public path is let through the guard, and the page in X-Original-URL is what is served."""
    rewrite("x-original-url")


@fault(defect="pr-internal-header-bypass", caught_by=HEADERS, says=f"X-Rewrite-URL: /tasks .*{LEAK}")
def the_rewritten_url_is_served() -> None:
    """A public path is let through the guard, and the page in X-Rewrite-URL is what is served."""
    rewrite("x-rewrite-url")


@fault(defect="pr-internal-header-bypass", caught_by=HEADERS, says=f"X-Original-URL: /signin .*{LEAK}")
def the_original_url_is_guarded() -> None:
    """The guard judges the path in X-Original-URL and lets a public one through, whatever is served."""
    open_when(lambda request: request.headers.get("x-original-url") == "/signin")


def believe_header(header: str) -> None:
    """Show the page of whoever the header names by id or address."""

    def answer(request: Request, response: Response, services: Services) -> Response | None:
        named = request.headers.get(header)
        with services.database.begin() as db:
            user = db.scalar(select(User).where(or_(User.id == named, User.email == named)))
        return page_of(user, request, response, services) if user else None

    answer_strangers(answer)


@fault(defect="pr-internal-header-bypass", caught_by=HEADERS, says=f"X-Forwarded-User: .*{LEAK}")
def the_forwarded_user_is_signed_in() -> None:
    """A header that an authenticating proxy sets is trusted from any client."""
    believe_header("x-forwarded-user")


@fault(defect="pr-internal-header-bypass", caught_by=HEADERS, says=f"X-User-Id: .*{LEAK}")
def the_user_of_a_header_is_signed_in() -> None:
    """A header that a gateway sets, with the user's id, is trusted from any client."""

    def answer(request: Request, response: Response, services: Services) -> Response | None:
        with services.database.begin() as db:
            user = db.get(User, request.headers.get("x-user-id", ""))
        return page_of(user, request, response, services) if user else None

    answer_strangers(answer)

"""Protected pages that are right and unusual: what they show, what draws them, how they send others away."""

from __future__ import annotations

from fastapi import HTTPException, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from reference_backend import cookies, identity, pages
from reference_backend.identity import Services, UseServices, UseVisitor
from tests.detection.routes import serve
from tests.detection.script_drawn import drawn_by_a_script, shell
from tests.detection.seams import allow_any_script, clear_at_sign_out_only, edit_template, middleware, replace
from tests.detection.strangers import answer_strangers
from tests.detection.variant_registry import variant

OPENS = "page-opens-for-its-owner"
OWN_ONLY = "page-shows-own-data-only"
SIGN_IN = "page-redirects-to-signin"
REFUSED = (
    "page-requires-authentication",
    "page-guard-covers-every-method",
    "page-refusal-leaks-nothing",
    "page-forged-session-is-refused",
    "page-signed-out-session-is-refused",
    "page-guard-ignores-internal-headers",
)
OTHERS = ("caching-private-responses-are-not-shared", "signout-ends-captured-session")
BROWSER = (
    "browser-signin",
    "browser-signup",
    "browser-protected-page-requires-signin",
    "browser-returns-after-signin",
)
ALL = (OPENS, OWN_ONLY, *REFUSED, SIGN_IN, *OTHERS, *BROWSER)
SCRIPT_DRAWS = "Pages that need scripts to show private content"
UNGUARDED, OWNER = "pr-page-unguarded", "av-owner-cannot-open-page"
SAME = "the same for Ann and for an anonymous client, so over HTTP nothing shows who may open it"
NOTHING_SHOWN = "shows neither name, address nor task .* in its HTML"


# --- what the page shows, and what draws it ---


def show(text: str) -> None:
    """Have the pages show that text of the visitor in place of the name, and let a script fetch the tasks."""
    edit_template("base.html", "{{ visitor.user.name }}", text)
    edit_template("tasks.html", "{% if tasks %}", "{% if false %}")


@variant(stays_green=ALL)
def the_page_greets_by_address() -> None:
    """The page says the address only; a script fetches the tasks."""
    show("Hello, {{ visitor.user.email }}")


@variant(stays_green=ALL, profile='[pages]\nshows = ["@{username}"]\n')
def the_page_greets_by_username() -> None:
    """The page says @ and the letters and digits of the address; a script fetches the tasks."""
    show("@{{ visitor.user.email.split('@')[0] | replace('.', '') }}")


@variant(
    stays_green=(OPENS, *REFUSED, SIGN_IN, *OTHERS, *BROWSER),
    not_tested={OWN_ONLY: NOTHING_SHOWN},
    never_fail_on={OWNER: SCRIPT_DRAWS},
)
def a_script_draws_a_guarded_page() -> None:
    """The HTML has nothing of its owner; anonymous clients are redirected to sign-in."""
    drawn_by_a_script()


@variant(
    stays_green=BROWSER,
    not_tested={OPENS: SAME, OWN_ONLY: NOTHING_SHOWN, **dict.fromkeys((*REFUSED, SIGN_IN, OTHERS[0]), SAME)},
    never_fail_on={UNGUARDED: "a 200 shell whose client guard navigates away (then browser decides)"},
)
def the_shell_is_the_same_for_everyone() -> None:
    """Every client gets one shell, and its script sends anonymous clients to sign-in."""
    drawn_by_a_script(lambda *_: True)


# --- how others are sent to sign-in ---


def send(build: object) -> None:
    """Send anonymous clients with what ``build(response)`` makes."""
    replace(pages, "_to_sign_in", build)  # type: ignore[arg-type]


def redirected(response: Response, location: str, status: int = 303) -> Response:
    """A redirect that has the response's cookies."""
    redirect = Response(status_code=status, headers={"Location": location})
    identity.carry(response, redirect)
    return redirect


@variant(
    stays_green=ALL,
    never_fail_on={UNGUARDED: "30x to sign-in (302, 303, 307; Location relative or absolute)"},
)
def the_redirect_to_sign_in_is_relative() -> None:
    """The Location is "signin", without a slash."""
    send(lambda response: redirected(response, "signin?callbackURL=%2Ftasks", 307))


@variant(
    stays_green=(*REFUSED, SIGN_IN, OPENS),
    never_fail_on={"pr-redirect-body-leaks": "not nav labels or chunk names"},
)
def the_redirect_has_the_frame_of_the_page() -> None:
    """The redirect's body is the page's frame: its heading, its labels and the names of its scripts."""
    frame = b'<h1>Your tasks</h1><label>New task</label><script src="/tasks-3f9c.js"></script>'

    def build(response: Response) -> Response:
        redirect = HTMLResponse(frame, 303, {"Location": "/signin"})
        identity.carry(response, redirect)
        return redirect

    send(build)


@variant(stays_green=ALL)
def sign_in_is_two_redirects_away() -> None:
    """The page leads to /login, which leads to /signin."""
    send(lambda response: redirected(response, "/login"))

    def login() -> Response:
        return RedirectResponse("/signin", 302)

    pages.router.add_api_route("/login", login)


@variant(stays_green=ALL)
def the_sign_in_form_stands_in_place() -> None:
    """An anonymous client gets 200 and the sign-in form at the page's own address."""

    def form(request: Request, response: Response, _services: Services) -> Response:
        return pages._page(request, response, "signin.html", fields={"callbackURL": pages.HOME})

    answer_strangers(form)


@variant(
    stays_green=ALL,
    never_fail_on={UNGUARDED: "200 with <meta http-equiv=refresh> (Next.js streaming)"},
)
def the_page_itself_leads_to_sign_in() -> None:
    """The answer had begun when the guard decided, so its HTML leads on (meta refresh)."""
    body = '<html><head><meta id="redirect" http-equiv="refresh" content="1;url=/signin"></head></html>'
    answer_strangers(lambda *_: HTMLResponse(body))


@variant(
    stays_green=ALL,
    never_fail_on={"pr-cookie-presence-only": "A middleware may pass the request on if the page itself redirects"},
)
def the_first_guard_looks_only_for_the_cookie() -> None:
    """Without a cookie a middleware redirects; with any cookie the page decides, and leads on by its HTML."""

    def answer(request: Request, _response: Response, services: Services) -> Response | None:
        body = '<html><head><meta http-equiv="refresh" content="0; url=/signin"></head></html>'
        return HTMLResponse(body) if cookies.presented(request, services.settings) else None

    answer_strangers(answer)


@variant(
    stays_green=(OPENS, OWN_ONLY, *REFUSED, *OTHERS, *BROWSER[:3]),
    not_applicable=dict.fromkeys((SIGN_IN, BROWSER[3]), "no way from protected pages to sign-in"),
    never_fail_on={UNGUARDED: "401/403/404"},
    profile='[pages]\nanonymous = "refused"\n',
)
def the_page_is_hidden_from_others() -> None:
    """An anonymous client gets 404, as the profile declares."""

    def hidden(_request: Request, _response: Response, _services: Services) -> Response:
        raise HTTPException(404)

    answer_strangers(hidden)


@variant(
    stays_green=(OPENS, *REFUSED, SIGN_IN),
    never_fail_on={"pr-internal-header-bypass": "Any non-marker answer"},
)
def internal_headers_get_an_empty_answer() -> None:
    """A request with a header of the framework's own gets 200 and {}, and a script draws the page."""
    drawn_by_a_script()

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        internal = any(name.startswith(b"x-middleware-") for name, _ in scope["headers"])
        await (Response("{}", media_type="application/json") if internal else inner)(scope, receive, send)

    middleware(handle)


# --- what others get that is no page of an owner's ---


@variant(
    stays_green=(OPENS, *REFUSED, SIGN_IN), never_fail_on={"pr-internal-header-bypass": "Any non-marker answer"}
)
def every_unknown_path_gets_the_same_shell() -> None:
    """What has no page gets 200 and a script's shell: /tasks/, and any path with internal headers."""
    frame = "<!doctype html><title>Tasks</title><div id=root>Loading ...</div><script src=/static/app.js></script>"

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        known = scope["path"] in KNOWN or scope["path"].startswith(("/api/", "/static/"))
        rewritten = any(name.startswith(b"x-middleware-") for name, _ in scope["headers"])
        await (inner if known and not rewritten else HTMLResponse(frame))(scope, receive, send)

    middleware(handle)


@variant(stays_green=(OPENS, *REFUSED, SIGN_IN), not_tested={OWN_ONLY: NOTHING_SHOWN})
def every_unknown_path_gets_the_page_s_own_shell() -> None:
    """A script draws all pages from one shell: /tasks is guarded, and what has no page gets the shell."""
    drawn_by_a_script()

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        known = scope["path"] in KNOWN or scope["path"].startswith(("/api/", "/static/"))
        await (inner if known else shell(Response()))(scope, receive, send)

    middleware(handle)


KNOWN = ("/", "/signup", "/signin", "/signout", "/tasks")


@variant(stays_green=(OPENS, *REFUSED, SIGN_IN))
def another_spelling_is_a_public_page() -> None:
    """/tasks/ is a page of its own, which says to everybody what the application is for."""

    def about(request: Request, response: Response) -> Response:
        return pages._page(request, response, "front.html")

    pages.router.add_api_route("/tasks/", about)


@variant(stays_green=(OPENS, *REFUSED, SIGN_IN))
def data_of_the_page_leads_to_sign_in() -> None:
    """What scripts fetch is answered 200: JSON says where to go, a prefetch shows the parts of a page."""

    def answer(request: Request, _response: Response, _services: Services) -> Response | None:
        if "rsc" in request.headers:
            payload = '2:[["children",{"s":"tasks","c":"$Q3"}]]\n0:{"q":"","i":false,"t":{"t":{"s":"","h":16}}}\n'
            return Response(payload, media_type="text/x-component")
        wants_json = "application/json" in ", ".join(request.headers.getlist("accept"))
        return JSONResponse({"type": "redirect", "location": "/signin"}) if wants_json else None

    answer_strangers(answer)


@variant(stays_green=(OPENS, *REFUSED, SIGN_IN))
def other_ways_to_ask_are_no_requests_at_all() -> None:
    """/tasks/ leads to /tasks, internal headers are answered 400, forms 405, JSON 406."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        names = {name for name, _ in scope["headers"]}
        accepted = b", ".join(value for name, value in scope["headers"] if name == b"accept")
        answer: ASGIApp = inner
        if scope["path"] == "/tasks/":
            answer = RedirectResponse("/tasks", 308)
        elif scope["path"] in KNOWN and any(name.startswith(b"x-middleware-") for name in names):
            answer = Response(status_code=400)
        elif scope["path"] == "/tasks" and scope["method"] == "POST" and b"cookie" not in names:
            answer = Response(status_code=405)
        elif scope["path"] == "/tasks" and accepted == b"application/json":
            answer = Response(status_code=406)
        await answer(scope, receive, send)

    middleware(handle)


# --- how the owner gets there ---


@variant(stays_green=ALL)
def the_page_has_a_slash_at_its_end() -> None:
    """/tasks leads every client to /tasks/ with 308, and the page is there."""

    def slashed(request: Request, response: Response, services: UseServices, visitor: UseVisitor) -> Response:
        return pages.tasks_page(request, response, services, visitor)

    def tasks_page() -> Response:
        return RedirectResponse("/tasks/", 308)

    pages.router.add_api_route("/tasks/", slashed)
    serve(pages.router, "tasks_page", tasks_page)


@variant(
    stays_green=(OPENS, *REFUSED, SIGN_IN, *OTHERS, *BROWSER),
    not_tested={OWN_ONLY: NOTHING_SHOWN},
    never_fail_on={OWNER: "a first-visit redirect to another own page (onboarding)"},
)
def the_first_visit_leads_to_a_welcome_page() -> None:
    """A new user is sent to /welcome once, and a script draws both pages."""
    welcomed: set[str] = set()

    def tasks_page(response: Response, visitor: UseVisitor) -> Response:
        if visitor is None:
            return pages._to_sign_in(response)
        if visitor.user.id not in welcomed:
            return redirected(response, "/welcome")
        return shell(response)

    def welcome(response: Response, visitor: UseVisitor) -> Response:
        if visitor is None:
            return pages._to_sign_in(response)
        welcomed.add(visitor.user.id)
        return HTMLResponse("<h1>Welcome</h1><p>This is how it works.</p><script>location = '/tasks'</script>")

    allow_any_script()
    pages.router.add_api_route("/welcome", welcome)
    serve(pages.router, "tasks_page", tasks_page, identity.trusted_origin)


@variant(
    stays_green=("page-dead-session-reaches-signin", OPENS, *REFUSED, SIGN_IN),
    never_fail_on={"pr-invalid-session-5xx-or-loop": "Sign-in page may redirect signed-in users"},
)
def a_dead_cookie_is_left_in_place() -> None:
    """No page takes a dead cookie away; the sign-in page leads on only who is really signed in."""
    clear_at_sign_out_only()

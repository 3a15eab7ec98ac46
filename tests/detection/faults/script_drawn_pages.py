"""Guards with holes before a page that a script draws, whose HTML has nothing of its owner."""

from __future__ import annotations

from fastapi import Request, Response

from reference_backend import cookies, identity, pages
from reference_backend.identity import UseServices, UseVisitor
from tests.detection.registry import fault
from tests.detection.routes import serve
from tests.detection.script_drawn import drawn_by_a_script, shell
from tests.detection.seams import allow_any_script

OPENED = r"it opened as for its owner \(200, the same page\), where an anonymous client was sent to /signin"


@fault(
    defect="pr-cookie-presence-only",
    caught_by="page-forged-session-is-refused",
    says=f"session cookie that is (made up|altered) is refused; but {OPENED}",
)
def the_shell_opens_for_any_cookie() -> None:
    """The guard of a page that a script draws looks only whether there is a session cookie."""
    drawn_by_a_script(lambda request, services: bool(cookies.presented(request, services.settings)))


@fault(
    defect="pr-page-unguarded",
    caught_by="page-requires-authentication",
    says=rf"opening /tasks/ \(with a trailing slash\) is refused; but {OPENED}",
)
def the_shell_is_not_guarded_under_its_other_spelling() -> None:
    """The guard's list of paths knows /tasks and not /tasks/, at which a script draws the same page."""
    drawn_by_a_script()
    pages.router.add_api_route("/tasks/", shell)


@fault(
    defect="pr-internal-header-bypass",
    caught_by="page-guard-ignores-internal-headers",
    says=f"x-middleware-subrequest: middleware is refused; but {OPENED}",
)
def a_subrequest_gets_the_shell() -> None:
    """The header that marks a framework's own subrequests opens a page that a script draws."""
    drawn_by_a_script(lambda request, _: request.headers.get("x-middleware-subrequest") == "middleware")


@fault(
    defect="pr-redirect-body-leaks",
    caught_by="page-refusal-leaks-nothing",
    says=rf"\(RSC: 1 and .*\) is refused; but {OPENED}",
)
def script_requests_get_the_shell() -> None:
    """The guard redirects page views only, and an XMLHttpRequest gets the page that a script draws."""
    drawn_by_a_script(lambda request, _: request.headers.get("x-requested-with") == "XMLHttpRequest")


@fault(
    defect="pr-cookie-presence-only",
    caught_by=("page-signed-out-session-is-refused", "signout-ends-captured-session"),
    says=f"captured session at the protected page is refused; but {OPENED}",
)
def the_shell_remembers_sessions_that_are_over() -> None:
    """The guard caches the sessions that it has seen, and signing out does not clear that."""
    known: set[str] = set()

    def tasks_page(request: Request, response: Response, services: UseServices, visitor: UseVisitor) -> Response:
        token = cookies.read(request, services.settings) or ""
        if visitor:
            known.add(token)
        return shell(response) if token in known else pages._to_sign_in(response)

    allow_any_script()
    serve(pages.router, "tasks_page", tasks_page, identity.trusted_origin)

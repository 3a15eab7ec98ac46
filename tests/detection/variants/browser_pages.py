"""What pages show around sign-in and sign-out that is right and unusual."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import Scope

from reference_backend import accounts, pages
from reference_backend.errors import ApiError
from reference_backend.identity import UseServices, UseVisitor
from tests.detection.routes import session_cookie, wrap_route
from tests.detection.seams import allow_any_script, change_headers, edit_template, on_app, replace, wrap
from tests.detection.variant_registry import variant

SIGNS_IN, SIGNS_OUT = "browser-signin", "browser-signout"
REPORTED = "browser-wrong-password-shows-error"
BACK = "browser-back-button-shows-no-private-data"
NEXT_USER = "browser-next-user-sees-own-data-only"
TURNED_AWAY = "browser-protected-page-requires-signin"
RETURNS = "browser-returns-after-signin"
_CHECK_AGAIN = """<script>
  addEventListener("pageshow", async () => {
    const there = await (await fetch("/api/auth/get-session")).json();
    if (!there) { location.replace("/signin"); }
  });
</script>"""


@variant(
    stays_green=(BACK, NEXT_USER, SIGNS_OUT),
    never_fail_on={"ui-back-button-shows-data": "a re-check that navigates away within 2 s passes."},
)
def a_page_from_history_asks_who_is_there() -> None:
    """The browser may keep the page; whenever it shows it, a script asks for the session and leads to sign-in."""
    allow_any_script()

    def change(scope: Scope, headers: MutableHeaders) -> None:
        if scope["path"] == pages.HOME:
            headers["cache-control"] = "private, max-age=60"

    change_headers(change)
    edit_template("base.html", "</main>", "</main>{% if tasks is defined %}" + _CHECK_AGAIN + "{% endif %}")


@variant(
    stays_green=(SIGNS_OUT, BACK, NEXT_USER),
    never_fail_on={"ui-signout-incomplete": "Destination after sign-out is free."},
)
def sign_out_leads_to_the_front_page() -> None:
    """The sign-out button leads to the front page."""

    def sign_out(original: Any, **named: Any) -> Response:
        answer: Response = original(**named)
        answer.headers["location"] = "/"
        return answer

    wrap_route(pages.router, "sign_out", sign_out)


@variant(
    stays_green=(REPORTED, SIGNS_IN),
    never_fail_on={"ui-error-not-shown": "Wording is free."},
    profile='pages.bad_credentials = "(?i)das passt nicht zusammen"\n',
)
def the_error_is_in_other_words() -> None:
    """A wrong password is answered 200 with the form and an error in other words, as the profile says."""

    def sign_in(original: Any, *arguments: Any) -> Any:
        try:
            return original(*arguments)
        except ApiError as error:
            raise ApiError(200, error.code, "Das passt nicht zusammen.") from None

    wrap(accounts, "sign_in", sign_in)


@variant(
    stays_green=(RETURNS, TURNED_AWAY, SIGNS_IN, SIGNS_OUT),
    never_fail_on={
        "pr-not-returned-after-signin": "Landing on the default page (/tasks) rather than the requested one"
    },
    profile='pages.protected = ["/notes", "/tasks"]\n',
)
def sign_in_leads_to_the_default_page() -> None:
    """Whoever opens /notes is sent to sign-in, and from there to /tasks."""

    def notes(request: Request, response: Response, services: UseServices, visitor: UseVisitor) -> Response:
        return pages.tasks_page(request, response, services, visitor)

    def to_sign_in(response: Response) -> Response:
        return pages._go(response, "/signin")

    on_app(lambda made: made.add_api_route("/notes", notes, methods=["GET"]))
    replace(pages, "_to_sign_in", to_sign_in)


@variant(stays_green=(SIGNS_IN, SIGNS_OUT, TURNED_AWAY, NEXT_USER, "browser-scripts-cannot-read-session"))
def the_browser_s_cookie_has_a_domain() -> None:
    """The session cookie is for a domain, also where a browser has it."""
    session_cookie(domain="127.0.0.1")

"""Owners who are locked out, sent round in circles, or shown what is another's."""

from __future__ import annotations

from typing import Any

from fastapi import HTTPException, Request, Response

from reference_backend import cookies, identity, pages
from reference_backend.identity import UseServices, UseVisitor, Visitor
from reference_backend.models import User
from tests.detection.registry import fault
from tests.detection.routes import serve, wrap_route
from tests.detection.seams import replace, wrap

LOCKED_OUT = "av-owner-cannot-open-page"
OPENS = "page-opens-for-its-owner"
DEAD = "pr-invalid-session-5xx-or-loop"
ENDS = "page-dead-session-reaches-signin"
MIXED_UP = "se-session-bleed-between-users"
OWN_ONLY = "page-shows-own-data-only"


# --- the owner does not get in ---


@fault(defect=LOCKED_OUT, caught_by=OPENS, says="it was sent round in circles between /signin and /tasks")
def the_guard_looks_for_the_cookie_s_other_name() -> None:
    """The guard wants the cookie under its name behind TLS; the sign-in page knows the session and leads back."""

    def tasks_page(request: Request, response: Response, services: UseServices, visitor: UseVisitor) -> Response:
        if "__Secure-auth.session_token" not in request.cookies:
            return pages._to_sign_in(response)
        return pages.tasks_page(request, response, services, visitor)

    serve(pages.router, "tasks_page", tasks_page, identity.trusted_origin)


@fault(defect=LOCKED_OUT, caught_by=OPENS, says="it was sent back to /tasks again and again")
def the_page_leads_to_itself() -> None:
    """The page sets the language in its address, drops it as unknown, and begins again."""

    def tasks_page(response: Response, visitor: UseVisitor) -> Response:
        return pages._go(response, "/tasks?lang=en") if visitor else pages._to_sign_in(response)

    serve(pages.router, "tasks_page", tasks_page, identity.trusted_origin)


@fault(defect=LOCKED_OUT, caught_by=OPENS, says="it was answered 403")
def the_page_forbids_its_owner() -> None:
    """A role is asked for that no account has."""

    def tasks_page(response: Response, visitor: UseVisitor) -> Response:
        if visitor is None:
            return pages._to_sign_in(response)
        raise HTTPException(403)

    serve(pages.router, "tasks_page", tasks_page, identity.trusted_origin)


@fault(defect=LOCKED_OUT, caught_by=OPENS, says="it was answered 200 with the form of /signin")
def the_page_asks_its_owner_to_sign_in() -> None:
    """The guard reads another session store than sign-in writes, and shows the sign-in form in place."""

    def tasks_page(request: Request, response: Response) -> Response:
        return pages._page(request, response, "signin.html", fields={"callbackURL": pages.HOME})

    serve(pages.router, "tasks_page", tasks_page, identity.trusted_origin)


# --- a dead session ---


@fault(
    defect=DEAD,
    caught_by=ENDS,
    says="an answer at /tasks; but it was sent round in circles between /signin and /tasks",
)
def a_dead_cookie_goes_round_in_circles() -> None:
    """The sign-in page leads back whoever has a cookie, the page leads away whoever has no session."""

    def sign_in_page(request: Request, response: Response, services: UseServices, visitor: UseVisitor) -> Response:
        if cookies.presented(request, services.settings):
            return pages._go(response, pages.HOME)
        return pages.sign_in_page(request, response, services, visitor)

    replace(cookies, "clear", lambda *_: None)
    serve(pages.router, "sign_in_page", sign_in_page, identity.trusted_origin)


@fault(defect=DEAD, caught_by=ENDS, says="an answer at /(tasks|signin); but it was answered 500")
def a_dead_cookie_crashes_the_sign_in_page() -> None:
    """The sign-in page reads the name of a session that is not there."""

    def sign_in_page(request: Request, response: Response, services: UseServices, visitor: UseVisitor) -> Response:
        if cookies.presented(request, services.settings) and visitor is None:
            raise AttributeError("NoneType has no attribute user")
        return pages.sign_in_page(request, response, services, visitor)

    serve(pages.router, "sign_in_page", sign_in_page, identity.trusted_origin)


# --- the owner gets another's ---


@fault(
    defect=MIXED_UP,
    caught_by=OWN_ONLY,
    says="(Ann|Bob)'s protected page shows nothing of (Ann|Bob)'s; but it shows",
)
def the_page_shows_the_name_of_its_first_visitor() -> None:
    """The current user is kept in a module variable when it is first needed."""
    first: list[User] = []

    def page(original: Any, *arguments: Any, **named: Any) -> Response:
        visitor = named.get("visitor")
        if visitor is not None:
            first[:] = first or [visitor.user]
            named["visitor"] = Visitor(first[0], visitor.session)
        answer: Response = original(*arguments, **named)
        return answer

    wrap(pages, "_page", page)


@fault(
    defect=MIXED_UP,
    caught_by=OWN_ONLY,
    says="(Ann|Bob)'s protected page shows nothing of (Ann|Bob)'s; but it shows",
)
def the_page_is_rendered_once_for_all_users() -> None:
    """A cache before the page has its address as the key, and every signed-in user gets what is in it."""
    kept: list[Response] = []

    def tasks_page(inner: Any, *arguments: Any, **named: Any) -> Response:
        if named["visitor"] is None:
            away: Response = inner(*arguments, **named)
            return away
        kept[:] = kept or [inner(*arguments, **named)]
        return kept[0]

    wrap_route(pages.router, "tasks_page", tasks_page)

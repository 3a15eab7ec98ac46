"""Destinations of a sign-in that are handled rightly in another way."""

from __future__ import annotations

import re

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse

from reference_backend import identity, pages, redirects
from reference_backend.errors import ApiError
from reference_backend.identity import Services, UseServices, UseVisitor
from tests.detection.faults.destinations import IN_BROWSER, ON_PAGE, SIGNS_IN, go_unquoted
from tests.detection.routes import serve
from tests.detection.seams import replace
from tests.detection.variant_registry import variant

STAYS = (SIGNS_IN, ON_PAGE, IN_BROWSER, "signin-prevents-open-redirect")


@variant(
    stays_green=STAYS,
    never_fail_on={
        "si-open-redirect-scheme-relative": "'/%2f%2fevil' kept as a path on the own host is harmless",
        "si-open-redirect-browser-parsing": "Text kept in a path that resolves to the own host",
    },
)
def an_encoded_destination_stays_encoded() -> None:
    """A destination may begin with an encoded slash, tab or backslash, and is never decoded."""
    go_unquoted()
    redirects.RELATIVE_PATH = re.compile(r"/(?!/)[\w.~%!$&'()*+,;=:@/?#-]*", re.ASCII)


@variant(
    stays_green=STAYS,
    never_fail_on={
        "si-open-redirect-javascript": "403/400/ignored.",
        "si-open-redirect-lookalike": "As above.",
        "si-open-redirect-browser-parsing": "the default destination",
    },
)
def the_sign_in_page_leads_to_the_default() -> None:
    """The sign-in page knows no destination but the tasks."""
    replace(pages, "_target", lambda *_: pages.HOME)


@variant(stays_green=STAYS, never_fail_on={"si-open-redirect-browser-parsing": "4xx"})
def the_sign_in_page_refuses_another_destination() -> None:
    """The sign-in page answers 400 to a destination that is not its own."""

    def refused(services: Services, target: str) -> bool:
        try:
            redirects.validate(services.settings, target)
        except ApiError:
            return True
        return False

    def sign_in_page(request: Request, response: Response, services: UseServices, visitor: UseVisitor) -> Response:
        target = request.query_params.get("callbackURL", pages.HOME)
        if refused(services, target):
            return PlainTextResponse("That is no destination of ours.", 400)
        return pages.sign_in_page(request, response, services, visitor, target)

    serve(pages.router, "sign_in_page", sign_in_page, identity.trusted_origin)


@variant(stays_green=(SIGNS_IN, IN_BROWSER), not_applicable={ON_PAGE: "sends a user who is signed in nowhere"})
def the_sign_in_page_is_the_same_for_everyone() -> None:
    """Who is signed in gets the form of the sign-in page, too."""

    def sign_in_page(request: Request, response: Response, services: UseServices) -> Response:
        wanted = request.query_params.get("callbackURL", pages.HOME)
        return pages.sign_in_page(request, response, services, None, wanted)

    serve(pages.router, "sign_in_page", sign_in_page, identity.trusted_origin)

"""Requests for a new password that tell who has an account."""

from __future__ import annotations

import functools

from fastapi.responses import JSONResponse

from tests.detection.registry import fault
from tests.detection.reset_route import PROFILE, SENT, serve_resets

RESETS = "user-enumeration-reset-answers-alike"
reveals = functools.partial(
    fault, defect="en-reset-reveals-account", caught_by=RESETS, level="should", profile=PROFILE
)


@reveals(says="of an unknown and a known address one is answered 404 and the other 200")
def an_unknown_address_is_answered_404() -> None:
    """A request for a new password says that there is no such user."""
    serve_resets(
        lambda _, known: JSONResponse(SENT if known else {"message": "User not found"}, 200 if known else 404)
    )


@reveals(says="of an unknown and a known address one says")
def a_known_address_is_answered_in_other_words() -> None:
    """The status is the same, and the message says whether one was sent."""
    serve_resets(lambda _, known: JSONResponse({"sent": known}))


@reveals(says="only one of them has the headers .'set-cookie'.")
def a_known_address_alone_gets_a_cookie() -> None:
    """A cookie ties the browser to the message, where one was sent."""

    def answer(_email: str, known: bool) -> JSONResponse:
        response = JSONResponse(SENT)
        if known:
            response.set_cookie("reset", "on its way")
        return response

    serve_resets(answer)

"""A backend that writes the user into a cookie beside the session's token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Request, Response

from reference_backend import identity
from reference_backend.identity import UseServices, Visitor
from reference_backend.models import User
from tests.detection.routes import override
from tests.detection.seams import wrap

COOKIE = "auth.user"


def write_user(written: Callable[[User], str]) -> None:
    """Set the second cookie at each sign-in."""

    def start(
        original: Any, request: Request, response: Response, services: Any, db: Any, user: User, **named: Any
    ) -> Any:
        response.set_cookie(COOKIE, written(user), path="/", httponly=True, samesite="lax")
        return original(request, response, services, db, user, **named)

    wrap(identity, "start", start)


def believe_user(read: Callable[[str], str | None], believed: Callable[[Request], bool] = lambda _: True) -> None:
    """Take the user whose id the second cookie has for the one of a live session."""
    original = identity.visitor

    def visitor(request: Request, response: Response, services: UseServices) -> Visitor | None:
        found = original(request, response, services)
        user_id = read(request.cookies.get(COOKIE, "")) if believed(request) else None
        if found is None or user_id is None:
            return found
        with services.database.begin() as db:
            user = db.get(User, user_id)
        return Visitor(user, found.session) if user is not None else found

    # Routes depend on the one, the task API calls the other.
    override(original, visitor)
    identity.visitor = visitor

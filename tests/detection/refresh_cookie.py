"""A refresh token that travels in a cookie for the refresh route alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from reference_backend import auth, refresh, tokens
from reference_backend.identity import UseServices
from reference_backend.settings import Settings
from tests.detection.routes import serve, wrap_route

PATH = "/api/auth/refresh"
PROFILE = """
[credentials.refresh]
kind = "cookie"
issued_by = "sign_in"
cookie = "auth.refresh"
"""
_COOKIE = "auth.refresh"


def _give(response: Response, token: str, max_age: int = 604_800) -> None:
    response.set_cookie(_COOKIE, token, max_age=max_age, path=PATH, httponly=True, samesite="strict")


def refresh_by_cookie(once_rotated: Callable[[Request, Settings], None] = lambda *_: None) -> None:
    """Give and take it; ``once_rotated`` may still refuse the request."""

    def sign(original: Any, *arguments: Any, **named: Any) -> dict[str, Any]:
        told: dict[str, Any] = original(*arguments, **named)
        if "refreshToken" in told:
            _give(named["response"], told.pop("refreshToken"))
        return told

    def exchange(request: Request, services: UseServices) -> Response:
        with services.database.begin() as db:
            rotated = refresh.rotate(db, services.settings, request.cookies.get(_COOKIE, ""))
            if rotated is None:
                refused = JSONResponse({"message": "Invalid refresh token"}, 401)
                _give(refused, "deleted", 0)
                return refused
            session, user, following = rotated
            token = tokens.issue(services.signer, services.settings, user, session.id)
        once_rotated(request, services.settings)
        answer = JSONResponse({"token": token})
        _give(answer, following)
        return answer

    for handler in ("sign_in", "sign_up", "change_password"):
        wrap_route(auth.router, handler, sign)
    serve(auth.router, "refresh_tokens", exchange)

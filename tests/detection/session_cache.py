"""A backend that caches sessions in a second cookie, as front ends do to spare the database."""

from __future__ import annotations

import time
from typing import Any

from fastapi import Request, Response
from sqlalchemy.orm import Session as Database

from reference_backend import accounts, auth, cookies, identity
from reference_backend.identity import UseServices, Visitor
from reference_backend.models import new_token
from tests.detection.routes import override, wrap_route
from tests.detection.seams import wrap

COOKIE = "auth.session_data"
PROFILE = f'[credentials.session]\ncache_cookies = ["{COOKIE}"]\n'
_SECONDS = 60
_KEPT: dict[str, tuple[float, Visitor]] = {}


def cache_sessions() -> None:
    """Believe the second cookie for a minute, without a look at the database."""

    def visitor(original: Any, request: Request, response: Response, services: UseServices) -> Visitor | None:
        ends, cached = _KEPT.get(request.cookies.get(COOKIE, ""), (0.0, None))
        if cached is not None and ends > time.time() and cookies.presented(request, services.settings):
            return cached
        found: Visitor | None = original(request, response, services)
        if found is not None:
            key = new_token()
            _KEPT[key] = (time.time() + _SECONDS, found)
            response.set_cookie(COOKIE, key, max_age=_SECONDS, path="/", httponly=True, samesite="lax")
        return found

    original = identity.visitor

    def cached(request: Request, response: Response, services: UseServices) -> Visitor | None:
        return visitor(original, request, response, services)

    # Routes depend on the one, the task API calls the other.
    override(original, cached)
    identity.visitor = cached
    wrap(cookies, "clear", _clear_both)
    wrap(accounts, "rename", _rename)
    for handler in ("sign_in", "sign_up", "change_password"):
        wrap_route(auth.router, handler, _without_cache)


def _clear_both(original: Any, response: Response, *rest: Any) -> None:
    original(response, *rest)
    response.delete_cookie(COOKIE)


def _rename(original: Any, db: Database, user_id: str, name: str) -> None:
    original(db, user_id, name)
    for key in [key for key, (_, visitor) in _KEPT.items() if visitor.user.id == user_id]:
        del _KEPT[key]


def _without_cache(original: Any, **named: Any) -> Any:
    told = original(**named)
    named["response"].delete_cookie(COOKIE)
    return told

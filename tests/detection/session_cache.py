"""A backend that caches sessions in a second cookie, as front ends do to spare the database."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response

from reference_backend import cookies, identity
from reference_backend.identity import UseServices, Visitor
from reference_backend.models import new_token
from reference_backend.settings import Settings
from tests.detection.routes import override
from tests.detection.seams import wrap

COOKIE = "auth.session_data"
PROFILE = f'[credentials.session]\ncache_cookies = ["{COOKIE}"]\n'
UPDATE, SESSIONS = "/api/auth/update-user", "/api/auth/list-sessions"


@dataclass
class Cached:
    """What one value of the second cookie stands for: who was there when it was first read."""

    session: frozenset[str]
    ends: float
    visitor: Visitor | None = None


def reading_only(request: Request) -> bool:
    """Where a cached session does no harm: reading, but for what shows other sessions."""
    return request.method in ("GET", "HEAD") and request.url.path != SESSIONS


def everywhere(_: Request) -> bool:
    """Also where the account is changed."""
    return True


class SessionCache:
    """Answers for the session for as long as the second cookie lives, without a look at the database.

    ``believed`` are the requests for which it does; ``honoured`` are the seconds for which it does, where that is
    longer than the cookie says. ``renewed`` are the requests of a cached session that get a fresh second cookie,
    which lives as long as the first one did again if it ``slides``.
    """

    def __init__(
        self,
        seconds: int = 60,
        *,
        believed: Callable[[Request], bool] = reading_only,
        renewed: Callable[[Request], bool] = lambda _: False,
        honoured: int | None = None,
        slides: bool = True,
    ) -> None:
        self.seconds, self.believed, self.renewed = seconds, believed, renewed
        self.honoured = seconds if honoured is None else honoured
        self.slides = slides
        self.kept: dict[str, Cached] = {}

    def plant(self) -> None:
        """Put it before the look-up of sessions, and have it filled by every new session cookie."""
        original = identity.visitor

        def cached(request: Request, response: Response, services: UseServices) -> Visitor | None:
            return self.visitor(original, request, response, services)

        # Routes depend on the one, the task API calls the other.
        override(original, cached)
        identity.visitor = cached
        wrap(cookies, "_set", self._set)

    def visitor(
        self, original: Any, request: Request, response: Response, services: UseServices
    ) -> Visitor | None:
        """Who is there, by the cache where it is believed."""
        session = frozenset(cookies.presented(request, services.settings))
        entry = self.kept.get(request.cookies.get(COOKIE, ""))
        fits = entry is not None and entry.ends > time.time() and session == entry.session
        if entry is not None and entry.visitor is not None and fits and self.believed(request):
            if self.renewed(request):
                self._give(response, session, entry.visitor, None if self.slides else entry.ends)
            elif request.url.path == UPDATE:
                self._give(response, session, None)
            return entry.visitor
        found: Visitor | None = original(request, response, services)
        if entry is not None and fits:
            entry.visitor = entry.visitor or found
        if found is not None and request.url.path == UPDATE:
            # What is cached there is known after the change.
            self._give(response, session, None)
        elif found is not None and not fits:
            self._give(response, session, found)
        return found

    def _give(
        self, response: Response, session: frozenset[str], visitor: Visitor | None, ends: float | None = None
    ) -> None:
        key, left = new_token(), self.seconds if ends is None else round(ends - time.time())
        self.kept[key] = Cached(session, time.time() + self.honoured if ends is None else ends, visitor)
        response.set_cookie(COOKIE, key, max_age=left, path="/", httponly=True, samesite="lax")

    def _set(self, original: Any, response: Response, settings: Settings, value: str, max_age: int | None) -> None:
        original(response, settings, value, max_age)
        if value:
            self._give(response, frozenset({value}), None)
        else:
            response.delete_cookie(COOKIE)

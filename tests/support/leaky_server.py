"""A server that asks no password and repeats in its answers whatever it was sent or knows."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.support.local_server import Handler

COOKIE = "auth.session_token"


@dataclass
class Leaky:
    """What it knows: ``planted`` are secrets of its owner, ``heard`` is every secret that it was told or made."""

    planted: tuple[str, ...]
    heard: set[str] = field(default_factory=set)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)

    def __call__(self, handler: Handler) -> None:
        """Answer one request."""
        asked = handler.server.noted.asked[-1]
        match asked.path.split("?")[0]:
            case "/api/auth/sign-in/email" if json.loads(asked.body)["email"] not in self.users:
                self._repeat(handler, 401, {}, asked.body.decode())
            case "/api/auth/sign-up/email" | "/api/auth/sign-in/email":
                self._sign_in(handler, json.loads(asked.body))
            case "/api/auth/get-session":
                self._session(handler, asked.headers.get("cookie", [""])[0])
            case "/":
                handler.say(200, b"hello")
            case _:
                self._repeat(handler, 200, asked.headers, asked.body.decode())

    def _sign_in(self, handler: Handler, told: dict[str, Any]) -> None:
        if not (isinstance(told.get("password"), str) and isinstance(told.get("email"), str)):
            handler.say(400, b"")
            return
        self.heard.add(told["password"])
        user = self.users.setdefault(told["email"], {"id": secrets.token_hex(4), "name": told.get("name"), **told})
        session, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.heard |= {session, refresh}
        self.sessions[session] = told["email"]
        cookie = ("Set-Cookie", f"{COOKIE}={session}; Path=/; HttpOnly")
        self._repeat(handler, 200, {"token": session, "refreshToken": refresh, "user": user}, told, cookie)

    def _session(self, handler: Handler, cookies: str) -> None:
        pairs = dict(pair.split("=", 1) for pair in cookies.split("; ") if "=" in pair)
        email = self.sessions.get(pairs.get(COOKIE, ""))
        if email is None:
            handler.say(200, b"null")
        else:
            self._repeat(handler, 200, {"user": self.users[email]}, cookies)

    def _repeat(
        self, handler: Handler, status: int, content: Any, told: object, *headers: tuple[str, str]
    ) -> None:
        body = {**content, "told": told, "configuration": self.planted}
        handler.say(status, json.dumps(body).encode(), ("Content-Type", "application/json"), *headers)

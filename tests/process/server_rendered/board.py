"""A notice board whose server draws every page: forms, HTML lists, redirects, and no JSON at all."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import html
import secrets
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.process.sixth_shape.shop_server import listening
from tests.support.limits import LIMIT_SECONDS
from tests.support.security_headers import SecurityHeaders

COOKIE, FORM_COOKIE = "board", "board_form"
MIN_PASSWORD, MAX_PASSWORD, SESSION_SECONDS = 10, 200, 3600
Handler = Callable[[Request], Awaitable[Response]]


class RefusedError(Exception):
    """A form that is not accepted, with what its page says."""


@dataclass
class Member:
    """One account."""

    number: int
    email: str
    name: str
    password: bytes
    notes: dict[int, str] = field(default_factory=dict)


@dataclass
class Board:
    """The board: members, sessions, and a page for each address."""

    members: dict[str, Member] = field(default_factory=dict)
    sessions: dict[str, tuple[Member, float]] = field(default_factory=dict)
    numbers: int = 0

    # --- seams, for faults ---

    def member(self, request: Request) -> Member | None:
        """Who is signed in."""
        member, ends = self.sessions.get(request.cookies.get(COOKIE, ""), (None, 0.0))
        return member if ends > time.time() else None

    def owner_of(self, number: int, member: Member) -> Member | None:
        """The member whose note that is, where this member may touch it."""
        return member if number in member.notes else None

    def password_fits(self, member: Member | None, password: str) -> bool:
        """Whether the password is that member's; as slow where there is none."""
        kept = member.password if member is not None else bytes(32)
        return hmac.compare_digest(_hashed(password), kept)

    def end(self, request: Request) -> None:
        """End the session."""
        self.sessions.pop(request.cookies.get(COOKIE, ""), None)

    def from_own_page(self, request: Request, given: dict[str, str]) -> bool:
        """Whether a form of this board was sent."""
        own = request.cookies.get(FORM_COOKIE, "")
        return own != "" and hmac.compare_digest(given.get("form", "").encode(), own.encode())

    def as_guest(self, request: Request) -> Response:
        """What guests get in place of a page."""
        return RedirectResponse(f"/enter?next={request.url.path}", 303)

    # --- pages ---

    async def entry(self, request: Request) -> Response:
        return self._form(request, "Enter", email="email", password="password")

    async def enter(self, request: Request) -> Response:
        given = await self._given(request)
        member = self.members.get(given.get("email", "").strip().casefold())
        if not self.password_fits(member, given.get("password", "")) or member is None:
            raise RefusedError("Address or password are wrong.")
        return self._opened(request, member)

    async def joining(self, request: Request) -> Response:
        return self._form(request, "Join", name="text", email="email", password="password")

    async def join(self, request: Request) -> Response:
        given = await self._given(request)
        email, password = given.get("email", "").strip().casefold(), given.get("password", "")
        if (
            "@" not in email
            or email.split() != [email]
            or email in self.members
            or not MIN_PASSWORD <= len(password) <= MAX_PASSWORD
        ):
            raise RefusedError("This can't be used.")
        member = Member(self._next(), email, given.get("name", "")[:80], _hashed(password))
        self.members[email] = member
        return self._opened(request, member)

    async def leave(self, request: Request) -> Response:
        await self._given(request)
        self.end(request)
        left = RedirectResponse("/enter", 303)
        left.delete_cookie(COOKIE, path="/")
        return left

    async def card(self, request: Request) -> Response:
        member = self.member(request)
        if member is None:
            return self.as_guest(request)
        name, email = html.escape(member.name), html.escape(member.email)
        return self._page(
            request, f"<p id=card data-member={member.number}>{name} (<i class=mail>{email}</i>)</p>"
        )

    async def notes(self, request: Request) -> Response:
        member = self.member(request)
        if member is None:
            return self.as_guest(request)
        rows = "".join(
            f'<tr><td><a href="/notes/{number}">{html.escape(text)}</a><td>pinned'
            for number, text in member.notes.items()
        )
        leave = "<form method=post action=/leave>{form}<button>Leave</button></form>"
        return self._page(request, f"<table class=notes>{rows}</table>{leave}")

    async def pin(self, request: Request) -> Response:
        given = await self._given(request)
        member = self.member(request)
        if member is None:
            return self.as_guest(request)
        if not (text := given.get("text", "").strip()) or len(text) > MAX_PASSWORD:
            raise RefusedError("Write something short.")
        member.notes[self._next()] = text
        return RedirectResponse("/notes", 303)

    async def note(self, request: Request) -> Response:
        member, number = self.member(request), int(request.path_params["number"])
        if member is None:
            return self.as_guest(request)
        if (owner := self.owner_of(number, member)) is None:
            return self._page(request, "<p>No such note.</p>", 404)
        text = html.escape(owner.notes[number])
        return self._page(request, f'<article><a href="/notes/{number}">{text}</a></article>')

    async def change(self, request: Request) -> Response:
        given = await self._given(request)
        member, number = self.member(request), int(request.path_params["number"])
        if member is None:
            return self.as_guest(request)
        if (owner := self.owner_of(number, member)) is None:
            return self._page(request, "<p>No such note.</p>", 404)
        if request.path_params["what"] == "remove":
            del owner.notes[number]
        else:
            owner.notes[number] = given.get("text", "")[:MAX_PASSWORD]
        return RedirectResponse("/notes", 303)

    # --- parts ---

    async def _given(self, request: Request) -> dict[str, str]:
        given = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        if not self.from_own_page(request, given):
            raise RefusedError("Send the form again.")
        return given

    def _next(self) -> int:
        self.numbers += 1
        return self.numbers

    def _opened(self, request: Request, member: Member) -> Response:
        self.sessions.pop(request.cookies.get(COOKIE, ""), None)
        ticket = secrets.token_urlsafe(32)
        self.sessions[ticket] = (member, time.time() + SESSION_SECONDS)
        opened = RedirectResponse("/notes", 303)
        opened.set_cookie(COOKIE, ticket, max_age=SESSION_SECONDS, httponly=True, samesite="lax")
        return opened

    def _form(self, request: Request, button: str, **fields: str) -> Response:
        inputs = "".join(
            f"<label>{name.title()} <input name={name} type={kind}></label>" for name, kind in fields.items()
        )
        return self._page(request, f"<form method=post>{{form}}{inputs}<button>{button}</button></form>")

    def _page(self, request: Request, body: str, status: int = 200) -> Response:
        token = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
        hidden = f'<input type=hidden name=form value="{html.escape(token)}">'
        main = body.replace("{form}", hidden)
        page = f"<!doctype html><html lang=en><title>Board</title><main>{main}</main></html>"
        drawn = HTMLResponse(page, status, {"Cache-Control": "no-store"})
        drawn.set_cookie(FORM_COOKIE, token, httponly=True, samesite="lax")
        return drawn

    def app(self) -> Starlette:
        """The board as an application."""
        one = "/notes/{number:int}"
        routes = [
            *_both("/join", self.joining, self.join),
            *_both("/enter", self.entry, self.enter),
            Route("/leave", self.leave, methods=["POST"]),
            Route("/card", self.card),
            *_both("/notes", self.notes, self.pin),
            Route(one, self.note),
            Route(one + "/{what:str}", self.change, methods=["POST"]),
        ]

        async def refused(request: Request, error: Exception) -> Response:
            return self._page(request, f"<p role=alert class=wrong>{html.escape(str(error))}</p>", 422)

        hardened = Middleware(SecurityHeaders)
        return Starlette(routes=routes, middleware=[hardened], exception_handlers={RefusedError: refused})


def _both(path: str, drawn: Handler, sent: Handler) -> list[Route]:
    return [Route(path, drawn, methods=["GET"]), Route(path, sent, methods=["POST"])]


def _hashed(password: str) -> bytes:
    return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=b"board", n=2, r=8, p=1)


@contextlib.contextmanager
def serving(board: Board) -> Iterator[str]:
    """The board on a free port of 127.0.0.1, from a thread: its URL."""
    with listening() as at:
        server = uvicorn.Server(uvicorn.Config(board.app(), lifespan="off", log_level="error", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [at]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{at.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(LIMIT_SECONDS)

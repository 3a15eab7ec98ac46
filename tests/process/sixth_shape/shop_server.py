"""A deployment whose shape is unlike every other one here, on two hosts, and correct.

A browser's script signs in by a form: a failure redirects, a success answers with an opaque ticket in a header,
which goes into a header of the requests after it. What renews a ticket is a cookie. All else answers 200 and tells
by ``/ok`` and ``/error/code``; only sign-out, when it worked, answers 401. What changes something repeats a cookie
in a header.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import re
import secrets
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.process.sixth_shape.shop_ledger import SITTING_SECONDS, Ledger
from tests.support.limits import LIMIT_SECONDS
from tests.support.security_headers import SecurityHeaders

TICKET = "X-Shop-Ticket"
CSRF_HEADER = "X-Shop-Form"
CSRF_COOKIE = "shop_form"
RENEWAL_COOKIE = "shop_renewal"
MIN_SECRET, MAX_SECRET = 10, 200
MAX_TEXT = 500
LAST = 2**63 - 1
"""The greatest number that the ledger can have given."""
MOST_FAILURES, GUESSING_SECONDS = 3, 1
UNCHANGING = frozenset({"GET", "HEAD", "OPTIONS"})

ENTRY_PAGE = """<!doctype html><html lang="en"><title>Entry</title><form id="entry" method="post">
<label>Mail <input name="login" type="email"></label>
<label>Secret <input name="secret" type="password"></label><button>Enter</button></form></html>"""

Handler = Callable[[Request], Awaitable[Response]]


class RefusedError(Exception):
    """An operation that is not done, and the code that says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Shop:
    """The shop's two applications over one ledger. Its methods are seams that a test may break."""

    ledger: Ledger
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    failures: dict[str, list[float]] = field(default_factory=dict)
    """When signing in to each address failed lately, in seconds of the monotonic clock."""

    # --- who asks, and from where ---

    def customer(self, request: Request) -> Any:
        """Whoever holds the ticket that came, once, in the header."""
        tickets = request.headers.getlist(TICKET)
        holder = self.ledger.holder(tickets[0]) if len(tickets) == 1 else None
        if holder is None:
            raise RefusedError("NOBODY")
        return holder

    def own(self, request: Request) -> Any:
        """Whoever asks, where the path names them."""
        customer = self.customer(request)
        if customer["number"] != request.path_params["customer"] or request.path_params.get("slip", 0) > LAST:
            raise RefusedError("NO_SUCH")
        return customer

    def form_token(self) -> str:
        value = secrets.token_urlsafe(16)
        return f"{value}.{self._signature(value)}"

    def check_form_token(self, request: Request) -> None:
        """Double submit (OWASP): header and cookie are one value, which the shop signed."""
        cookie, header = request.cookies.get(CSRF_COOKIE, ""), request.headers.get(CSRF_HEADER, "")
        value, _, signature = cookie.partition(".")
        signed = hmac.compare_digest(signature.encode(), self._signature(value).encode())
        if not (signed and hmac.compare_digest(cookie.encode(), header.encode())):
            raise RefusedError("STALE_FORM")

    def is_guessing(self, mail: str) -> bool:
        """Whether signing in to that address, which need not be known, failed too often just now."""
        recent = [at for at in self.failures.pop(mail, []) if time.monotonic() - at < GUESSING_SECONDS]
        if recent:
            self.failures[mail] = recent
        return len(recent) >= MOST_FAILURES

    def _signature(self, value: str) -> str:
        return hmac.digest(self.key, value.encode(), hashlib.sha256).hex()

    # --- the counter: accounts ---

    async def entry_page(self, _request: Request) -> Response:
        page = HTMLResponse(ENTRY_PAGE)
        page.set_cookie(CSRF_COOKIE, self.form_token(), samesite="lax")
        return page

    async def enter(self, request: Request) -> Response:
        try:
            self.check_form_token(request)
        except RefusedError:
            return RedirectResponse("/counter/entry?error=stale", 303)
        form = await request.form()
        mail, secret = str(form.get("login", "")).strip().casefold(), str(form.get("secret", ""))
        if self.is_guessing(mail):
            return RedirectResponse("/counter/entry?error=slow", 303, {"Retry-After": str(GUESSING_SECONDS)})
        customer = self.ledger.customer_by(mail, secret) if len(secret) <= MAX_SECRET else None
        if customer is None:
            self.failures.setdefault(mail, []).append(time.monotonic())
            return RedirectResponse("/counter/entry?error=unknown", 303)
        ticket, renewal = self.ledger.sit_down(customer["number"])
        answer = done({"welcome": customer["handle"]})
        answer.headers[TICKET] = ticket
        answer.set_cookie(CSRF_COOKIE, self.form_token(), samesite="lax")
        return with_renewal(answer, renewal)

    async def leave(self, request: Request) -> Response:
        self.ledger.get_up(self.customer(request)["sitting"])
        answer = JSONResponse({"ok": True}, 401, {"WWW-Authenticate": "Ticket"})
        answer.delete_cookie(RENEWAL_COOKIE, path="/counter", httponly=True, samesite="strict")
        return answer

    async def renew(self, request: Request) -> Response:
        renewed = self.ledger.renew(request.cookies.get(RENEWAL_COOKIE, ""))
        if renewed is None:
            raise RefusedError("NOBODY")
        ticket, renewal = renewed
        return with_renewal(done({"ticket": {"value": ticket}}), renewal)

    async def enrol(self, request: Request) -> Response:
        asked = await fields(request, "customer")
        mail, handle, secret = (text(asked, key, MAX_SECRET) for key in ("mail", "handle", "secret"))
        if len(secret) < MIN_SECRET or mail.count("@") != 1 or secret in (mail, handle):
            raise RefusedError("BAD_FIELDS")
        self.ledger.enrol(mail.strip().casefold(), handle, secret)
        return done({"enrolled": True})

    async def who(self, request: Request) -> Response:
        customer = self.customer(request)
        shown = {key: customer[key] for key in ("number", "mail", "handle", "alias")}
        return done({"customer": shown})

    async def rename(self, request: Request) -> Response:
        customer = self.customer(request)
        self.ledger.rename(customer["number"], text(await fields(request, "customer"), "alias", MAX_TEXT))
        return done({})

    async def close(self, request: Request) -> Response:
        customer = self.customer(request)
        asked = await fields(request)
        if not self.ledger.secret_fits(customer["secret"], text(asked, "secret", MAX_SECRET)):
            raise RefusedError("BAD_FIELDS")
        self.ledger.close(customer["number"])
        return done({})

    # --- the shelf: what belongs to a customer ---

    async def list_slips(self, request: Request) -> Response:
        owner = self.own(request)
        after = request.query_params.get("after", "")
        start = int(after) if re.fullmatch(r"[0-9]{1,15}", after) else 0
        slips, more = self.ledger.slips(owner["number"], start)
        following = f"{request.url.path}?after={slips[-1]['number']}" if more else None
        return done({"slips": [shown(slip) for slip in slips], "next": following})

    async def write_slip(self, request: Request) -> Response:
        owner = self.own(request)
        wanted = text(await fields(request, "slip"), "text", MAX_TEXT)
        return done({"slip": shown(self.ledger.write_slip(owner["number"], wanted))})

    async def read_slip(self, request: Request) -> Response:
        owner = self.own(request)
        return done({"slip": shown(self.ledger.slip(owner["number"], request.path_params["slip"]))})

    async def rewrite_slip(self, request: Request) -> Response:
        owner = self.own(request)
        wanted = text(await fields(request, "slip"), "text", MAX_TEXT)
        changed = self.ledger.rewrite_slip(owner["number"], request.path_params["slip"], wanted)
        return done({"slip": shown(changed)})

    async def remove_slip(self, request: Request) -> Response:
        owner = self.own(request)
        return done({"slip": shown(self.ledger.remove_slip(owner["number"], request.path_params["slip"]))})

    # --- the two applications ---

    def counter(self) -> Starlette:
        """Accounts and the entry page."""
        return application(
            Route("/counter/entry", self.entry_page, methods=["GET"]),
            # The form's failures redirect, so it looks at the CSRF token itself.
            Route("/counter/entry", self.enter, methods=["POST"]),
            self._route("DELETE", "/counter/entry", self.leave),
            self._route("POST", "/counter/renewal", self.renew),
            self._route("POST", "/customers", self.enrol),
            self._route("GET", "/customers/self", self.who),
            self._route("PUT", "/customers/self", self.rename),
            self._route("POST", "/customers/self/closure", self.close),
        )

    def shelf(self, counter_origin: str) -> Starlette:
        """The slips, for the counter's pages."""
        cors = Middleware(
            CORSMiddleware,
            allow_origins=[counter_origin],
            allow_credentials=True,
            allow_methods=["GET", "POST", "PUT"],
            allow_headers=[TICKET, CSRF_HEADER],
        )
        slips, slip = "/customers/{customer:int}/slips", "/customers/{customer:int}/slips/{slip:int}"
        return application(
            self._route("GET", slips, self.list_slips),
            self._route("POST", slips, self.write_slip),
            self._route("GET", slip, self.read_slip),
            self._route("PUT", slip, self.rewrite_slip),
            self._route("POST", f"{slip}/removal", self.remove_slip),
            middleware=[cors],
        )

    def _route(self, method: str, path: str, handler: Handler) -> Route:
        async def guarded(request: Request) -> Response:
            if request.method not in UNCHANGING:
                self.check_form_token(request)
            return await handler(request)

        return Route(path, guarded, methods=[method])


def done(result: object) -> JSONResponse:
    return JSONResponse({"ok": True, "result": result}, headers={"Cache-Control": "no-store"})


def refused(code: str) -> JSONResponse:
    return JSONResponse({"ok": False, "error": {"code": code}}, headers={"Cache-Control": "no-store"})


def with_renewal(answer: Response, renewal: str) -> Response:
    answer.set_cookie(
        RENEWAL_COOKIE, renewal, max_age=SITTING_SECONDS, path="/counter", httponly=True, samesite="strict"
    )
    return answer


def shown(slip: Any) -> dict[str, object]:
    if slip is None:
        raise RefusedError("NO_SUCH")
    return {"ref": {"number": slip["number"]}, "text": slip["text"]}


async def fields(request: Request, envelope: str = "") -> dict[str, object]:
    """The object in the body, or the one in its envelope."""
    try:
        content = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise RefusedError("BAD_FIELDS") from error
    inner = content.get(envelope) if envelope and isinstance(content, dict) else content
    if not isinstance(inner, dict):
        raise RefusedError("BAD_FIELDS")
    return inner


def text(asked: dict[str, object], key: str, longest: int) -> str:
    value = asked.get(key)
    if not isinstance(value, str) or not 0 < len(value) <= longest or not value.isprintable():
        raise RefusedError("BAD_FIELDS")
    return value


def application(*routes: Route, middleware: list[Middleware] | None = None) -> Starlette:
    """An application that answers 200 whatever is wrong, and tells by its body."""

    async def told(_request: Request, error: Exception) -> Response:
        return refused(error.code if isinstance(error, RefusedError) else "NO_SUCH")

    layers = [*(middleware or []), Middleware(SecurityHeaders)]
    made = Starlette(
        routes=routes, middleware=layers, exception_handlers={RefusedError: told, HTTPException: told}
    )
    made.router.redirect_slashes = False
    return made


@dataclass(frozen=True)
class Running:
    """Where a shop is, and its database."""

    counter: str
    shelf: str
    database: str


def listening() -> socket.socket:
    """A socket on a free port. asyncio turns Nagle's algorithm off only where the protocol is named."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.bind(("127.0.0.1", 0))
    made.listen()
    return made


@contextlib.contextmanager
def serving(folder: Path, kind: type[Shop] = Shop, ledger: type[Ledger] = Ledger) -> Iterator[Running]:
    """A shop on two free ports of 127.0.0.1, from a thread, for as long as the context."""
    with listening() as counter, listening() as shelf:
        urls = [f"http://127.0.0.1:{at.getsockname()[1]}" for at in (counter, shelf)]
        shop = kind(ledger(folder / "shop.sqlite"))
        servers = [
            uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="error", access_log=False))
            for app in (shop.counter(), shop.shelf(urls[0]))
        ]

        async def serve() -> None:
            await asyncio.gather(*(s.serve([at]) for s, at in zip(servers, (counter, shelf), strict=True)))

        thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
        thread.start()
        try:
            # The sockets listen already: a request that comes before the server waits for it.
            yield Running(urls[0], urls[1], shop.ledger.url)
        finally:
            for server in servers:
                server.should_exit = True
            thread.join(LIMIT_SECONDS)
            shop.ledger.rows.close()

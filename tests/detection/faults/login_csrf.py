"""Sign-in that another site's form reaches, and an own origin that is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from reference_backend import origins
from reference_backend.errors import ApiError
from reference_backend.settings import Settings
from tests.detection.faults.cross_site import skip_origin_check, take_any_body
from tests.detection.registry import fault
from tests.detection.request_bodies import again
from tests.detection.seams import middleware, request_header, wrap

LOGIN = "csrf-login-is-refused"
OWN = "own-origin-may-sign-in-and-out"
SIGN_IN = "/api/auth/sign-in/email"
FORM = "application/x-www-form-urlencoded"


def take_forms(path: str) -> None:
    """Read an urlencoded form at that path as the JSON object with its address and password."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if scope["path"] != path or request_header(scope, "content-type") != FORM:
            await inner(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        sent = dict(parse_qsl(body.decode()))
        content = json.dumps({name: sent.get(name) for name in ("email", "password")}).encode()
        kept = [pair for pair in scope["headers"] if pair[0] not in (b"content-type", b"content-length")]
        headers = [*kept, (b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]

        await inner({**scope, "headers": headers}, again(content), send)

    middleware(handle)


@fault(
    defect="cs-login-csrf", level="should", caught_by=LOGIN, says="form of type application/x-www-.*signed in as"
)
def another_site_s_form_signs_in() -> None:
    """Sign-in takes a form, and checks no origin where there is no cookie."""
    take_forms(SIGN_IN)
    skip_origin_check(lambda request: request.url.path == SIGN_IN)


@fault(defect="cs-login-csrf", level="should", caught_by=LOGIN, says="form of type text/plain .*signed in as")
def another_site_s_text_signs_in() -> None:
    """Sign-in takes JSON of any type, and checks no origin where there is no cookie."""
    take_any_body(SIGN_IN)
    skip_origin_check(lambda request: request.url.path == SIGN_IN)


def refuse_origin(path: str, fits: Callable[[str], bool]) -> None:
    """Refuse an own origin at that path where ``fits`` says so of it."""

    def check(original: Any, request: Request, settings: Settings) -> None:
        if request.url.path == path and fits(request.headers.get("origin", "")):
            raise ApiError(403, "INVALID_ORIGIN", "Invalid origin")
        original(request, settings)

    wrap(origins, "check", check)


@fault(defect="cs-trusted-origin-refused", caught_by=OWN, says="own, signs Ann in; but it was answered 403")
def an_own_origin_with_a_port_may_not_sign_in() -> None:
    """Sign-in compares the origin with the host without its port, as a proxy sends it."""
    refuse_origin(SIGN_IN, lambda origin: origin.count(":") > 1)


@fault(defect="cs-trusted-origin-refused", caught_by=OWN, says="own, signs Ann out; but it was answered 403")
def an_own_origin_without_a_slash_may_not_sign_out() -> None:
    """Sign-out compares the origin with the base address, which ends in a slash."""
    refuse_origin("/api/auth/sign-out", lambda origin: bool(origin) and not origin.endswith("/"))

"""Cookies that are right and unusual, which masking must neither take for secrets nor miss."""

from __future__ import annotations

import re
import secrets
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.types import Scope

from tests.detection.seams import change_headers, request_header
from tests.detection.variant_registry import variant

FLASHES = "eyJfZmxhc2hlcyI6W3siIHQiOlsibWVzc2FnZSIsIlBsZWFzZSBzaWduIGluIHRvIHNlZSB0aGlzIHBhZ2UuIl19XX0"
"""``{"_flashes":[{" t":["message","Please sign in to see this page."]}]}`` as a signed cookie carries it."""
_SESSION = re.compile(r"(auth\.session_token=)([^;\s]+)(;.*)", re.DOTALL)


@variant(
    stays_green=("signin-opens-own-session", "signout-ends-captured-session", "session-tampered-cookie-is-refused")
)
def a_cookie_holds_the_base_url() -> None:
    """Each answer sets a cookie with the percent-encoded base URL, as Auth.js does."""

    def change(scope: Scope, headers: MutableHeaders) -> None:
        url = quote(f"http://{request_header(scope, 'host')}", safe="")
        headers.append("set-cookie", f"callback-url={url}; Path=/; HttpOnly; SameSite=Lax")

    change_headers(change)


@variant(stays_green=("page-requires-authentication", "browser-protected-page-requires-signin"))
def visitors_get_a_signed_flash_cookie() -> None:
    """An anonymous visitor who is sent to sign-in gets a signed cookie with a message, as Flask sets it."""

    def change(scope: Scope, headers: MutableHeaders) -> None:
        if "/signin" in headers.get("location", ""):
            signature = secrets.token_urlsafe(20)
            headers.append("set-cookie", f"flash={FLASHES}.aSUMAw.{signature}; Path=/; HttpOnly; SameSite=Lax")
        elif scope["path"] == "/signin":
            headers.append("set-cookie", "flash=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")

    change_headers(change)


@variant(
    stays_green=(
        "signin-opens-own-session",
        "signout-ends-captured-session",
        "session-tampered-cookie-is-refused",
        "session-fixation-planted-cookie-is-not-adopted",
    )
)
def the_session_cookie_is_quoted() -> None:
    """The session cookie's value stands in double quotes (RFC 6265 section 4.1.1), and bare in another header."""

    def change(_: Scope, headers: MutableHeaders) -> None:
        cookies = headers.getlist("set-cookie")
        del headers["set-cookie"]
        for cookie in cookies:
            headers.append("set-cookie", _SESSION.sub(r'\1"\2"\3', cookie))
            if (found := _SESSION.match(cookie)) is not None:
                headers.append("set-auth-token", found[2])

    change_headers(change)

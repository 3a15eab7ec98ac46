"""Cookies that are right and unusual."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import Scope

from tests.detection.registry import HTTPS
from tests.detection.seams import change_headers
from tests.detection.variant_registry import variant

HTTP_ONLY = "cookie-session-is-http-only"
SECURE = "cookie-session-is-secure"
UNREADABLE = "browser-scripts-cannot-read-session"
NOT_REMEMBERED = "cookie-not-remembered-ends-with-the-browser"


@variant(
    stays_green=(HTTP_ONLY, SECURE, "signout-clears-the-cookie"),
    never_fail_on={"ck-session-cookie-not-httponly": "attribute names are case-insensitive"},
    settings=HTTPS,
)
def attributes_are_in_other_case() -> None:
    """The cookie's attributes are written HTTPONLY, SECURE and samesite."""

    def change(_scope: Scope, headers: MutableHeaders) -> None:
        lines = headers.getlist("set-cookie")
        del headers["set-cookie"]
        for line in lines:
            line = line.replace("HttpOnly", "HTTPONLY").replace("Secure;", "SECURE;").replace("Path=", "pAtH=")
            headers.append("set-cookie", line.replace("SameSite=lax", "samesite=LAX"))

    change_headers(change)


@variant(
    stays_green=(HTTP_ONLY, UNREADABLE),
    never_fail_on={
        "ck-session-cookie-not-httponly": "CSRF double-submit cookies and UI hints must be readable",
        "ck-session-cookie-not-secure": "skip on http",
    },
    not_applicable={SECURE: "reached over plain http"},
)
def scripts_read_other_cookies() -> None:
    """On http, without Secure: a CSRF cookie and a hint for the page, which scripts read."""

    def change(scope: Scope, headers: MutableHeaders) -> None:
        if "auth.session_token" in "".join(headers.getlist("set-cookie")) or scope["path"] == "/signin":
            headers.append("set-cookie", "XSRF-TOKEN=Zm9yLXNjcmlwdHMtdG8tcmVhZA; Path=/; SameSite=Lax")
            headers.append("set-cookie", "signed_in=yes; Path=/; SameSite=Lax")

    change_headers(change)


@variant(
    stays_green=(NOT_REMEMBERED, HTTP_ONLY, "signin-opens-own-session"),
    never_fail_on={"ck-persistent-despite-not-remembered": "Gate on profile"},
)
def the_address_is_remembered_and_not_the_session() -> None:
    """Every sign-in sets a cookie of a year that fills in the address the next time and signs nobody in."""

    def change(_scope: Scope, headers: MutableHeaders) -> None:
        if "auth.session_token" in "".join(headers.getlist("set-cookie")):
            headers.append("set-cookie", "last_address=a2VwdA; Max-Age=31536000; Path=/; SameSite=Lax; HttpOnly")

    change_headers(change)

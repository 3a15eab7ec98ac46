"""Session cookies that scripts can read or that travel in the clear."""

from typing import Any

from fastapi import Request, Response

from reference_backend import cookies
from reference_backend.settings import Settings
from tests.detection.registry import HTTPS, fault
from tests.detection.routes import session_cookie
from tests.detection.seams import wrap


@fault(
    defect="ck-session-cookie-not-httponly",
    caught_by="cookie-session-is-http-only",
    says='the cookie "auth.session_token", which signs in, is HttpOnly',
)
def scripts_can_read_the_session_cookie() -> None:
    """HttpOnly was omitted, so that the front end can send the cookie's value as a header."""
    session_cookie(httponly=False)


@fault(
    defect="ck-session-cookie-not-httponly",
    caught_by="cookie-session-is-http-only",
    says='the cookie "auth.token", which signs in, is HttpOnly',
)
def a_second_cookie_signs_in_and_scripts_can_read_it() -> None:
    """A readable copy of the session for the front end's own calls works without the original."""
    copy = "auth.token"

    def write(original: Any, response: Response, settings: Settings, token: str, max_age: int | None) -> None:
        original(response, settings, token, max_age)
        response.set_cookie(copy, f"{token}.{cookies._signature(settings, token)}", max_age=max_age)

    def presented(original: Any, request: Request, settings: Settings) -> set[str]:
        return original(request, settings) or {value for name, value in request.cookies.items() if name == copy}

    wrap(cookies, "write", write)
    wrap(cookies, "presented", presented)


@fault(
    defect="ck-session-cookie-not-secure",
    caught_by="cookie-session-is-secure",
    says='the cookie "auth.session_token", which signs in, is Secure',
    settings=HTTPS,
)
def the_session_cookie_travels_in_the_clear() -> None:
    """TLS ends at a proxy, so the framework believes that it serves http and omits Secure."""
    wrap(cookies, "name", lambda *_: "auth.session_token")
    session_cookie(secure=False)


@fault(
    defect="ck-persistent-despite-not-remembered",
    caught_by="cookie-not-remembered-ends-with-the-browser",
    says=r'the cookie "auth.session_token" outlives the browser \(Max-Age=\d+\) and signs her in',
    level="should",
)
def who_asks_not_to_be_remembered_is_remembered() -> None:
    """The box on the form is sent, and the cookie has the same end either way."""

    def write(original: Any, response: Response, settings: Settings, token: str, max_age: int | None) -> None:
        original(response, settings, token, 86_400 if max_age is None else max_age)

    wrap(cookies, "write", write)


@fault(
    defect="ck-persistent-despite-not-remembered",
    caught_by="cookie-not-remembered-ends-with-the-browser",
    says=r'the cookie "auth.remember" outlives the browser \(Expires=.* GMT\) and signs her in',
    level="should",
)
def a_second_cookie_remembers_regardless() -> None:
    """The session's own cookie ends with the browser, and a token that brings it back is always set."""
    copy = "auth.remember"

    def write(original: Any, response: Response, settings: Settings, token: str, max_age: int | None) -> None:
        original(response, settings, token, max_age)
        value = f"{token}.{cookies._signature(settings, token)}"
        response.set_cookie(copy, value, expires=2_592_000, httponly=True, secure=settings.https, samesite="lax")

    def presented(original: Any, request: Request, settings: Settings) -> set[str]:
        return original(request, settings) or {value for name, value in request.cookies.items() if name == copy}

    wrap(cookies, "write", write)
    wrap(cookies, "presented", presented)

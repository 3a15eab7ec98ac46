"""Cookies that browsers drop or send too widely, and redirects that carry credentials."""

from __future__ import annotations

import json

from reference_backend import cookies
from tests.detection.answers import Exchanged, change_answers
from tests.detection.registry import HTTPS, fault
from tests.detection.routes import session_cookie
from tests.detection.seams import wrap

REDIRECT, BODY = "redirect-has-no-credential", "signin-is-not-redirected-with-its-body"
NONE, PREFIX, PREFIXED = "cookie-samesite-none-is-secure", "cookie-prefix-is-obeyed", "cookie-session-has-a-prefix"
SAMESITE, ONE, SHARED = (
    "cookie-session-is-samesite",
    "cookie-is-set-to-one-value",
    "caching-renewed-session-is-not-shared",
)
IN_REDIRECT, LOOSE = "si-credentials-in-redirect", "ck-samesite-none-or-missing"
ENTRIES = ("/api/auth/sign-in/email", "/api/auth/sign-up/email")


def _set_also(line: str) -> None:
    def change(one: Exchanged) -> None:
        if one.path in ENTRIES:
            one.headers.append("set-cookie", line)

    change_answers(change)


@fault(defect=IN_REDIRECT, caught_by=REDIRECT, says="redirects to an address with a credential")
def sign_in_leads_on_with_the_session() -> None:
    """The session travels in the address to the page after sign-in."""

    def change(one: Exchanged) -> None:
        if one.path in ENTRIES and "set-cookie" in one.headers:
            value = one.headers["set-cookie"].partition(";")[0].partition("=")[2]
            one.headers["location"] = f"/tasks?session={value}"

    change_answers(change)


@fault(defect=IN_REDIRECT, caught_by=REDIRECT, says="redirects to an address with a credential")
def sign_in_leads_on_with_a_token() -> None:
    """The token travels in the address to the front end."""

    def change(one: Exchanged) -> None:
        if one.path in ENTRIES and one.status == 200:
            one.headers["location"] = f"/tasks?token={json.loads(one.body)['refreshToken']}"

    change_answers(change)


@fault(defect=IN_REDIRECT, caught_by=REDIRECT, says="redirects to an address with the password")
def a_failed_entry_leads_back_with_the_form() -> None:
    """The form's fields are in the address to which a failed entry leads back."""

    def change(one: Exchanged) -> None:
        if one.path in ENTRIES and one.status == 400:
            one.status = 303
            one.headers["location"] = f"/signin?password={json.loads(one.content)['password']}"

    change_answers(change)


def _moved(location: str) -> None:
    def change(one: Exchanged) -> None:
        if one.path in ENTRIES and one.status == 400:
            one.status = 307
            one.headers["location"] = location

    change_answers(change)


@fault(defect=IN_REDIRECT, caught_by=REDIRECT, says="send the password on to another origin")
def an_incomplete_entry_is_sent_to_another_origin() -> None:
    """What the new form does not know is sent on to the old identity provider."""
    _moved("https://login.example.com/legacy")


@fault(defect=IN_REDIRECT, caught_by=BODY, says="redirected with 307", level="should")
def an_incomplete_entry_is_sent_on_with_its_body() -> None:
    """What the new form does not know is sent on to the old route."""
    _moved("/legacy/sign-in")


@fault(defect="ck-samesite-none-without-secure", caught_by=NONE, says='"auth.session_token" with SameSite=None')
def the_session_is_for_every_site_and_not_secure() -> None:
    """SameSite=None for an embedded page, on a server that believes it serves http."""
    session_cookie(samesite="none", secure=False)


@fault(defect="ck-samesite-none-without-secure", caught_by=NONE, says='"lang" with SameSite=None')
def another_cookie_is_for_every_site_and_not_secure() -> None:
    """The session is right, and another cookie is not."""
    _set_also("lang=en; Path=/; SameSite=None")


@fault(defect="ck-prefix-violated", caught_by=PREFIX, says='"__Host-csrf" with path=/, domain=127.0.0.1, secure')
def a_host_cookie_has_a_domain() -> None:
    """The name says one host, the attribute a domain."""
    _set_also("__Host-csrf=4f0c0b; Path=/; Domain=127.0.0.1; Secure")


@fault(defect="ck-prefix-violated", caught_by=PREFIX, says='"__Host-csrf" with path=/,')
def a_host_cookie_is_not_secure() -> None:
    """The name was changed for production, the attributes were not."""
    _set_also("__Host-csrf=4f0c0b; Path=/; HttpOnly")


@fault(defect="ck-prefix-violated", caught_by=PREFIX, says='"__Host-csrf" with path=/api')
def a_host_cookie_has_a_path() -> None:
    """The cookie is for a part of the host."""
    _set_also("__Host-csrf=4f0c0b; Path=/api; Secure")


@fault(defect="ck-prefix-violated", caught_by=PREFIX, says='"__Secure-csrf" with path=/')
def a_secure_cookie_is_not_secure() -> None:
    """The prefix demands an attribute that is missing."""
    _set_also("__Secure-csrf=4f0c0b; Path=/")


@fault(
    defect="ck-prefix-violated",
    caught_by=PREFIXED,
    says='sets "auth.session_token"',
    level="should",
    settings=HTTPS,
)
def the_session_cookie_has_no_prefix() -> None:
    """The cookie has the same name with and without TLS."""
    wrap(cookies, "name", lambda *_: "auth.session_token")


@fault(defect=LOOSE, caught_by=SAMESITE, says="with SameSite=none", level="should")
def the_session_is_for_every_site() -> None:
    """SameSite=None was needed for a demonstration in a frame."""
    session_cookie(samesite="none", secure=True)


@fault(defect=LOOSE, caught_by=SAMESITE, says="with no SameSite", level="should")
def nothing_says_for_which_site_the_session_is() -> None:
    """The framework's default sets no SameSite."""
    session_cookie(samesite=None)


@fault(defect=LOOSE, caught_by=SAMESITE, says="with SameSite=Relaxed", level="should")
def the_session_has_a_made_up_same_site() -> None:
    """The value is none that browsers know, so that it counts as absent."""

    def change(one: Exchanged) -> None:
        lines = one.headers.getlist("set-cookie")
        del one.headers["set-cookie"]
        for line in lines:
            one.headers.append("set-cookie", line.replace("SameSite=lax", "SameSite=Relaxed"))

    change_answers(change)


@fault(defect="ck-duplicate-set-cookie", caught_by=ONE, says='sets "lang" to two values', level="may")
def a_cookie_is_set_to_two_values() -> None:
    """Two layers set the same cookie."""

    def change(one: Exchanged) -> None:
        for value in ("en", "de"):
            one.headers.append("set-cookie", f"lang={value}; Path=/")

    change_answers(change)


def _kept(path: str, control: str) -> None:
    def change(one: Exchanged) -> None:
        if one.path == path:
            one.headers["cache-control"] = control

    change_answers(change)


@fault(defect="hc-session-cookie-on-shared-answer", caught_by=SHARED, says='GET .*/ was .*"auth.session_token"')
def the_front_page_is_public_and_renews_the_session() -> None:
    """The front page is cached for everybody, and its visit renews the session."""
    _kept("/", "public, max-age=300")


@fault(defect="hc-session-cookie-on-shared-answer", caught_by=SHARED, says="GET .*/style.css .*s-maxage")
def a_stylesheet_renews_the_session() -> None:
    """The middleware that renews sessions runs for static files as well."""

    def change(one: Exchanged) -> None:
        if one.path == "/static/style.css" and one.cookie:
            one.headers["cache-control"] = "public, s-maxage=31536000, immutable"
            one.headers.append("set-cookie", f"auth.session_token={one.cookie}; Path=/; HttpOnly; SameSite=Lax")

    change_answers(change)

"""Cookies and redirects that are right and unusual."""

from __future__ import annotations

from tests.detection.answers import Exchanged, change_answers
from tests.detection.faults.observed_cookies import (
    BODY,
    ENTRIES,
    NONE,
    ONE,
    PREFIX,
    REDIRECT,
    SAMESITE,
    SHARED,
)
from tests.detection.routes import session_cookie
from tests.detection.variant_registry import variant

_CROSS_SITE = 'trusted_origins = ["https://app.example.com"]'


@variant(stays_green=(REDIRECT, BODY), never_fail_on={"si-credentials-in-redirect": "302/303; 200 JSON."})
def sign_in_says_where_to_go() -> None:
    """Sign-in answers 200 with JSON and a Location, and sign-out sends browsers to the sign-in page."""

    def change(one: Exchanged) -> None:
        if one.path in ENTRIES and one.status == 200:
            one.headers["location"] = "/tasks"

    change_answers(change)


@variant(stays_green=(PREFIX, NONE), never_fail_on={"ck-prefix-violated": "No prefix on http"})
def a_cookie_has_no_attributes() -> None:
    """A cookie for the language has neither prefix nor attributes."""

    def change(one: Exchanged) -> None:
        one.headers.append("set-cookie", "lang=en")

    change_answers(change)


@variant(stays_green=SAMESITE, never_fail_on={"ck-samesite-none-or-missing": "Lax or Strict."})
def the_session_is_strict() -> None:
    """The session is sent with no request of another site, links included."""
    session_cookie(samesite="strict")


@variant(
    stays_green=(SAMESITE, NONE),
    never_fail_on={"ck-samesite-none-or-missing": "Cross-site frontend/backend needs None; Secure."},
    profile=_CROSS_SITE,
)
def the_front_end_is_on_another_site() -> None:
    """The session goes with requests of a declared front end elsewhere."""
    session_cookie(samesite="none", secure=True)


@variant(
    stays_green=ONE,
    never_fail_on={"ck-duplicate-set-cookie": "identical or empty duplicates must pass"},
)
def a_cookie_is_set_twice_alike() -> None:
    """Two layers set the same cookie to the same value, or take it away."""

    def change(one: Exchanged) -> None:
        english, gone = "lang=en; Path=/", "old=; Max-Age=0"
        for line in (english, english, "lang=de; Path=/api", gone, gone):
            one.headers.append("set-cookie", line)

    change_answers(change)


def _front_page(control: str, cookie: str = "") -> None:
    def change(one: Exchanged) -> None:
        if one.path == "/":
            one.headers["cache-control"] = control
        if cookie:
            one.headers.append("set-cookie", cookie)

    change_answers(change)


@variant(
    stays_green=SHARED,
    never_fail_on={
        "hc-session-cookie-on-shared-answer": "Set-Cookie of cookies that open nothing (language, CSRF); private"
    },
)
def a_public_file_sets_the_language() -> None:
    """Static files are public and set the language; the front page is private."""

    def change(one: Exchanged) -> None:
        if one.path.startswith("/static/"):
            one.headers["cache-control"] = "public, max-age=600"
            one.headers.append("set-cookie", "lang=en; Path=/")
        if one.path == "/":
            one.headers["cache-control"] = "private, max-age=60"

    change_answers(change)


@variant(
    stays_green=SHARED,
    never_fail_on={"hc-session-cookie-on-shared-answer": 'no-cache="set-cookie"'},
)
def the_front_page_is_public_but_for_its_cookies() -> None:
    """Caches keep the front page, and ask again before they use its Set-Cookie."""
    _front_page('public, max-age=60, no-cache="Set-Cookie"')


@variant(
    not_tested={SHARED: "no answer to a GET that sets a cookie which signs in was seen"},
    never_fail_on={"hc-session-cookie-on-shared-answer": "not near renewal: not tested."},
    settings={"REFERENCE_SESSION_UPDATE_AGE": "518400"},
)
def no_page_renews_the_session() -> None:
    """A session is renewed after six days, which nobody waits for."""

"""Pages that show or hand out credentials."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from reference_backend import cookies
from reference_backend.settings import Settings
from tests.detection.faults.browser_signin import FETCHING_FORM, GO_ON, SIGN_IN_FORM
from tests.detection.registry import fault
from tests.detection.seams import (
    allow_any_script,
    edit_template,
    know_the_request,
    path,
    wrap,
)

READABLE = "ck-session-cookie-not-httponly"
UNMASKED = "ui-password-not-masked"
IN_ADDRESS = "ui-credentials-in-url-without-js"
UNREADABLE = "browser-scripts-cannot-read-session"
MASKED = "browser-password-is-masked"
NO_ADDRESS = "browser-password-not-in-url"
STORED, KEPT = "ck-token-in-script-readable-storage", "browser-no-token-in-script-readable-storage"
PASSWORD_FIELD = 'name="password" type="password"'


@fault(defect=READABLE, caught_by=UNREADABLE, says="no script can read the session cookie")
def the_page_s_cookie_is_readable() -> None:
    """The API sets the cookie with HttpOnly, the page's own sign-in without."""

    def set_cookie(original: Any, response: Response, settings: Settings, value: str, max_age: int | None) -> None:
        if path() == "/signin":
            response.set_cookie(cookies.name(settings), value, max_age=max_age, samesite="lax")
        else:
            original(response, settings, value, max_age)

    know_the_request()
    wrap(cookies, "_set", set_cookie)


@fault(defect=READABLE, caught_by=UNREADABLE, says="no script can read the session cookie")
def the_page_keeps_the_session_in_storage() -> None:
    """The page hands the session to its scripts, which keep it in localStorage."""
    allow_any_script()
    store = "<script>localStorage.cookies = JSON.stringify({{ request.cookies | tojson }})</script>"
    edit_template("base.html", "</main>", "</main>" + store)


@fault(defect=UNMASKED, caught_by=MASKED, says="on [^ ]*/signin it is of type text")
def the_sign_in_password_is_shown() -> None:
    """The field is of type text."""
    edit_template("signin.html", PASSWORD_FIELD, 'name="password" type="text"')


@fault(defect=UNMASKED, caught_by=MASKED, says="on [^ ]*/signup it is of type text")
def the_sign_up_password_is_shown() -> None:
    """The field in which users choose a password is of type text."""
    edit_template("signup.html", PASSWORD_FIELD, 'name="password" type="text"')


@fault(defect=UNMASKED, caught_by=MASKED, says="on [^ ]*/signin it is of type text")
def the_password_is_shown_while_it_is_typed() -> None:
    """A script shows the password at the first key and hides it on leaving the field."""
    allow_any_script()
    shows = PASSWORD_FIELD + " oninput=\"this.type = 'text'\" onblur=\"this.type = 'password'\""
    edit_template("signin.html", PASSWORD_FIELD, shows)


@fault(defect=IN_ADDRESS, caught_by=NO_ADDRESS, says="password is in no address", level="should")
def the_sign_in_form_is_sent_by_get() -> None:
    """The form names no method, and the browser's is GET."""
    edit_template("signin.html", SIGN_IN_FORM, '<form action="/signin">')


@fault(defect=IN_ADDRESS, caught_by=NO_ADDRESS, says="password is in no address", level="should")
def the_sign_in_form_counts_on_its_script() -> None:
    """A script posts the form; pressed before it runs, the browser sends it by GET."""
    allow_any_script()
    edit_template("signin.html", SIGN_IN_FORM, FETCHING_FORM.format(then=GO_ON))


def keep_token(statement: str) -> None:
    """Let a script of each page ask for a token, and do that with it."""
    allow_any_script()
    asks = "fetch('/api/auth/token').then(answer => answer.json()).then"
    script = f"<script>{asks}(({{token}}) => {{ {statement} }})</script>"
    edit_template("base.html", "</main>", f"</main>{{% if visitor %}}{script}{{% endif %}}")


@fault(defect=STORED, caught_by=KEPT, level="may", says="localStorage has a token that opens the tasks")
def the_page_keeps_its_token_in_local_storage() -> None:
    """A script keeps the access token in localStorage."""
    keep_token("localStorage.token = token")


@fault(defect=STORED, caught_by=KEPT, level="may", says="a cookie without HttpOnly is a token that opens")
def the_page_keeps_its_token_in_a_cookie() -> None:
    """A script keeps the access token in a cookie, for requests from other pages of it."""
    keep_token("document.cookie = `jwt=${token}; path=/`")


@fault(defect=STORED, caught_by=KEPT, level="may", says="sessionStorage has a token that opens the tasks")
def the_page_keeps_its_token_for_the_tab() -> None:
    """A script keeps what it was answered, the access token among it, in sessionStorage."""
    keep_token("sessionStorage.auth = JSON.stringify({token, at: Date.now()})")

"""Fields for passwords that are right and unusual."""

from __future__ import annotations

from tests.detection.faults.browser_secrets import KEPT, STORED, keep_token
from tests.detection.faults.browser_signin import FETCHING_FORM, SIGN_IN_FORM
from tests.detection.seams import allow_any_script, edit_template
from tests.detection.variant_registry import variant

MASKED = "browser-password-is-masked"
NO_ADDRESS = "browser-password-not-in-url"
SIGNS_IN = "browser-signin"
_TOGGLE = """<button type="button" aria-label="Show what is typed" onclick="
  const field = this.form.password; field.type = field.type === 'text' ? 'password' : 'text'
">Show</button>
"""
_BY_ID = "new URLSearchParams({{email: email.value, password: password.value, callbackURL: '/tasks'}})"


_SHOWN = (
    ".then(answer => answer.redirected ? location = '/tasks' : answer.text().then(page => "
    "{ document.open(); document.write(page); document.close() }))"
)


@variant(
    stays_green=(MASKED, SIGNS_IN, NO_ADDRESS),
    never_fail_on={"ui-password-not-masked": "Show-password toggles that start masked."},
)
def a_button_shows_the_password() -> None:
    """Beside the masked field a button shows what was typed."""
    allow_any_script()
    edit_template("signin.html", '<button type="submit"', _TOGGLE + '<button type="submit"')


@variant(
    stays_green=(NO_ADDRESS, MASKED, SIGNS_IN),
    never_fail_on={
        "ui-credentials-in-url-without-js": "Inputs without name attributes",
    },
)
def the_fields_have_no_names() -> None:
    """A script sends the form's fields, which have no names, so that without it nothing is sent."""
    allow_any_script()
    form = FETCHING_FORM.replace("new URLSearchParams(new FormData(this))", _BY_ID).format(then=_SHOWN)
    edit_template("signin.html", SIGN_IN_FORM, form)
    for name in ("email", "password"):
        edit_template("signin.html", f'id="{name}" name="{name}"', f'id="{name}"')


@variant(
    stays_green=SIGNS_IN,
    never_fail_on={STORED: "SPAs with bearer tokens do this by design."},
    warns={KEPT: "localStorage has a token"},
)
def a_script_keeps_its_token_in_storage() -> None:
    """A script keeps the access token in localStorage, by design."""
    keep_token("localStorage.token = token")


@variant(stays_green=(KEPT, SIGNS_IN))
def a_script_keeps_its_token_in_memory() -> None:
    """A script keeps the access token in a variable, and values that open nothing in storage."""
    keep_token("window.held = token; localStorage.seen = 'a-session-of-no-interest-0001'")

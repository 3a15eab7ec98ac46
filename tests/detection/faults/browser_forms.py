"""Forms that take no pasted password, or can't be used again."""

from __future__ import annotations

from tests.detection.faults.browser_signin import FETCHING_FORM, GO_ON, SIGN_IN_FORM
from tests.detection.registry import fault
from tests.detection.seams import allow_any_script, edit_template

BLOCKED, STUCK = "ui-paste-or-manager-blocked", "ui-submit-stuck"
PASTED = "browser-password-can-be-pasted"
INVITED = "browser-password-managers-are-not-switched-off"
SURVIVES = "browser-form-survives-failed-request"
BROKEN = "ui-signin-flow-broken"
BY_KEYBOARD, TWICE = "browser-signin-by-keyboard", "browser-double-submit-signs-in"
PENDING = '<script src="/static/pending.js" defer></script>'
FIELD = 'name="password" type="password"'
BUTTON = '<button type="submit" data-pending="Signing in…">'
SENDING = "this.querySelector('[type=submit]').disabled = true;"


def with_attribute(template: str, attribute: str) -> None:
    """Give the field for the password another attribute."""
    allow_any_script()
    edit_template(template, FIELD, f"{FIELD} {attribute}")


@fault(
    defect=BLOCKED,
    caught_by=PASTED,
    says='can be pasted.*; but the field "Password" on [^ ]*/signin is still',
)
def no_password_can_be_pasted_at_sign_in() -> None:
    """The field cancels each paste."""
    with_attribute("signin.html", 'onpaste="return false"')


@fault(defect=BLOCKED, caught_by=PASTED, says="on [^ ]*/signup is still empty")
def no_password_can_be_pasted_at_sign_up() -> None:
    """The field in which users choose a password cancels each paste."""
    with_attribute("signup.html", 'onpaste="return false"')


@fault(defect=BLOCKED, caught_by=PASTED, says="on [^ ]*/signin is still empty")
def the_form_takes_typed_input_only() -> None:
    """A script cancels input that was not typed key by key."""
    with_attribute("signin.html", "onbeforeinput=\"if (event.inputType !== 'insertText') event.preventDefault()\"")


@fault(defect=BLOCKED, caught_by=PASTED, says="on [^ ]*/signin is still empty")
def what_was_pasted_is_taken_out_again() -> None:
    """A script empties the field after a paste."""
    with_attribute("signin.html", "onpaste=\"setTimeout(() => { this.value = '' })\"")


@fault(defect=BLOCKED, caught_by=INVITED, level="should", says='"Password" on [^ ]*/signin has autocomplete="off"')
def the_field_switches_managers_off() -> None:
    """The field for the password has autocomplete="off"."""
    edit_template("signin.html", 'autocomplete="current-password"', 'autocomplete="off"')


@fault(defect=BLOCKED, caught_by=INVITED, level="should", says='"Password" on [^ ]*/signup has autocomplete="off"')
def the_form_switches_managers_off() -> None:
    """The sign-up form has autocomplete="OFF", and its field for the password says nothing."""
    edit_template("signup.html", 'autocomplete="new-password"', "")
    edit_template("signup.html", '<form method="post"', '<form autocomplete="OFF" method="post"')


@fault(
    defect=STUCK,
    caught_by=SURVIVES,
    level="should",
    says="used again within 5 s .*; but .* at .*/signin",
)
def the_button_stays_disabled_without_a_network() -> None:
    """A script disables the button while it sends, and enables it when an answer came."""
    allow_any_script()
    form = FETCHING_FORM.format(then=GO_ON).replace("fetch(", SENDING + "fetch(")
    edit_template("signin.html", SIGN_IN_FORM, form)
    edit_template("base.html", PENDING, "")


@fault(defect=STUCK, caught_by=SURVIVES, level="should", says="used again within 5 s .*sends nothing any more")
def the_form_is_sent_once() -> None:
    """A script notes that it sends the form, and not that it failed."""
    allow_any_script()
    form = FETCHING_FORM.format(then=GO_ON).replace(
        "fetch(", "if (window.sent) return; window.sent = true; fetch("
    )
    edit_template("signin.html", SIGN_IN_FORM, form)
    edit_template("base.html", PENDING, "")


# --- signing in in other ways ---


@fault(defect=BROKEN, caught_by=BY_KEYBOARD, level="should", says='Tab reaches the field "Password"')
def tab_leaves_the_password_out() -> None:
    """The field for the password is not among those that Tab reaches."""
    with_attribute("signin.html", 'tabindex="-1"')


@fault(defect=BROKEN, caught_by=BY_KEYBOARD, level="should", says="Ann's own at /tasks.* at [^ ]*/signin")
def the_button_takes_the_mouse_only() -> None:
    """What looks like a button is no control of the form, and sends it when it is clicked."""
    with_attribute("signin.html", "onkeydown=\"if (event.key === 'Enter') event.preventDefault()\"")
    click = "document.querySelector('form').submit()"
    edit_template(
        "signin.html", f"{BUTTON}Sign in</button>", f'<span role="button" onclick="{click}">Sign in</span>'
    )


@fault(defect=BROKEN, caught_by=TWICE, level="should", says="Ann's own at /tasks.* at [^ ]*/signin")
def a_second_click_takes_the_first_one_back() -> None:
    """A script takes its request back when the form is sent once more."""
    allow_any_script()
    once = "if (window.sending) { sending.abort(); return; } window.sending = new AbortController();"
    form = FETCHING_FORM.format(then=GO_ON).replace("fetch(", once + "fetch(")
    form = form.replace("method: 'POST'", "signal: sending.signal, method: 'POST'")
    edit_template("signin.html", SIGN_IN_FORM, form)
    edit_template("base.html", PENDING, "")

"""Forms that take pasted passwords and recover in ways of their own."""

from __future__ import annotations

from tests.detection.faults.browser_forms import SENDING, with_attribute
from tests.detection.faults.browser_signin import FETCHING_FORM, GO_ON, SIGN_IN_FORM
from tests.detection.seams import allow_any_script, edit_template
from tests.detection.variant_registry import variant

PASTED = "browser-password-can-be-pasted"
INVITED = "browser-password-managers-are-not-switched-off"
SURVIVES = "browser-form-survives-failed-request"
SIGNS_IN = "browser-signin"
BY_KEYBOARD, TWICE = "browser-signin-by-keyboard", "browser-double-submit-signs-in"


@variant(
    stays_green=(PASTED, SIGNS_IN),
    never_fail_on={"ui-paste-or-manager-blocked": "autocomplete=off alone is WARN."},
    warns={INVITED: 'has autocomplete="off"'},
)
def managers_are_asked_to_stay_away() -> None:
    """The field has autocomplete="off", and takes what is pasted."""
    with_attribute("signin.html", "")
    edit_template("signin.html", 'autocomplete="current-password"', 'autocomplete="off"')


@variant(stays_green=(PASTED, SIGNS_IN))
def a_script_puts_what_is_pasted_into_the_field() -> None:
    """A script cancels the paste, trims the text and puts it into the field, a moment later."""
    handler = (
        "event.preventDefault(); const text = event.clipboardData.getData('text').trim();"
        "setTimeout(() => { this.value = text }, 200)"
    )
    with_attribute("signin.html", f'onpaste="{handler}"')


@variant(stays_green=(INVITED, PASTED))
def a_field_in_a_form_without_autocomplete_has_its_own() -> None:
    """The form has autocomplete="off", and its field for the password says new-password."""
    edit_template("signup.html", '<form method="post"', '<form autocomplete="off" method="post"')


@variant(stays_green=(SURVIVES, SIGNS_IN))
def the_form_reports_a_failure_and_waits_a_moment() -> None:
    """A script disables the button while it sends, reports a failure, and enables it three seconds later."""
    allow_any_script()
    again = ".catch(() => setTimeout(() => { this.querySelector('[type=submit]').disabled = false }, 3000))"
    form = FETCHING_FORM.format(then=GO_ON + again).replace("fetch(", SENDING + "fetch(")
    edit_template("signin.html", SIGN_IN_FORM, form)
    edit_template("base.html", '<script src="/static/pending.js" defer></script>', "")


@variant(stays_green=(PASTED, SIGNS_IN))
def the_field_can_be_written_to_once_it_has_the_focus() -> None:
    """The field is read-only until it has the focus, so that no manager fills it in unasked."""
    with_attribute("signin.html", 'readonly onfocus="this.readOnly = false"')


@variant(stays_green=(TWICE, SIGNS_IN))
def the_button_is_disabled_while_it_sends() -> None:
    """A script sends the form and disables the button, so that a second click does nothing."""
    allow_any_script()
    edit_template(
        "signin.html", SIGN_IN_FORM, FETCHING_FORM.format(then=GO_ON).replace("fetch(", SENDING + "fetch(")
    )


@variant(stays_green=(BY_KEYBOARD, SIGNS_IN))
def the_first_field_has_the_focus() -> None:
    """The address has the focus at once, a link lies between the fields, and Enter sends nothing."""
    edit_template("signin.html", 'type="email"', 'type="email" autofocus')
    between = '<a href="/signup">Forgotten?</a><label for="password">'
    edit_template("signin.html", '<label for="password">', between)
    with_attribute("signin.html", "onkeydown=\"if (event.key === 'Enter') event.preventDefault()\"")

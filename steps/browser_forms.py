"""Sentences of browser-forms.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import browser_forms
from harness.scenario.world import World
from steps.phrases import sentence


@given("a browser can paste what it copied")
def can_paste(world: World) -> None:
    """Into a field of a page of the suite's own: the control."""
    browser_forms.control_paste(world)


@when("it pastes a password into each password field")
def pastes(world: World) -> None:
    """With the keyboard, as from a password manager."""
    browser_forms.paste_passwords(world)


@then("each of them holds what was pasted")
def holds_pasted(world: World) -> None:
    """None is empty."""
    browser_forms.must_hold_pasted(world)


@then('no password field asks the browser for autocomplete="off"')
def leaves_managers_on(world: World) -> None:
    """By itself or by its form."""
    browser_forms.must_not_switch_managers_off(world)


@when(sentence("{alias:Person} submits the sign-in form and its request fails on the way"))
def submits_in_vain(world: World, alias: str) -> None:
    """As where the network is gone."""
    browser_forms.submit_in_vain(world, alias)


@then("the form sends another request within 5 seconds")
def sends_again(world: World) -> None:
    """Opened again where the browser shows an error page."""
    browser_forms.must_send_again(world)


@when(sentence("{alias:Person} signs in on the sign-in page with the keyboard alone"))
def signs_in_by_keyboard(world: World, alias: str) -> None:
    """Tab, letters and Enter."""
    browser_forms.sign_in_by_keyboard(world, alias)


@when(sentence("{alias:Person} double-clicks the sign-in button"))
def double_clicks(world: World, alias: str) -> None:
    """As impatient users do."""
    browser_forms.sign_in_twice(world, alias)

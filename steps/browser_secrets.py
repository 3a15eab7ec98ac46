"""Sentences of browser-secrets.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import browser_secrets
from harness.scenario.world import World
from steps.phrases import sentence


@given("the sign-in page shows its form")
def form_is_there(world: World) -> None:
    """The control for a browser that sees less of it."""
    browser_secrets.control_form(world)


@when("a script on the page reads cookies and storage")
def script_reads(world: World) -> None:
    """As an injected one would."""
    browser_secrets.read_by_script(world)


@when(sentence("somebody opens the {kind:Words} page in a browser"))
def opens_form(world: World, kind: str) -> None:
    """Without cookies."""
    browser_secrets.open_form(world, kind)


@when(sentence("{alias:Person} fills in and submits the sign-in form where no script runs"))
def submits_without_scripts(world: World, alias: str) -> None:
    """As far as the page lets one."""
    browser_secrets.submit_without_scripts(world, alias)


@then(sentence("none of it is {alias:Person}'s session"))
def reads_no_session(world: World, alias: str) -> None:
    """By value, and by trying the cookies that were read."""
    browser_secrets.must_not_be_read(world, alias)


@then("the password is masked before and while it is typed")
def is_masked(world: World) -> None:
    """By the field's type."""
    browser_secrets.must_be_masked(world)


@then("no address that the browser asked for holds the password")
def not_in_addresses(world: World) -> None:
    """Addresses end in histories and logs."""
    browser_secrets.must_not_be_in_addresses(world)

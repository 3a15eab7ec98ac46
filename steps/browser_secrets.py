"""Sentences of browser-secrets.feature."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.flows import browser_secrets
from harness.scenario.world import World
from steps.phrases import sentence


@when("a script on the page reads cookies and storage")
def script_reads(world: World) -> None:
    """As an injected script would."""
    browser_secrets.read_by_script(world)


@when(sentence("{alias:Person} fills in and submits the sign-in form with scripts switched off"))
def submits_without_scripts(world: World, alias: str) -> None:
    """As far as the page allows it."""
    browser_secrets.submit_without_scripts(world, alias)


@then(sentence("nothing that it read is {alias:Person}'s session"))
def reads_no_session(world: World, alias: str) -> None:
    """By value, and by trying the cookies that were read."""
    browser_secrets.must_not_be_read(world, alias)


@then("the password field is masked before and while a password is typed")
def is_masked(world: World) -> None:
    """By the field's type."""
    browser_secrets.must_be_masked(world)


@then("no URL that the browser requested contains the password")
def not_in_urls(world: World) -> None:
    """URLs are kept in histories and logs."""
    browser_secrets.must_not_be_in_addresses(world)


@then(sentence("no token that it read opens {alias:Person}'s tasks"))
def reads_no_token(world: World, alias: str) -> None:
    """By trying each."""
    browser_secrets.must_open_nothing(world, alias)

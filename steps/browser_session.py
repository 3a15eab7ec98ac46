"""Sentences of browser-session.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import browser_session
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("the browser has lost {alias:Person}'s session meanwhile"))
def lost_session(world: World, alias: str) -> None:  # noqa: ARG001 - one browser is open
    """Its cookies are gone, as at their end."""
    browser_session.lose_session(world)


@given(sentence("another tab of that browser shows {alias:Person}'s protected page"))
def another_tab_shows(world: World, alias: str) -> None:
    """The control for that tab later."""
    browser_session.open_another_tab(world, alias)


@when(sentence("{alias:Person} tries {action:PageAction} on the open page"))
def acts(world: World, alias: str, action: str) -> None:  # noqa: ARG001 - one browser is open
    """On the page that is open."""
    browser_session.act(world, action)


@when(sentence("an anonymous client opens the protected page and watches for {alias:Person}'s data"))
def opens_watched(world: World, alias: str) -> None:
    """From the first moment on."""
    browser_session.open_watched(world, alias)


@when(sentence("{alias:Person} opens the protected page in the other tab"))
def opens_in_other_tab(world: World, alias: str) -> None:
    """Watching for her data."""
    browser_session.open_in_other_tab(world, alias)


@when(sentence("{alias:Person} presses the sign-out button and its request fails on the way"))
def signs_out_in_vain(world: World, alias: str) -> None:  # noqa: ARG001 - as above
    """As where the network is gone."""
    browser_session.sign_out_in_vain(world)


@when("the pointer passes over every link of the page")
def hovers(world: World) -> None:
    """Which may fetch what they lead to."""
    browser_session.hover_links(world)


@then(sentence("{alias:Person}'s browser leaves the protected page, asks to sign in or shows an error"))
def is_noticed(world: World, alias: str) -> None:
    """Whichever it is, the user sees it."""
    browser_session.must_be_noticed(world, alias)


@then(sentence("nothing of {alias:Person}'s appears to the client, not even for a moment"))
def has_not_appeared(world: World, alias: str) -> None:
    """From the first moment to the page that stays."""
    browser_session.must_not_have_appeared(world, alias)


@then(sentence("that tab asks to sign in, and nothing of {alias:Person}'s appears in it"))
def asks_there(world: World, alias: str) -> None:
    """Not even for a moment."""
    browser_session.must_ask_there(world, alias)


@then(sentence("no page looks as if {alias:Person} were signed out"))
def claims_nothing(world: World, alias: str) -> None:
    """Or it says that something failed."""
    browser_session.must_not_claim_sign_out(world, alias)

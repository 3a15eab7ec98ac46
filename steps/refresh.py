"""Sentences of refresh.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import refresh
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("an attacker has captured the refresh token of {alias:Person}'s laptop"))
def captured_refresh(world: World, alias: str) -> None:
    """A copy of what the laptop holds."""
    refresh.capture_refresh(world, alias)


@when(sentence("{alias:Person} refreshes on her laptop"))
def refreshes(world: World, alias: str) -> None:
    """The live refresh token is used: the control for its copy."""
    refresh.refresh(world, alias)


@when("the attacker presents the captured refresh token")
def presents_captured_refresh(world: World) -> None:
    """The copy, after the original was used."""
    refresh.present_captured(world)


@when(sentence("{alias:Person}'s laptop presents the successor"))
def presents_successor(world: World, alias: str) -> None:
    """The refresh token that the laptop got when it refreshed."""
    refresh.present_successor(world, alias)


@given(sentence("{alias:Person} has refreshed on her {device:Device}"))
def has_refreshed(world: World, alias: str, device: str) -> None:
    """The control for refused refresh tokens, on another device."""
    refresh.control_refresh(world, alias, device)


@then("it yields no token")
@then("neither yields a token")
def yields_nothing(world: World) -> None:
    """No access token came back."""
    refresh.must_have_yielded_nothing(world)


@when(sentence("an attacker presents the refresh token of {alias:Person}'s laptop as an access token"))
def presents_refresh_as_access(world: World, alias: str) -> None:
    """It is for the refresh operation only."""
    refresh.present_refresh_token(world, alias)


@then(sentence("the new token opens {alias:Person}'s tasks"))
def new_token_opens_tasks(world: World, alias: str) -> None:
    """By effect: her task is in the list."""
    refresh.must_open_tasks(world, alias)

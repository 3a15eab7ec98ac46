"""Sentences of signout.feature."""

from __future__ import annotations

from pytest_bdd import given, then

from harness.flows import signout
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("{alias:Person}'s {device:Device} holds a session cookie"))
def device_holds_cookie(world: World, alias: str, device: str) -> None:
    """The control for the cookie that must go."""
    signout.control_cookie(world, alias, device)


@then(sentence("{alias:Person}'s {device:Device} holds no session cookie"))
def device_holds_no_cookie(world: World, alias: str, device: str) -> None:
    """What a browser still has in its jar."""
    signout.must_hold_no_cookie(world, alias, device)

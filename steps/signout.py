"""Sentences of signout.feature."""

from __future__ import annotations

from pytest_bdd import given, then

from harness.flows import signout
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("{alias:Person}'s {device:Device} has a session cookie"))
def device_has_cookie(world: World, alias: str, device: str) -> None:
    """The control for the cookie that must go."""
    signout.control_cookie(world, alias, device)


@then(sentence("{alias:Person}'s {device:Device} has no session cookie"))
def device_has_no_cookie(world: World, alias: str, device: str) -> None:
    """In its cookie jar."""
    signout.must_hold_no_cookie(world, alias, device)

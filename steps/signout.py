"""Sentences of signout.feature."""

from __future__ import annotations

from pytest_bdd import given, then

from harness.flows import signout
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("her {device:Device} holds a session cookie"))
def device_holds_cookie(world: World, device: str) -> None:
    """The control for the cookie that must go."""
    signout.control_cookie(world, "Ann", device)


@then(sentence("her {device:Device} holds no session cookie"))
def device_holds_no_cookie(world: World, device: str) -> None:
    """What a browser still has in its jar."""
    signout.must_hold_no_cookie(world, "Ann", device)

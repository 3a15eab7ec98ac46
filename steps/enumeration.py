"""Sentences of enumeration.feature."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.flows import user_lookups
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("{other:Person} looks for {alias:Person} by every route that looks up users {how:LookupCaller}"))
def looks_for(world: World, other: str, alias: str, how: str) -> None:
    """Of the profile and of OpenAPI documents."""
    user_lookups.look_up(world, other, alias, how)


@then("no response tells her address or id, or that she has an account")
def tells_nothing(world: World) -> None:
    """But for what the request said itself."""
    user_lookups.must_tell_nothing(world)

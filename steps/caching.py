"""Sentences of caching.feature."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.flows import caching
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("{alias:Person} requests her {place:Place}"))
def requests_place(world: World, alias: str, place: str) -> None:
    """With what opens it for her."""
    caching.open_place(world, alias, place)


@then("no shared cache may store the response")
def not_shared(world: World) -> None:
    """By Cache-Control and Expires."""
    caching.must_not_be_shared(world)

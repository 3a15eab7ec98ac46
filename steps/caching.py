"""Sentences of caching.feature."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.flows import caching
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("{alias:Person} requests her {place:Place}"))
def requests_place(world: World, alias: str, place: str) -> None:
    """With her own session."""
    caching.open_place(world, alias, place)


@when(sentence("{alias:Person} lists her tasks at the API"))
def lists_at_api(world: World, alias: str) -> None:
    """With her own token."""
    caching.list_tasks(world, alias)


@then("no shared cache may store the response")
def not_shared(world: World) -> None:
    """By Cache-Control and Expires."""
    caching.must_not_be_shared(world)

"""Sentences of token-keys.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import token_keys
from harness.scenario.world import World
from steps.phrases import sentence


@given("an attacker serves keys of their own")
def serves_keys(world: World) -> None:
    """Where the deployment can reach them."""
    token_keys.serve_keys(world)


@when(sentence("an attacker signs a token of {alias:Person}'s with a key at its own {header:KeyAddress}"))
def presents_fetched(world: World, alias: str, header: str) -> None:
    """Signed with the key that is served there."""
    token_keys.present_fetched(world, alias, header)


@then("none of the attacker's keys was asked for")
def none_is_fetched(world: World) -> None:
    """A refusal that comes after the request is too late."""
    token_keys.must_not_be_fetched(world)

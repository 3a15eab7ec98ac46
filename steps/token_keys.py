"""Sentences of token-keys.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import key_rotation, token_keys
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


@when(sentence("the deployment changes its signing key, and {alias:Person} gets a new token"))
def changes_key(world: World, alias: str) -> None:
    """By the operation that the profile declares for it."""
    key_rotation.rotate(world, alias)


@then(sentence("{alias:Person}'s token from before the change still opens her tasks"))
def old_token_opens(world: World, alias: str) -> None:
    """A key stays known until its last token has ended."""
    key_rotation.must_still_open(world, alias)


@then(sentence("{alias:Person}'s token from after the change opens her tasks"))
def new_token_opens(world: World, alias: str) -> None:
    """Once the published keys can't be cached any more."""
    key_rotation.must_open_at_once(world, alias)

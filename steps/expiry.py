"""Sentences of expiry.feature."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.flows import expiry
from harness.scenario.world import World
from steps.phrases import sentence


@when("the session expires on the server")
def session_expires(world: World) -> None:
    """As the deployment allows; the verdict says how."""
    expiry.end_on_server(world)


@then("the token has an exp claim")
def token_has_exp(world: World) -> None:
    """A number, as RFC 7519 has it."""
    expiry.must_name_its_end(world)


@when(sentence("{alias:Person}'s token expires and an attacker presents it"))
def presents_expired(world: World, alias: str) -> None:
    """As the deployment allows; the verdict says how."""
    expiry.present_expired(world, alias)

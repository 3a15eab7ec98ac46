"""Sentences of expiry.feature."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.flows import expiry
from harness.scenario.world import World
from steps.phrases import sentence


@when("the session has reached its end on the server")
def session_ends(world: World) -> None:
    """Reach the end as the deployment allows; the verdict names how."""
    expiry.end_on_server(world)


@then("the token says when it ends")
def token_has_an_end(world: World) -> None:
    """The exp claim."""
    expiry.must_name_its_end(world)


@when(sentence("{alias:Person}'s token has expired and someone presents it"))
def token_has_expired(world: World, alias: str) -> None:
    """Reach its end as the deployment allows; the verdict names how."""
    expiry.present_expired(world, alias)

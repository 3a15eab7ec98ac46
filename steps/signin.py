"""Sentences of signin.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.deployment.accounts import SIGN_IN
from harness.flows import signin
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("{alias:Person} can sign in with a target inside the deployment {place:Words}"))
def can_sign_in_with_target(world: World, alias: str, place: str) -> None:
    """The control for targets that must not be followed."""
    inside = world.accounts.towards(place, world.page_after_sign_in())
    world.judge.control(SIGN_IN, world.accounts.signs_in(world.person(alias), inside))


@when(sentence('{alias:Person} signs in with the target "https://evil.invalid/x" {place:Words}'))
def signs_in_towards_elsewhere(world: World, alias: str, place: str) -> None:
    """Ask to be sent to another site afterwards."""
    signin.sign_in_towards_elsewhere(world, alias, place)


@then("nothing in the answer leads outside the deployment")
def leads_nowhere_else(world: World) -> None:
    """Neither Location nor the body's target, resolved as a browser does."""
    signin.must_stay_inside(world)


@when(sentence("someone tries three unknown addresses and three times {alias:Person}'s with a wrong password"))
def tries_known_and_unknown(world: World, alias: str) -> None:
    """Interleaved, addresses of one length, passwords of legal length."""
    signin.try_known_and_unknown(world, alias, times=3)


@then("the answers can't be told apart")
def answers_are_alike(world: World) -> None:
    """Status, header names and body, without what changes from one request to the next."""
    signin.must_be_alike(world)

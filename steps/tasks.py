"""Sentences of tasks.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import tasks
from harness.scenario.world import World
from steps.phrases import sentence


@then(sentence("{alias:Person} can {verb:Verb} her task with it"))
def can_with_it(world: World, alias: str, verb: str) -> None:
    """The call works and has its effect."""
    tasks.must_work(world, alias, verb, "tasks")  # type: ignore[arg-type]


@when(sentence("{alias:Person}'s browser goes through the front end"))
def goes_through_front_end(world: World, alias: str) -> None:
    """Her session, at the front end's own address."""
    world.places["session endpoint"].control(alias, world.session_of(alias), world.person(alias))()


@then(sentence("{alias:Person} can {verb:Verb} her task there"))
def can_there(world: World, alias: str, verb: str) -> None:
    """The call works and has its effect."""
    tasks.must_work(world, alias, verb, "proxy")  # type: ignore[arg-type]


@given(sentence("a clone of {alias:Person}'s token opens her tasks"))
def clone_opens_tasks(world: World, alias: str) -> None:
    """The control for tokens that the suite signs itself."""
    tasks.control_clone(world, alias)


@when(sentence("{alias:Person}'s token is signed again {variant:Words}"))
def signed_again(world: World, alias: str, variant: str) -> None:
    """Still a valid token."""
    tasks.sign_variant(world, alias, variant)


@then(sentence("it opens {alias:Person}'s tasks as well"))
def opens_as_well(world: World, alias: str) -> None:
    """Accepted like the clone."""
    tasks.must_open_as_well(world, alias)

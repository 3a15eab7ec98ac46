"""Sentences of tasks.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import tasks
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("{alias:Person} calls the API to {verb:Verb} her tasks"))
def calls_api(world: World, alias: str, verb: str) -> None:
    """With her access token."""
    tasks.call(world, alias, verb, "tasks")  # type: ignore[arg-type]


@given(sentence("{alias:Person}'s browser is signed in at the front end"))
def is_signed_in_at_front_end(world: World, alias: str) -> None:
    """Her session, at the front end's session endpoint."""
    world.places["session endpoint"].control(alias, world.session_of(alias), world.person(alias))()


@when(sentence("{alias:Person} calls the front end to {verb:Verb} her tasks"))
def calls_front_end(world: World, alias: str, verb: str) -> None:
    """With her session."""
    tasks.call(world, alias, verb, "proxy")  # type: ignore[arg-type]


@when(sentence("{one:Person} and {other:Person} list their tasks through the front end"))
def both_list(world: World, one: str, other: str) -> None:
    """Each with their own session."""
    tasks.list_through_front_end(world, one, other)


@then("each list has its user's task and nothing of the other user's")
def lists_own(world: World) -> None:
    """One credential for all users would show."""
    tasks.must_be_own_lists(world)


@then("the call succeeds and takes effect")
def takes_effect(world: World) -> None:
    """Read again by its owner."""
    tasks.must_take_effect(world)


@given(sentence("a clone of {alias:Person}'s token opens her tasks"))
def clone_opens_tasks(world: World, alias: str) -> None:
    """The control for tokens that the suite signs itself."""
    tasks.control_clone(world, alias)


@when(sentence("{alias:Person}'s token is signed again {variant:Variant}"))
def signed_again(world: World, alias: str, variant: str) -> None:
    """Still a valid token."""
    tasks.sign_variant(world, alias, variant)


@then(sentence("it opens {alias:Person}'s tasks too"))
def opens_too(world: World, alias: str) -> None:
    """Accepted like the clone."""
    tasks.must_open_as_well(world, alias)

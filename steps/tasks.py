"""Tasks: one's own and other people's, at the API and through the front end."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import isolating
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("{alias:Person} herself can {verb:Verb} her task"))
def herself_can(world: World, alias: str, verb: str) -> None:
    """The control for a call that others must not make."""
    world.control_task_call(verb, alias)  # type: ignore[arg-type]


@given(sentence("{alias:Person} herself can {verb:Verb} her task through the front end"))
def herself_can_through_front_end(world: World, alias: str, verb: str) -> None:
    """The control for a call that other sites must not cause."""
    world.control_task_call(verb, alias, "proxy")  # type: ignore[arg-type]


@when(sentence("someone without a credential tries to {verb:Verb} {alias:Person}'s task"))
def tries_without_credential(world: World, verb: str, alias: str) -> None:
    """No header and no cookie."""
    isolating.attempt_without_credential(world, alias, verb)  # type: ignore[arg-type]


@when(sentence("{other:Person} tries to {verb:Verb} {alias:Person}'s task"))
def tries_as_other(world: World, other: str, verb: str, alias: str) -> None:
    """With a credential that is valid for somebody else."""
    isolating.attempt_as_other(world, other, alias, verb)  # type: ignore[arg-type]


@then("it is refused")
@then("it is refused or did nothing")
def is_refused(world: World) -> None:
    """A decision, no crash; nobody's private text; no effect; and the control still works."""
    world.judge.all_refused()


@when(sentence("{alias:Person} lists his tasks {how:Words}"))
def lists(world: World, alias: str, how: str) -> None:
    """A list that might reach further than it should."""
    isolating.list_as(world, alias, how)


@then(sentence("nothing of {alias:Person}'s is in what Bob got"))
def nothing_of_hers(world: World, alias: str) -> None:
    """No name, no title, no id."""
    isolating.must_hold_nothing_of(world, alias)


@when(sentence("{alias:Person} creates a task that names {owner:Person} as its owner"))
def creates_for(world: World, alias: str, owner: str) -> None:
    """In every common spelling of the field."""
    isolating.create_for(world, alias, owner)


@when(sentence("{alias:Person} lists and creates tasks, naming {named:Person} in {hint:Words}"))
def acts_naming(world: World, alias: str, named: str, hint: str) -> None:
    """The credential says one person and the request another."""
    isolating.act_naming(world, alias, named, hint)


@then(sentence("no such task is in {alias:Person}'s list"))
def not_in_her_list(world: World, alias: str) -> None:
    """Read as the person who was named."""
    isolating.must_not_have_reached(world, alias)


@then(sentence("it is in {alias:Person}'s list unless it was refused"))
def in_his_list(world: World, alias: str) -> None:
    """Read as the person who made it."""
    isolating.must_have_stayed(world, alias)


@then(sentence("{alias:Person} can {verb:Verb} her task with it"))
def can_with_it(world: World, alias: str, verb: str) -> None:
    """The call works and has its effect."""
    isolating.must_work(world, alias, verb, "tasks")  # type: ignore[arg-type]


@when(sentence("{alias:Person}'s browser goes through the front end"))
def goes_through_front_end(world: World, alias: str) -> None:
    """Her session, at the front end's own address."""
    world.places.control("session endpoint", alias, world.session_of(alias), world.person(alias))()


@then(sentence("{alias:Person} can {verb:Verb} her task there"))
def can_there(world: World, alias: str, verb: str) -> None:
    """The call works and has its effect."""
    isolating.must_work(world, alias, verb, "proxy")  # type: ignore[arg-type]

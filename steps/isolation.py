"""Sentences of isolation.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import access_token, isolation, owner_in_update
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("{one:Person} and {other:Person} each see their own task"))
def each_sees_own_task(world: World, one: str, other: str) -> None:
    """The control for reading the other's."""
    for alias in (one, other):
        access_token.control_task_call(world, alias, "list")


@when(sentence("{other:Person} tries to {verb:Verb} {alias:Person}'s task"))
def tries_as_other(world: World, other: str, verb: str, alias: str) -> None:
    """With a credential that is valid, for another user."""
    isolation.attempt_as_other(world, other, alias, verb)  # type: ignore[arg-type]


@when(sentence("{other:Person} lists his tasks {how:Listing}, to see {alias:Person}'s"))
def lists(world: World, other: str, how: str, alias: str) -> None:
    """A list that might reach further than it should."""
    isolation.list_as(world, other, alias, how)


@then(sentence("the responses to {_other:Person} contain nothing of {alias:Person}'s"))
def nothing_of_hers(world: World, alias: str) -> None:
    """No name, no title, no id."""
    isolation.must_hold_nothing_of(world, alias)


@when(sentence("{alias:Person} creates a task that names {owner:Person} as its owner"))
def creates_for(world: World, alias: str, owner: str) -> None:
    """In every common spelling of the field."""
    isolation.create_for(world, alias, owner)


@when(sentence("{alias:Person} lists and creates tasks, naming {named:Person} in {hint:Naming}"))
def acts_naming(world: World, alias: str, named: str, hint: str) -> None:
    """The credential names one user and the request another."""
    isolation.act_naming(world, alias, named, hint)


@then(sentence("{alias:Person}'s list contains no such task"))
def not_in_her_list(world: World, alias: str) -> None:
    """Read as the user who was named."""
    isolation.must_not_have_reached(world, alias)


@then(sentence("{alias:Person}'s list contains it, unless it was refused"))
def in_his_list(world: World, alias: str) -> None:
    """Read as the user who created it."""
    isolation.must_have_stayed(world, alias)


@when(sentence("{alias:Person} tries to {verb:Verb} her task and names {owner:Person} as its owner"))
def gives_away(world: World, alias: str, verb: str, owner: str) -> None:
    """In every common spelling of the field."""
    owner_in_update.write_naming(world, alias, alias, verb, owner)  # type: ignore[arg-type]


@when(sentence("{other:Person} tries to {verb:Verb} {alias:Person}'s task and names himself as its owner"))
def takes_over(world: World, other: str, verb: str, alias: str) -> None:
    """In every common spelling of the field."""
    owner_in_update.write_naming(world, other, alias, verb, other)  # type: ignore[arg-type]


@then(sentence("the task is still {alias:Person}'s, and not {other:Person}'s"))
def is_still_hers(world: World, alias: str, other: str) -> None:
    """Read as both."""
    owner_in_update.must_be_kept(world, alias, other)

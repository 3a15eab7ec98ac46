"""Sentences of isolation.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import (
    access_token,
    answers_of_others,
    isolation,
    loose_subjects,
    owner_in_update,
    sql_injection,
)
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


@when(
    sentence(
        "an attacker lists tasks with a token of {other:Person}'s that has {alias:Person}'s id {loose:LooseId}"
    )
)
def lists_with_loose_id(world: World, other: str, alias: str, loose: str) -> None:
    """Rightly signed, for an id that resembles her own."""
    loose_subjects.list_with_subject(world, alias, other, loose)


@when(sentence("{alias:Person} reads and lists tasks with SQL in {place:SqlPlace}"))
def tries_sql(world: World, alias: str, place: str) -> None:
    """One request for each piece of it, then a lone quote."""
    sql_injection.try_sql(world, alias, place)


@then("a lone quote there breaks nothing")
def quote_breaks_nothing(world: World) -> None:
    """Compared with a letter in its place."""
    sql_injection.must_break_nothing(world)


@when(
    sentence(
        "{alias:Person} lists her tasks twice {where:Route}, and then {other:Person} and an anonymous client do"
    )
)
def list_one_after_another(world: World, alias: str, where: str, other: str) -> None:
    """Whatever is kept of the first answer is kept by then."""
    answers_of_others.list_after(world, alias, other, where)


@when(
    sentence(
        "{one:Person}, {other:Person} and an anonymous client each try to create a task through the front end"
    )
)
def create_through_front_end(world: World, one: str, other: str) -> None:
    """Each with their own session, or with none."""
    answers_of_others.create_through_front_end(world, one, other)


@then("each new task is in its creator's list alone")
def is_its_creators(world: World) -> None:
    """As the API lists them, where there is one."""
    answers_of_others.must_be_their_creators(world)


@then("the anonymous client is not served")
def anonymous_is_not_served(world: World) -> None:
    """Neither a new task nor a list."""
    answers_of_others.must_refuse_anonymous(world)


@when(sentence("{other:Person} asks for {alias:Person}'s task and for one that does not exist"))
def asks_for_both(world: World, other: str, alias: str) -> None:
    """By ids of the same form."""
    answers_of_others.ask_for_both(world, other, alias)


@then("the responses have the same status")
def are_alike(world: World) -> None:
    """Otherwise they tell which ids there are."""
    answers_of_others.must_be_alike(world)

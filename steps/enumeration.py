"""Sentences of enumeration.feature."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.flows import enumeration, user_lookups
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("{other:Person} looks for {alias:Person} by every route that looks up users {how:LookupCaller}"))
def looks_for(world: World, other: str, alias: str, how: str) -> None:
    """Of the profile and of OpenAPI documents."""
    user_lookups.look_up(world, other, alias, how)


@then("no response tells her address or id, or that she has an account")
def tells_nothing(world: World) -> None:
    """But for what the request said itself."""
    user_lookups.must_tell_nothing(world)


@when(sentence("an attacker signs up with {alias:Person}'s address and with new ones"))
def signs_up_known_and_new(world: World, alias: str) -> None:
    """The known one between two new ones."""
    enumeration.sign_up_known_and_new(world, alias)


@then("the responses to the sign-ups can't be distinguished")
def sign_ups_are_alike(world: World) -> None:
    """By status, headers, cookies or body."""
    enumeration.must_answer_sign_ups_alike(world)


@when(sentence("an attacker asks for a new password for an unknown address and for {alias:Person}'s"))
def asks_for_resets(world: World, alias: str) -> None:
    """Once each: more may be throttled."""
    enumeration.ask_for_resets(world, alias)


@then("the responses to the requests for a new password can't be distinguished")
def resets_are_alike(world: World) -> None:
    """By status, headers, cookies or body."""
    enumeration.must_answer_resets_alike(world)

"""Sentences of ended-sessions.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.deployment.places import PLACES
from harness.flows import ended_sessions
from harness.flows.copied_actions import DEEDS
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("an attacker has copied everything that {alias:Person}'s {device:Device} holds"))
def everything_is_copied(world: World, alias: str, device: str) -> None:
    """A frozen copy, shown to be signed in."""
    ended_sessions.capture(world, alias, device)


@given(sentence("the copy opens {alias:Person}'s account at these places", PLACES))
def copy_opens(world: World, alias: str, datatable: list[list[str]]) -> None:
    """The control for a copy that must die.

    Places that the deployment lacks are left out.
    """
    ended_sessions.control_places(world, alias, [place for (place,) in datatable])


@when(sentence("{alias:Person} ends the session of her {device:Device} by {ending:Ending}"))
def ends(world: World, alias: str, device: str, ending: str) -> None:
    """As its owner does."""
    ended_sessions.end(world, alias, device, ending)


@when(sentence("the attacker tries to do these for {alias:Person} with the copy", DEEDS))
def tries_with_copy(world: World, alias: str, datatable: list[list[str]]) -> None:
    """Each with all that was copied."""
    ended_sessions.try_with_copy(world, alias, [deed for (deed,) in datatable])


@then("no attempt has an effect or prolongs the session")
def did_nothing(world: World) -> None:
    """Whatever was answered."""
    ended_sessions.must_have_done_nothing(world)


@then(sentence("the copy opens nothing of {alias:Person}'s"))
def copy_is_dead(world: World, alias: str) -> None:
    """At each of the places."""
    ended_sessions.must_be_dead(world, alias)


@then(sentence("the copy opens nothing of {alias:Person}'s once a cache has to be over"))
def copy_dies_in_time(world: World, alias: str) -> None:
    """By its cookies' end and the profile's bound."""
    ended_sessions.must_die_in_time(world, alias)

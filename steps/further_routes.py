"""Sentences about routes beside the five verbs, and about further resources."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import further_routes
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("{alias:Person} can call every further route"))
def owner_can_call(world: World, alias: str) -> None:
    """The control, for each route of its own."""
    further_routes.control_all(world, alias)


@given(sentence("the captured session opens {alias:Person}'s further routes"))
def captured_opens(world: World, alias: str) -> None:
    """Those that a session opens, before it ends."""
    further_routes.control_captured(world, alias)


@when(sentence("{other:Person} calls every further route with {alias:Person}'s task"))
def other_calls(world: World, other: str, alias: str) -> None:
    """Each judged by what it shows, and by what it changes."""
    further_routes.call_as_other(world, other, alias)


@when(sentence("an attacker calls every further route for {alias:Person}'s data with {kind:Unissued}"))
def attacker_calls(world: World, alias: str, kind: str) -> None:
    """Each route on its own: a guarded one hides no other."""
    further_routes.call_without(world, alias, kind)


@when(sentence("the attacker calls every further route for {alias:Person}'s data with the captured session"))
def attacker_calls_captured(world: World, alias: str) -> None:
    """Those that a session opens."""
    further_routes.call_captured(world, alias)


@when(
    sentence(
        "what opens {alias:Person}'s further routes expires, {other:Person}'s not, and an attacker presents it"
    )
)
def attacker_calls_late(world: World, alias: str, other: str) -> None:
    """As the deployment allows; the verdict says how."""
    further_routes.call_expired(world, alias, other)


@then("every one of them is refused or has no effect")
@then("every one of them is refused")
def all_refused(world: World) -> None:
    """By a decision; and the owner can still call them."""
    further_routes.must_have_been_refused(world)

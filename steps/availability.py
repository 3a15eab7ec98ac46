"""Sentences of availability.feature."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.flows import availability, intrusive
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("{one:Person} and {other:Person} each list their tasks {times:d} times, all at the same moment"))
def list_together(world: World, one: str, other: str, times: int) -> None:
    """One connection each."""
    availability.list_together(world, one, other, times)


@then("each response has its user's task and nothing of the other user's")
def each_has_its_own(world: World) -> None:
    """Each answer on its own; a 429 counts for nothing."""
    availability.must_be_own_lists(world)


@when(sentence("{one:Person} and {other:Person} sign in at the same moment"))
def sign_in_together(world: World, one: str, other: str) -> None:
    """Each in a new browser."""
    availability.sign_in_together(world, one, other)


@then("each is given a session of their own")
def each_has_own_session(world: World) -> None:
    """As the session endpoint says."""
    availability.must_have_own_sessions(world)


@when(sentence("an attacker sends {address:LongAddress} as the address to sign-in and to sign-up"))
def sends_address(world: World, address: str) -> None:
    """One at a time; a second try where the first was slow."""
    availability.send_address(world, address)


@then("each is answered within 5 seconds")
def is_prompt(world: World) -> None:
    """Whatever the answer is."""
    availability.must_be_prompt(world)


@then(sentence("{alias:Person}'s session is still shown within 5 seconds"))
def session_is_shown(world: World, alias: str) -> None:
    """The next request is served."""
    availability.must_show_session(world, alias)


@when(sentence("an attacker sends {body:LargeBody} of 5 MB to sign-in"))
def sends_large(world: World, body: str) -> None:
    """As an anonymous client, once."""
    intrusive.send_large(world, body)


@then("it is refused within 5 seconds, or the connection is closed")
def is_refused_quickly(world: World) -> None:
    """Whatever the refusal is."""
    intrusive.must_be_refused(world)


@when(sentence("an attacker requests {alias:Person}'s tasks with a token whose key takes 50,000,000 iterations"))
def presents_costly(world: World, alias: str) -> None:
    """It is encrypted under a password, which nobody knows."""
    intrusive.present_costly(world, alias)

"""Sentences of session-management.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import common, session_management
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("{alias:Person}'s sign-in on her {device:Device} adds one entry to her list of sessions"))
def sign_in_adds_entry(world: World, alias: str, device: str) -> None:
    """The control: the list distinguishes sessions."""
    session_management.control_list(world, alias, device)


@when(sentence("{alias:Person} signs in on his {device:Device}"))
def other_signs_in(world: World, alias: str, device: str) -> None:
    """A new session of another user."""
    world.deployment.sessions.sign_in_verified(world.new_device(alias, device))


@then(sentence("{alias:Person}'s list of sessions has no new entry and nothing of {other:Person}'s"))
def list_is_ones_own(world: World, alias: str, other: str) -> None:
    """By its length, and by what it says."""
    session_management.must_list_own_only(world, alias, other)


@when(sentence("{alias:Person} revokes that session from her {device:Device}"))
def revokes(world: World, alias: str, device: str) -> None:
    """With what the list says of it."""
    session_management.revoke(world, alias, device)


@when(sentence("{alias:Person} tries to revoke that session from his {device:Device}"))
def tries_to_revoke(world: World, alias: str, device: str) -> None:
    """With what the list says of it, though it is another user's."""
    session_management.try_to_revoke(world, alias, device)


@then(sentence("{alias:Person} can revoke the session of her {device:Device}"))
def owner_can_revoke(world: World, alias: str, device: str) -> None:
    """The control: the request was one that ends a session."""
    session_management.must_be_hers_to_revoke(world, alias, device)


@when(sentence("{alias:Person} revokes her other sessions from her {device:Device}"))
def revokes_others(world: World, alias: str, device: str) -> None:
    """All but the one that asks."""
    session_management.revoke_others(world, alias, device)


@given(sentence("{alias:Person} has a new account and is signed in on her {device:Device} as well"))
def is_signed_in_twice(world: World, alias: str, device: str) -> None:
    """A user who may lose every session, on two devices."""
    world.introduce(world.cast.new_account(alias))
    common.sign_in_also(world, alias, device)


@when(sentence("{alias:Person} revokes all her sessions from her {device:Device}"))
def revokes_all(world: World, alias: str, device: str) -> None:
    """The one that asks included."""
    session_management.revoke_all(world, alias, device)


@then(sentence("{alias:Person}'s {device:Device} is signed out"))
def is_signed_out(world: World, alias: str, device: str) -> None:
    """By what it held before."""
    session_management.must_be_signed_out(world, alias, device)


@when(sentence("{alias:Person} lists her sessions"))
def lists_sessions(world: World, alias: str) -> None:
    """From her first device."""
    session_management.list_sessions(world, alias)


@then("the list has a session")
def has_a_session(world: World) -> None:
    """It is at least the one by which she asked."""
    session_management.must_have_listed(world)

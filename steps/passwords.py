"""Sentences of passwords.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import passwords
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("{alias:Person} signs up with a password of {length:d} characters"))
def signs_up_very_long(world: World, alias: str, length: int) -> None:
    """More than the deployment may take."""
    passwords.sign_up_very_long(world, alias, length)


@then("no sign-up with a long password was answered by a crash")
def long_did_not_crash(world: World) -> None:
    """It was taken, or refused."""
    passwords.must_not_have_crashed(world)


@then(sentence("{alias:Person}'s password has 64 characters or more"))
def long_enough(world: World, alias: str) -> None:
    """The longest that sign-up took."""
    passwords.must_be_long_enough(world, alias)


@then(sentence("no answer to {alias:Person} since she signed up holds her password or its hash"))
def password_in_no_answer(world: World, alias: str) -> None:
    """Bodies, headers and cookies, decoded too."""
    passwords.must_be_in_no_answer(world, alias)


@given(sentence("{alias:Person} has signed up with a long password"))
def has_long_password(world: World, alias: str) -> None:
    """Somebody shared, with 100 characters where sign-up takes them, and 64 or fewer where it does not."""
    world.introduce(passwords.share_long(world, alias))

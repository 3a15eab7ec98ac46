"""Sentences of passwords.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import chosen_passwords, passwords
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("{alias:Person} signs up with a password of {length:d} characters"))
def signs_up_very_long(world: World, alias: str, length: int) -> None:
    """More than the deployment may take."""
    passwords.sign_up_very_long(world, alias, length)


@then("no sign-up with a long password crashes the server")
def long_did_not_crash(world: World) -> None:
    """It is accepted or refused."""
    passwords.must_not_have_crashed(world)


@then(sentence("{alias:Person}'s password has 64 characters or more"))
def long_enough(world: World, alias: str) -> None:
    """The longest that sign-up accepted."""
    passwords.must_be_long_enough(world, alias)


@then(sentence("no response to {alias:Person} since her sign-up contains her password or its hash"))
def password_in_no_response(world: World, alias: str) -> None:
    """Bodies, headers and cookies, decoded too."""
    passwords.must_be_in_no_answer(world, alias)


@given(sentence("{alias:Person} has signed up with a long password"))
def has_long_password(world: World, alias: str) -> None:
    """A shared user, with 100 characters if sign-up accepts them.

    Otherwise with 64 or fewer.
    """
    world.introduce(passwords.share_long(world, alias))


@given(sentence("{alias:Person} has signed up with a password that has a space in it"))
def has_password_with_space(world: World, alias: str) -> None:
    """A shared user, whose password has no space if sign-up accepts none.

    It has at most 64 bytes, so that no server cuts it off.
    """
    world.introduce(passwords.share_spaced(world, alias))


@when(sentence("{alias:Person} changes her password to {kind:ChosenPassword}"))
def chooses(world: World, alias: str, kind: str) -> None:
    """As the form for it does."""
    chosen_passwords.choose(world, alias, kind)


@then(sentence("{alias:Person}'s chosen password signs her in"))
def chosen_signs_in(world: World, alias: str) -> None:
    """From another device."""
    chosen_passwords.must_sign_in(world, alias)


@when(sentence("{alias:Person} chooses a password with a NUL in it"))
def chooses_with_nul(world: World, alias: str) -> None:
    """A refusal is all right."""
    chosen_passwords.choose_with_nul(world, alias)


@then(sentence("what stands before the NUL does not sign in to {alias:Person}'s account"))
def nul_cuts_nothing(world: World, alias: str) -> None:
    """Neither alone nor with another end."""
    chosen_passwords.must_not_be_cut(world, alias)

"""Sentences of passwords.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import chosen_passwords, common_passwords, huge_password, long_address, passwords
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


@given(sentence("{alias:Person} has signed up with an address as long as sign-up takes"))
def has_long_address(world: World, alias: str) -> None:
    """64 characters before the @.

    More than 100 in all if sign-up accepts them.
    """
    long_address.sign_up(world, alias)


@given(sentence("an attacker has tried other passwords for {alias:Person}'s long address"))
def tried_at_long_address(world: World, alias: str) -> None:
    """Before the right one signed in, so that no cache answers."""
    long_address.try_others_first(world, alias)


@when(sentence("an attacker tries other passwords for {alias:Person}'s long address again"))
def tries_at_long_address(world: World, alias: str) -> None:
    """After the right one signed in, which a cache may have kept."""
    long_address.try_others(world, alias)


@given(sentence("{alias:Person} signed up with an ordinary password"))
def signed_up_ordinarily(world: World, alias: str) -> None:
    """The control for sign-ups that must fail."""
    common_passwords.control_sign_up(world, alias)


@when(sentence("{alias:Person} signs up with common passwords {form:CommonPassword}"))
def signs_up_with_common(world: World, alias: str, form: str) -> None:
    """Three that are as long as a password has to be."""
    common_passwords.try_common(world, alias, form)


@when(sentence("an attacker sends passwords of a megabyte for {alias:Person} and for a new account"))
def sends_megabytes(world: World, alias: str) -> None:
    """With an ordinary one before each."""
    huge_password.try_huge(world, alias)


@then("each is refused about as quickly as an ordinary one")
def costs_little(world: World) -> None:
    """Without a crash."""
    huge_password.must_cost_little(world)

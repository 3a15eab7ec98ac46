"""Sentences of signup.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.deployment.accounts import SIGN_UP
from harness.flows import credentials_in_query, odd_signups, signup
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("{alias:Person} signs up"))
def signs_up(world: World, alias: str) -> None:
    """Ask for an account as the sign-up page does."""
    signup.sign_up(world, alias)


@when(sentence("{alias:Person} signs up and also sends a role, a verified address, an id and a date of her own"))
def signs_up_greedily(world: World, alias: str) -> None:
    """Send fields that only the server may set."""
    signup.sign_up_greedily(world, alias)


@then(sentence("{alias:Person}'s session shows none of these beyond an ordinary account like {ordinary:Person}'s"))
def nothing_granted(world: World, alias: str, ordinary: str) -> None:
    """Compare with the session of an ordinary user."""
    signup.must_have_granted_nothing(world, alias, ordinary)


@then(sentence("{alias:Person} is signed in on her first device as the profile declares"))
def signed_in_as_declared(world: World, alias: str) -> None:
    """Signed in at once, or only after signing in."""
    signup.must_follow_declared_sign_up(world, alias)


@when(sentence("{intruder:Person} signs up again with {alias:Person}'s address and another password"))
def signs_up_again(world: World, intruder: str, alias: str) -> None:
    """A second sign-up with an address that has an account."""
    signup.sign_up_again(world, intruder, alias)


@then(sentence("{intruder:Person}'s password does not sign in to {alias:Person}'s account"))
def other_password_is_refused(world: World, intruder: str, alias: str) -> None:
    """Try the password that the second sign-up gave."""
    signup.must_not_open_with_new_password(world, intruder, alias)


@then(sentence("{intruder:Person} is not signed in as {alias:Person}"))
def second_sign_up_is_not_signed_in(world: World, intruder: str, alias: str) -> None:
    """The browser of the second sign-up has no session of the account."""
    signup.must_not_be_signed_in_as(world, intruder, alias)


@then(sentence("{alias:Person} still signs in with her own password"))
def still_signs_in(world: World, alias: str) -> None:
    """Nothing of her account was overwritten."""
    signup.must_still_sign_in(world, alias)


@when(sentence("{intruder:Person} signs up with {alias:Person}'s address in these spellings", signup.SPELLINGS))
def signs_up_in_other_spellings(world: World, intruder: str, alias: str, datatable: list[list[str]]) -> None:
    """Each with a password of its own."""
    for (spelling,) in datatable:
        signup.sign_up_in_another_spelling(world, intruder, alias, spelling)


@then(sentence("none of them creates an account beside {alias:Person}'s"))
def one_account(world: World, alias: str) -> None:
    """Refused, or one and the same account."""
    signup.must_be_one_account(world, alias)


@given(sentence("{alias:Person}'s sign-up gave her a usable account"))
def can_sign_up(world: World, alias: str) -> None:
    """The control for passwords that must be refused."""
    world.judge.control(SIGN_UP, world.accounts.signs_up(world.person(alias)))


@when(sentence("{alias:Person} tries to sign up with a password of {length:ShortLength}"))
def tries_short_password(world: World, alias: str, length: str) -> None:
    """Straight to the server, past the form."""
    person = world.introduce(world.cast.new_person(alias))
    world.judge.attempt(world.accounts.short_password(person, length))


@when(sentence("{alias:Person} signs up and also sends {other:Person}'s id as her own"))
def signs_up_with_id(world: World, alias: str, other: str) -> None:
    """Under the names that ids usually have."""
    odd_signups.sign_up_as(world, alias, other)


@then(sentence("{alias:Person}'s session shows nothing of {other:Person}'s"))
def is_another_user(world: World, alias: str, other: str) -> None:
    """Neither the id nor the tasks."""
    odd_signups.must_be_another_user(world, alias, other)


@when(sentence("sign-in is requested by GET with {alias:Person}'s password in the query"))
def signs_in_by_get(world: World, alias: str) -> None:
    """With every field that the form has."""
    credentials_in_query.ask_by_get(world, "sign_in", world.person(alias))


@when(sentence("sign-up is requested by GET with {alias:Person}'s new password in the query"))
def signs_up_by_get(world: World, alias: str) -> None:
    """A new user's."""
    credentials_in_query.ask_by_get(world, "sign_up", world.introduce(world.cast.new_person(alias)))


@then("no account, session or token results")
def nothing_results(world: World) -> None:
    """Cookies, tokens and the password are tried."""
    world.judge.all_refused()


@when(sentence("{alias:Person} signs up three times at the same moment"))
def signs_up_at_once(world: World, alias: str) -> None:
    """With one address and one password."""
    odd_signups.sign_up_at_once(world, alias)


@then("they have made one account")
def one_account_of_all(world: World) -> None:
    """Whoever is signed in is signed in as the same user."""
    odd_signups.must_be_one_account(world)


@when(sentence("{alias:Person} tries to sign up with each of these for an address", odd_signups.NO_ADDRESSES))
def signs_up_without_address(world: World, alias: str, datatable: list[list[str]]) -> None:
    """Straight to the server, past the form."""
    for (kind,) in datatable:
        odd_signups.sign_up_without_address(world, alias, kind)


@when(sentence("{alias:Person} signs up and signs in before her address is verified"))
def signs_up_unverified(world: World, alias: str) -> None:
    """No message is read."""
    odd_signups.sign_up_unverified(world, alias)


@then(sentence("{_alias:Person} is not signed in yet"))
def waits_for_verification(world: World) -> None:
    """Not by the sign-up, nor by a sign-in."""
    odd_signups.must_wait_for_verification(world)


@then(sentence("{alias:Person} signs in once her address is verified"))
def signs_in_once_verified(world: World, alias: str) -> None:
    """The control."""
    odd_signups.must_sign_in_once_verified(world, alias)

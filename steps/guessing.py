"""Sentences of guessing.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import guessing, limit_bypasses, unknown_address
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("an attacker has used up the guesses for an account of {alias:Person}'s"))
def guesses_are_used_up(world: World, alias: str) -> None:
    """An account made for it, whose right password is refused by now."""
    limit_bypasses.use_up_guesses(world, alias)


@when(sentence("an attacker tries {further:d} more wrong passwords for {alias:Person} than the declared limit"))
def tries_beyond(world: World, further: int, alias: str) -> None:
    """One after the other, without waiting."""
    guessing.try_beyond_limit(world, alias, further)


@then(sentence("the right one does not sign in as {alias:Person} at once"))
def is_limited(world: World, alias: str) -> None:
    """Throttled, locked, delayed and challenged are all right."""
    guessing.must_be_limited(world, alias)


@when(sentence("the attacker goes on in these ways", limit_bypasses.WAYS))
def goes_on(world: World, datatable: list[list[str]]) -> None:
    """With the right password, whose effect shows."""
    limit_bypasses.go_on(world, [way for (way,) in datatable])


@then(sentence("no sign-in as {alias:Person} is carried out"))
def nothing_went_on(world: World, alias: str) -> None:
    """Not found, redirected and throttled are all right."""
    limit_bypasses.must_not_have_gone_on(world, alias)


@when("the attacker guesses once more")
def guesses_once_more(world: World) -> None:
    """The answer is looked at."""
    guessing.guess_once_more(world)


@then(sentence("a 429 to a sign-in as {alias:Person} says how long to wait"))
def names_wait(world: World, alias: str) -> None:
    """In one of the headers for it."""
    guessing.must_name_wait(world, alias)


@when(sentence("the declared limit on guessing {alias:Person}'s password ends"))
def limit_ends(world: World, alias: str) -> None:
    """It is waited for."""
    guessing.let_limit_end(world, alias)


@then(sentence("{alias:Person}'s right password signs in again"))
def signs_in_again(world: World, alias: str) -> None:
    """From another device."""
    guessing.must_sign_in_again(world, alias)


@when(
    sentence(
        "an attacker tries five times as many wrong passwords for {alias:Person} as declared at the same moment"
    )
)
def tries_at_once(world: World, alias: str) -> None:
    """One connection each."""
    guessing.try_at_once(world, alias)


@then(sentence("no more of them than the limit are verified for {alias:Person}"))
def burst_is_limited(world: World, alias: str) -> None:
    """What is answered as any wrong password was verified."""
    guessing.must_hold_against_bursts(world, alias)


@when("an attacker signs in twice with an address that has no account")
def signs_in_unknown(world: World) -> None:
    """With one password: the first may make what the second opens."""
    unknown_address.sign_in_unknown(world, times=2)


@then("no session results from it")
def unknown_opens_nothing(world: World) -> None:
    """Cookies and tokens of the answers are tried."""
    unknown_address.must_have_opened_nothing(world)


@then(sentence("{alias:Person}'s own account is signed in"))
def own_account_is_signed_in(world: World, alias: str) -> None:
    """The control: an account is what a session comes of."""
    world.introduce(world.cast.share(alias))

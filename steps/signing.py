"""Signing up, in and out."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.deployment.accounts import ELSEWHERE, SIGN_IN, SIGN_UP
from harness.flows import signing
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("{alias:Person} signs up"))
def signs_up(world: World, alias: str) -> None:
    """Ask for an account as the sign-up page does."""
    signing.sign_up(world, alias)


@when("Zoe signs up and also asks for a role, a verified address, an id and a date of her own")
def signs_up_greedily(world: World) -> None:
    """Send fields that only the server may set."""
    signing.sign_up_greedily(world, "Zoe")


@then("her session shows none of what she asked for beyond an ordinary account")
def nothing_granted(world: World) -> None:
    """Compare with the session of somebody who asked for nothing."""
    signing.must_have_granted_nothing(world, "Zoe", ordinary="Ann")


@when(sentence("{alias:Person} signs in on her {device:Device}"))
def signs_in_on_device(world: World, alias: str, device: str) -> None:
    """Sign in with the right password."""
    world.answer = world.deployment.sign_in(world.new_device(alias, device))


@then(sentence("the session on her {device:Device} is {alias:Person}'s, with the address and the name she gave"))
def session_is_hers(world: World, device: str, alias: str) -> None:
    """Ask the session endpoint."""
    signing.must_be_signed_in_as(world, alias, device)


@then("Zoe is signed in on her first device just as the profile declares")
def signed_in_as_declared(world: World) -> None:
    """Signed in at once, or not before signing in."""
    signing.must_follow_declared_sign_up(world, "Zoe")


@when(sentence("someone signs up again with {alias:Person}'s address and another password"))
def signs_up_again(world: World, alias: str) -> None:
    """A second sign-up with an address that has an account."""
    signing.sign_up_again(world, alias)


@then(sentence("that other password opens nothing of {alias:Person}'s"))
def other_password_opens_nothing(world: World, alias: str) -> None:
    """Try the password that the second sign-up gave."""
    signing.must_not_open_with_new_password(world, alias)


@then(sentence("the second sign-up was not signed in as {alias:Person}"))
def second_sign_up_is_not_signed_in(world: World, alias: str) -> None:
    """The browser of the second sign-up is not hers."""
    signing.must_not_be_signed_in_as(world, alias)


@then(sentence("{alias:Person} still signs in with her own password"))
def still_signs_in(world: World, alias: str) -> None:
    """Nothing of hers was overwritten."""
    signing.must_still_sign_in(world, alias)


@when(sentence("someone signs up with {alias:Person}'s address in these spellings"))
def signs_up_in_other_spellings(world: World, alias: str, datatable: list[list[str]]) -> None:
    """Each with a password of its own."""
    for (spelling,) in datatable:
        signing.sign_up_in_another_spelling(world, alias, spelling)


@then(sentence("none of them made an account beside {alias:Person}'s"))
def one_account(world: World, alias: str) -> None:
    """Refused, or one and the same account."""
    signing.must_be_one_account(world, alias)


@given("a new person can sign up with a long password")
def can_sign_up(world: World) -> None:
    """The control for passwords that must be refused."""
    world.judge.control(SIGN_UP, world.accounts.signs_up(world.person("Ann")))


@when(sentence("Zoe tries to sign up with a password of {length:Words}"))
def tries_short_password(world: World, length: str) -> None:
    """Straight to the server, past the form."""
    person = world.introduce(world.cast.imagine("Zoe"))
    world.judge.attempt(world.accounts.short_password(person, length))


@then("she gets no account that can be used")
@then("none of them opened a session")
def attempts_yielded_nothing(world: World) -> None:
    """Every attempt was refused, by effect."""
    world.judge.all_refused()


@when(sentence("someone tries to sign in as {alias:Person} with these passwords"))
def tries_wrong_passwords(world: World, alias: str, datatable: list[list[str]]) -> None:
    """One attempt a row."""
    for (kind,) in datatable:
        signing.try_wrong_password(world, alias, kind)


@given(sentence("{alias:Person} can sign in with a target inside the deployment {place:Words}"))
def can_sign_in_with_target(world: World, alias: str, place: str) -> None:
    """The control for targets that must not be followed."""
    inside = world.accounts.towards(place, world.page_after_sign_in())
    world.judge.control(SIGN_IN, world.accounts.signs_in(world.person(alias), inside))


@when(sentence('{alias:Person} signs in with the target "https://evil.invalid/x" {place:Words}'))
def signs_in_towards_elsewhere(world: World, alias: str, place: str) -> None:
    """Ask to be sent to another site afterwards."""
    elsewhere = world.accounts.towards(place, ELSEWHERE)
    world.answer = world.deployment.sign_in(world.new_device(alias, "laptop"), spoiling=elsewhere)


@then("nothing in the answer leads outside the deployment")
def leads_nowhere_else(world: World) -> None:
    """Neither Location nor the body's target, resolved as a browser does."""
    signing.must_stay_inside(world)


@when("someone tries three unknown addresses and three times Ann's with a wrong password")
def tries_known_and_unknown(world: World) -> None:
    """Interleaved, addresses of one length, passwords of legal length."""
    signing.try_known_and_unknown(world, "Ann", times=3)


@then("the answers can't be told apart")
def answers_are_alike(world: World) -> None:
    """Status, header names and body, without what changes from one request to the next."""
    signing.must_be_alike(world)


@when(sentence("{alias:Person} signs out on her {device:Device}"))
def signs_out(world: World, alias: str, device: str) -> None:
    """Sign out as the button does."""
    signing.sign_out(world, alias, device)


@given(sentence("her {device:Device} holds a session cookie"))
def device_holds_cookie(world: World, device: str) -> None:
    """The control for the cookie that must go."""
    signing.control_cookie(world, "Ann", device)


@then(sentence("her {device:Device} holds no session cookie"))
def device_holds_no_cookie(world: World, device: str) -> None:
    """What a browser still has in its jar."""
    signing.must_hold_no_cookie(world, "Ann", device)

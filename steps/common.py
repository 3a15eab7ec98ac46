"""Sentences of several features."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.deployment.accounts import SIGN_IN, WRONG_PASSWORDS
from harness.deployment.places import PLACES
from harness.flows import access_token, browser_pages, browser_secrets, captured, common, session
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("{alias:Person}'s own session opens her {place:Place}"))
def own_session_opens(world: World, alias: str, place: str) -> None:
    """The control for requests without one."""
    common.control_place(world, alias, place)


@given(sentence("{alias:Person} is signed in"))
def is_signed_in(world: World, alias: str) -> None:
    """A user shared by scenarios that change nothing of theirs."""
    world.introduce(world.cast.share(alias))


@given(sentence("{one:Person} and {other:Person} are signed in"))
def two_are_signed_in(world: World, one: str, other: str) -> None:
    """Two users, each with an account of their own."""
    for alias in (one, other):
        world.introduce(world.cast.share(alias))


@given(sentence("{alias:Person} has a new account"))
def has_new_account(world: World, alias: str) -> None:
    """A user whom this scenario may change."""
    world.introduce(world.cast.new_account(alias))


@given(sentence("{alias:Person} has an account of her own"))
def has_account_of_her_own(world: World, alias: str) -> None:
    """A user whom one scenario after another may change."""
    world.introduce(world.cast.reuse(alias))


@given(sentence("{alias:Person} has just signed in"))
def has_just_signed_in(world: World, alias: str) -> None:
    """A session that lives as long as any, on the first device."""
    world.deployment.sessions.sign_in_verified(world.device(alias, "first device"))


@given(sentence("{alias:Person} has a throw-away account"))
def has_throwaway_account(world: World, alias: str) -> None:
    """A user whom the deployment may lock out for wrong passwords."""
    world.introduce(world.cast.throwaway(alias))


@given(sentence("{alias:Person} is also signed in on her {device:Device}"))
def is_signed_in_on_device(world: World, alias: str, device: str) -> None:
    """A second session of the same user."""
    common.sign_in_also(world, alias, device)


@given(sentence("{alias:Person} has a task"))
def has_a_task(world: World, alias: str) -> None:
    """A task with random text in its title."""
    world.give_task(alias)


@given(sentence("{one:Person} and {other:Person} each have a task"))
def each_has_a_task(world: World, one: str, other: str) -> None:
    """A task each."""
    for alias in (one, other):
        world.give_task(alias)


@given(sentence("{alias:Person} can sign in"))
def can_sign_in(world: World, alias: str) -> None:
    """The control for sign-ins that must fail."""
    world.judge.control(SIGN_IN, world.accounts.signs_in(world.person(alias)))


@given(sentence("an attacker has captured the session of {alias:Person}'s {device:Device}"))
def session_is_captured(world: World, alias: str, device: str) -> None:
    """A frozen copy of the session cookie, for a bare client."""
    captured.capture(world, alias, device)


@given(sentence("the captured session opens {alias:Person}'s {place:Place}"))
def captured_session_opens(world: World, alias: str, place: str) -> None:
    """The control for a session that must end."""
    captured.control_captured(world, alias, place)


@then(sentence("the captured session no longer opens {alias:Person}'s {place:Place}"))
def captured_is_dead(world: World, alias: str, place: str) -> None:
    """Replay the frozen copy."""
    captured.must_be_dead(world, alias, place)


@given(sentence("the captured session opens {alias:Person}'s account at these places", PLACES))
def captured_opens_places(world: World, alias: str, datatable: list[list[str]]) -> None:
    """The control for a session that must end everywhere.

    Places that the deployment lacks are left out.
    """
    captured.control_captured_at(world, alias, [place for (place,) in datatable])


@then(sentence("the captured session opens {alias:Person}'s account at none of these places"))
def captured_is_dead_at_all(world: World, alias: str) -> None:
    """Replay the frozen copy at each."""
    captured.must_be_dead_at_all(world, alias)


@then(sentence("{alias:Person}'s {device:Device} still opens his {place:Place}"))
@then(sentence("{alias:Person}'s {device:Device} still opens her {place:Place}"))
def other_device_lives(world: World, alias: str, device: str, place: str) -> None:
    """Only the right session ended."""
    captured.must_still_open(world, alias, device, place)


@then(sentence("{alias:Person} can sign in again and open her {place:Place}"))
def signs_in_again(world: World, alias: str, place: str) -> None:
    """The account still works; only the session ended."""
    captured.must_sign_in_again(world, alias, place)


@when(sentence("{alias:Person}'s browser and a browser without cookies ask who is signed in"))
def ask_who(world: World, alias: str) -> None:
    """The identity probe that other scenarios rely on."""
    session.ask_who(world, alias)


@when(sentence("{alias:Person} signs in on her {device:Device}"))
def signs_in_on_device(world: World, alias: str, device: str) -> None:
    """Sign in with the right password."""
    common.sign_in(world, alias, device)


@then(sentence("the session on her {device:Device} is {alias:Person}'s, with the address and the name she gave"))
def session_is_hers(world: World, device: str, alias: str) -> None:
    """Ask the session endpoint."""
    common.must_be_signed_in_as(world, alias, device)


@then(sentence("{_alias:Person} gets no usable account"))
@then("none of them opens a session")
def attempts_yielded_nothing(world: World) -> None:
    """Every attempt was refused, by effect."""
    world.judge.all_refused()


@when(sentence("an attacker tries to sign in as {alias:Person} with these passwords", WRONG_PASSWORDS))
def tries_wrong_passwords(world: World, alias: str, datatable: list[list[str]]) -> None:
    """One attempt a row."""
    for (kind,) in datatable:
        common.try_wrong_password(world, alias, kind)


@when(sentence("{alias:Person} signs out on her {device:Device}"))
def signs_out(world: World, alias: str, device: str) -> None:
    """Sign out as the button does."""
    common.sign_out(world, alias, device)


@given(sentence("{alias:Person} can {verb:Verb} her tasks"))
def owner_can(world: World, alias: str, verb: str) -> None:
    """The control for a call that other users must not make."""
    access_token.control_task_call(world, alias, verb)  # type: ignore[arg-type]


@then("it is refused")
@then("it is refused or has no effect")
def is_refused(world: World) -> None:
    """By a decision, not a crash.

    Without private text or effect; and the control still works.
    """
    world.judge.all_refused()


@given(sentence("{alias:Person}'s credential opens her tasks"))
def credential_opens_tasks(world: World, alias: str) -> None:
    """The control for every credential that must be refused."""
    access_token.control_task_call(world, alias, "list")


@given(sentence("{alias:Person}'s token opens her tasks"))
def token_opens_tasks(world: World, alias: str) -> None:
    """The control for what only a token can be."""
    access_token.control_token(world, alias)


@given(sentence("{alias:Person} has a fresh credential for the API"))
def has_fresh_credential(world: World, alias: str) -> None:
    """A new access token, or the session where that opens the tasks."""
    access_token.renew_credential(world, alias)


@when(sentence("{alias:Person} requests an access token"))
def requests_token(world: World, alias: str) -> None:
    """A new one, as the front end asks for it."""
    access_token.ask_for_token(world, alias)


@given(sentence("an attacker has captured the access token of {alias:Person}'s {device:Device}"))
def captured_token(world: World, alias: str, device: str) -> None:
    """A copy, shown to open her tasks: the control for its end."""
    captured.capture_token(world, alias, device)


@then(sentence("{alias:Person}'s captured token is rejected within its declared lifetime"))
def token_ends_as_declared(world: World, alias: str) -> None:
    """At once, or, where it can't be revoked, when it expires."""
    captured.must_end_as_declared(world, alias)


@given("the sign-in page shows its form")
def form_is_there(world: World) -> None:
    """The control for a form that is used otherwise."""
    browser_secrets.control_form(world)


@given(sentence("an anonymous client has the {kind:Form} form open in a browser"))
@when(sentence("an anonymous client opens the {kind:Form} form in a browser"))
def opens_form(world: World, kind: str) -> None:
    """Without cookies."""
    browser_secrets.open_form(world, kind)


@given(sentence("a browser with {alias:Person}'s session has her protected page open"))
def has_page_open(world: World, alias: str) -> None:
    """Her data is on the page: the control."""
    browser_pages.open_own_page(world, alias)

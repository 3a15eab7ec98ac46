"""What scenarios about sign-up do and demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.findings import HarnessError, NotTested, Unmet
from harness.core.provenance import Changed, Joined, Part, made
from harness.deployment.accounts import SIGN_IN
from harness.deployment.answer import matches
from harness.deployment.people import Device
from harness.deployment.request import Spoiling
from harness.flows.common import anonymous_must_be_nobody, has_another_name

if TYPE_CHECKING:
    from harness.scenario.world import World


def sign_up(world: World, alias: str) -> None:
    """Ask for a new account. Raises Unmet when an ordinary person gets none."""
    person = world.introduce(world.cast.imagine(alias))
    world.answer = world.deployment.sign_up(person, person.device("first device"))
    if not matches(world.deployment.operation("sign_up").outcomes.success, world.answer):
        raise Unmet("that a new person can sign up", f"it was answered {world.answer.status}", [world.answer])
    person.has_account = True


def sign_up_greedily(world: World, alias: str) -> None:
    """Ask for a new account with fields that only the server may set."""
    person = world.introduce(world.cast.imagine(alias))
    world.wishes = world.accounts.greedy()
    device = person.device("first device")
    world.answer = world.deployment.sign_up(person, device, Spoiling(beside=world.wishes))
    person.has_account = matches(world.deployment.operation("sign_up").outcomes.success, world.answer)


def must_have_granted_nothing(world: World, alias: str, ordinary: str) -> None:
    """Raise Unmet when a wish came true; a refused sign-up granted nothing."""
    person, plain = world.person(alias), world.person(ordinary).device("first device")
    usual = world.deployment.call("session", plain.who, {}, world.deployment.browser_session(plain))
    if world.deployment.identity_in(usual) is None:
        raise NotTested(f"the control failed: {plain.who} is not signed in, so there is nothing to compare with.")
    device = person.device("first device")
    if person.has_account and not world.target.profile.operations.sign_up.signs_in:
        world.deployment.sign_in(device)
    session = world.deployment.call("session", device.who, {}, world.deployment.browser_session(device))
    if (granted := world.accounts.granted(world.wishes, session, usual)) is not None:
        raise Unmet("that extra fields at sign-up are ignored or refused", granted, [usual, world.last(), session])


def must_follow_declared_sign_up(world: World, alias: str) -> None:
    """Raise Unmet when a new account is signed in although the profile says no, or the other way round."""
    anonymous_must_be_nobody(world)
    device = world.person(alias).device("first device")
    declared = world.target.profile.operations.sign_up.signs_in
    identity = world.deployment.who_is(world.deployment.browser_session(device), device.who)
    hers = identity is not None and identity.email.lower() == device.person.email.lower()
    if hers is not declared or (identity is not None and not hers):
        state = "not signed in" if identity is None else f"signed in as {identity.email}"
        raise Unmet(
            f"that a new account is {'signed in at once' if declared else 'not signed in yet'} (sign_up.signs_in)",
            f"{device.who} is {state}",
            [world.last()],
        )
    if not declared:
        world.deployment.sign_in_for_good(device)


def sign_up_again(world: World, alias: str) -> None:
    """Sign up with somebody's address, another name and another password."""
    owner = world.person(alias)
    intruder = world.cast.imagine("Mallory")
    intruder.email = owner.email
    world.introduce(intruder)
    world.answer = world.deployment.sign_up(intruder, intruder.device("first device"))


def must_not_open_with_new_password(world: World, alias: str) -> None:
    """Raise Unmet when the second sign-up's password opens the address's account."""
    intruder = world.person("Mallory")
    what = f"signing in with {alias}'s address and the second sign-up's password"
    world.judge.attempt(world.accounts.with_password(intruder, intruder.password, what))
    world.judge.all_refused()


def must_not_be_signed_in_as(world: World, alias: str) -> None:
    """Raise Unmet when the second sign-up's browser is signed in to the address."""
    world.judge.needs(SIGN_IN)
    device = world.person("Mallory").device("first device")
    identity = world.deployment.who_is(world.deployment.browser_session(device), device.who)
    if identity is not None and identity.email.lower() == world.person(alias).email.lower():
        raise Unmet(
            "that a second sign-up with a taken address signs nobody in",
            f"its browser is signed in as {identity.email}",
            [world.last()],
        )


def must_still_sign_in(world: World, alias: str) -> None:
    """Raise Unmet when the person's own password stopped working or their name was changed."""
    person = world.person(alias)
    device = Device(person, "another device")
    answer = world.deployment.sign_in(device)
    identity = world.deployment.who_is(world.deployment.browser_session(device), device.who)
    if identity is None:
        raise Unmet(f"that {alias}'s own password still signs in", f"it was answered {answer.status}", [answer])
    if has_another_name(world, identity, person):
        raise Unmet(f"that {alias} keeps her name", f'it is now "{identity.name}"', [world.last(), answer])


def sign_up_in_another_spelling(world: World, alias: str, spelling: str) -> None:
    """Sign up with somebody's address, spelled otherwise, and another password."""
    email = world.person(alias).email
    local = email.rpartition("@")[0]
    # The domain is left alone: what sign-up and sign-in make of it is not always the same.
    pieces = Changed("upper", Part(email, end=len(local))), Part(email, start=len(local))
    capitals = made(f"{alias} email in capitals", Joined(pieces))
    spelled = {"in capitals before the @": capitals, "between blanks": f" {email} "}
    if spelling not in spelled:
        raise HarnessError(f'there is no spelling of an address "{spelling}"')
    twin = world.cast.imagine("Mallory")
    twin.email = spelled[spelling]
    answer = world.deployment.sign_up(twin, twin.device("first device"))
    twin.has_account = matches(world.deployment.operation("sign_up").outcomes.success, answer)
    world.twins[spelling] = twin
    world.answers.append(answer)


def must_be_one_account(world: World, alias: str) -> None:
    """Raise Unmet when another spelling of the address has an account beside the person's own.

    A sign-up that was refused made none; one that was not is tried with its own password.
    """
    world.judge.needs(SIGN_IN)
    for (spelling, twin), answer in zip(world.twins.items(), world.answers, strict=True):
        if not twin.has_account:
            continue
        device = Device(twin, "another device")
        world.deployment.sign_in(device)
        identity = world.deployment.who_is(world.deployment.browser_session(device), device.who)
        if identity is not None and (identity.id is None or identity.id != world.person(alias).id):
            raise Unmet(
                f"that {alias}'s address has one account, also when it is written {spelling}",
                f"it has a second one, which the second sign-up's password opens as {identity.email}",
                [answer],
            )

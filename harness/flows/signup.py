"""What scenarios about sign-up do and demand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harness.core.findings import NotTested, Unmet
from harness.core.provenance import Changed, Joined, Part, made
from harness.core.vocabulary import Vocabulary
from harness.deployment.accounts import SIGN_IN
from harness.deployment.people import Device
from harness.deployment.quotation import quoted
from harness.deployment.tampered import Tampering
from harness.flows.common import anonymous_must_not_be_signed_in, has_another_name
from harness.scenario.world import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Exchange
    from harness.deployment.people import Person
    from harness.scenario.world import World


@dataclass(frozen=True)
class Privileges:
    """Fields that a sign-up sent though only the server may set them."""

    fields: dict[str, Any]


@dataclass(frozen=True)
class SecondSignUp:
    """A sign-up with a taken address in another spelling."""

    spelling: str
    person: Person
    """Has an account, if the answer says so: it may be the one that was there."""
    answer: Exchange


@dataclass(frozen=True)
class SecondSignUps:
    """Every sign-up with a taken address in another spelling."""

    made: list[SecondSignUp] = field(default_factory=list)


def _in_upper_case(owner: Person) -> str:
    # The domain is left alone: what sign-up and sign-in make of it is not always the same.
    email, at_sign = owner.email, owner.email.rindex("@")
    pieces = Changed("upper", Part(email, end=at_sign)), Part(email, start=at_sign)
    return made(f"{owner.alias} email in upper case", Joined(pieces))


SPELLINGS: Vocabulary[Callable[[Person], str]] = Vocabulary(
    "spelling of an address",
    {"in upper case before the @": _in_upper_case, "between spaces": lambda owner: f" {owner.email} "},
)


def sign_up(world: World, alias: str) -> None:
    """Ask for a new account.

    Raises Unmet when an ordinary person gets none.
    """
    person = world.introduce(world.cast.new_person(alias))
    answer = world.deployment.sessions.sign_up(person, person.device("first device"))
    world.remember(Answer(answer))
    if not person.has_account:
        world.deployment.must_be_there("sign_up", answer)
        raise Unmet("that a new person can sign up", f"it was answered {quoted(answer)}", [answer])
    world.cast.needed.append(person)


def sign_up_greedily(world: World, alias: str) -> None:
    """Sign up with fields that only the server may set."""
    person = world.introduce(world.cast.new_person(alias))
    privileges = world.accounts.privileges()
    world.remember(Privileges(privileges))
    answer = world.deployment.sessions.sign_up(person, person.device("first device"), Tampering(beside=privileges))
    world.remember(Answer(answer))


def must_have_granted_nothing(world: World, alias: str, ordinary: str) -> None:
    """Raise Unmet when a privilege was granted; a refused sign-up grants none."""
    person, plain = world.person(alias), world.person(ordinary).device("first device")
    usual = world.deployment.call("session", plain.who, {}, world.deployment.access.browser_session(plain))
    if world.deployment.identity.identity_in(usual) is None:
        raise NotTested(f"the control failed: {plain.who} is not signed in, so there is nothing to compare with.")
    device = person.device("first device")
    if person.has_account and not world.deployment.sessions.signs_in(world.last()):
        world.deployment.sessions.sign_in(device)
    session = world.deployment.call("session", device.who, {}, world.deployment.access.browser_session(device))
    if (granted := world.accounts.granted(world.recall(Privileges).fields, session, usual)) is not None:
        raise Unmet("that extra fields at sign-up are ignored or refused", granted, [usual, world.last(), session])


def must_follow_declared_sign_up(world: World, alias: str) -> None:
    """Raise Unmet unless a new account is signed in as declared."""
    anonymous_must_not_be_signed_in(world)
    device = world.person(alias).device("first device")
    declared = world.deployment.sessions.signs_in(world.last())
    identity = world.deployment.identity.who_is(world.deployment.access.browser_session(device), device.who)
    hers = identity is not None and identity.is_of(device.person)
    if hers is not declared or (identity is not None and not hers):
        state = "not signed in" if identity is None else f"signed in as {identity.called}"
        raise Unmet(
            f"that a new account is {'signed in at once' if declared else 'not signed in yet'} (sign_up.signs_in)",
            f"{device.who} is {state}",
            [world.last()],
        )
    if not declared:
        world.deployment.sessions.sign_in_verified(device)


def sign_up_again(world: World, other: str, alias: str) -> None:
    """Sign up with another user's address, another name and password."""
    intruder = world.introduce(world.cast.new_person(other))
    intruder.email = world.person(alias).email
    world.remember(Answer(world.deployment.sessions.sign_up_beside(intruder, intruder.device("first device"))))


def must_not_open_with_new_password(world: World, other: str, alias: str) -> None:
    """Raise Unmet when the second sign-up's password opens the address's account."""
    intruder = world.person(other)
    what = f"signing in with {alias}'s address and the second sign-up's password"
    world.judge.attempt(world.accounts.with_password(intruder, intruder.password, what))
    world.judge.all_refused()


def must_not_be_signed_in_as(world: World, other: str, alias: str) -> None:
    """Raise Unmet if the second sign-up signed in to the account."""
    world.judge.needs(SIGN_IN)
    device = world.person(other).device("first device")
    identity = world.deployment.identity.who_is(world.deployment.access.browser_session(device), device.who)
    if identity is not None and identity.is_of(world.person(alias)):
        raise Unmet(
            "that a second sign-up with a known address opens no session of its account",
            f"its browser is signed in as {identity.called}",
            [world.last()],
        )


def must_still_sign_in(world: World, alias: str) -> None:
    """Raise Unmet if the person's password stopped working or the name changed."""
    person = world.person(alias)
    device = Device(person, "second device")
    answer = world.deployment.sessions.sign_in(device)
    identity = world.deployment.identity.who_is(world.deployment.access.browser_session(device), device.who)
    if identity is None:
        raise Unmet(f"that {alias}'s own password still signs in", f"it was answered {quoted(answer)}", [answer])
    if has_another_name(world, identity, person):
        raise Unmet(f"that {alias} keeps her name", f'it is now "{identity.name}"', [world.last(), answer])


def sign_up_in_another_spelling(world: World, other: str, alias: str, spelling: str) -> None:
    """Sign up with another spelling of a user's address and another password."""
    twin = world.cast.new_person(other)
    twin.email = SPELLINGS[spelling](world.person(alias))
    answer = world.deployment.sessions.sign_up_beside(twin, twin.device("first device"))
    world.setdefault(SecondSignUps()).made.append(SecondSignUp(spelling, twin, answer))


def must_be_one_account(world: World, alias: str) -> None:
    """Raise Unmet if another spelling of the address has a second account.

    A sign-up that was refused made none; one that was not is tried with its own password.
    """
    world.judge.needs(SIGN_IN)
    for second in world.recall(SecondSignUps).made:
        if not second.person.has_account:
            continue
        device = Device(second.person, "second device")
        world.deployment.sessions.guess(device, second.person.password)
        # Of two rows with one address a sign-in may find either, and the sign-up's own session has its own.
        for opened, how in ((second.person.device("first device"), "sign-up"), (device, "sign-up's password")):
            credential = world.deployment.access.browser_session(opened)
            identity = world.deployment.identity.who_is(credential, opened.who)
            if identity is not None and (identity.id is None or identity.id != world.person(alias).id):
                raise Unmet(
                    f"that {alias}'s address has one account, also when it is written {second.spelling}",
                    f"it has a second one, which the second {how} opens as {identity.called}",
                    [second.answer],
                )

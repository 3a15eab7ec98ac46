"""Sign-ups that must make no account, or no more than one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from harness.core.errors import Absent
from harness.core.exchange import Exchange
from harness.core.findings import NotTested, Unmet
from harness.core.provenance import Joined, Part, Random, made
from harness.core.vocabulary import Vocabulary
from harness.deployment import held
from harness.deployment.accounts import SIGN_UP
from harness.deployment.errors import Unrecognised
from harness.deployment.people import Device
from harness.deployment.refusal import Attempt
from harness.deployment.tampered import Tampering
from harness.flows.common import id_of
from harness.scenario.world import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.deployment.identity import Identity
    from harness.deployment.people import Person
    from harness.scenario.world import World

AT_ONCE = 3
"""Sign-ups at the same moment; more would be throttled, and two may happen to come one after another."""
LONGEST_COOKIE = 4096
"""Bytes of a cookie's name and value that browsers keep (RFC 6265bis section 5.6)."""

NO_ADDRESSES: Vocabulary[Callable[[Person], str]] = Vocabulary(
    "text that is no address",
    {
        "not-an-email": lambda person: made("no address", Joined(("not-an-email-", Random(person.canary)))),
        "an empty text": lambda _: "",
        "an address with CR and LF and a further header": lambda person: made(
            "address with a line break", Joined((Part(person.email), "\r\nBcc: ", Part(person.email)))
        ),
    },
)


# --- no address ---


def sign_up_without_address(world: World, alias: str, kind: str) -> None:
    """Sign up with a text that is no address."""
    person = world.cast.new_person(alias)
    person.email = NO_ADDRESSES[kind](person)
    device = person.device("first device")
    exchange = world.deployment.sessions.sign_up(person, device)

    def usable() -> str | None:
        if (came := _yields(world, device)) is not None or not person.has_account:
            return came
        again = Device(person, "second device")
        world.deployment.sessions.guess(again, person.password)
        return _yields(world, again)

    world.judge.attempt(
        Attempt(
            key=SIGN_UP,
            what=f"signing up with {kind} for an address",
            exchange=exchange,
            effect=usable,
            harmless_success=True,
            harmless_crash=True,
            also_refusal=lambda _: True,
        )
    )


def _yields(world: World, device: Device) -> str | None:
    """What the device can use; its user may have no address."""
    try:
        return world.accounts.yields(device)
    except Unrecognised:
        return "the session endpoint names a user without a usable address"


# --- at the same moment ---


@dataclass(frozen=True)
class Race:
    """The answers to sign-ups at the same moment, and their users."""

    answers: list[Exchange]
    signed_in: list[Identity]


def sign_up_at_once(world: World, alias: str) -> None:
    """Sign up several times at once with one address and password."""
    person = world.cast.new_person(alias)
    if not world.target.profile.operations.sign_up.signs_in:
        raise Absent("The profile says that sign-up signs nobody in.")
    devices = [Device(person, f"device {number}") for number in range(1, AT_ONCE + 1)]
    world.deployment.journal.asked(person.email, person.password)
    calls = [(person.values, world.deployment.access.ready("sign_up", device)) for device in devices]
    came = world.deployment.call_together("sign_up", alias, calls)
    signed_in: list[Identity] = []
    for device, answer in zip(devices, came, strict=True):
        if not isinstance(answer, Exchange):
            continue
        device.keep_cookies(answer)
        held.keep_tokens(world.target, device, "sign_up", answer)
        session = world.deployment.access.browser_session(device)
        identity = world.deployment.identity.who_is(session, device.who)
        if identity is not None:
            person.devices["first device"] = device
            world.deployment.sessions.note_account(person)
            signed_in.append(identity)
    world.remember(Race([one for one in came if isinstance(one, Exchange)], signed_in))


def must_be_one_account(world: World) -> None:
    """Raise Unmet if sign-ups at once made several accounts.

    Or if they broke the server.

    Raises NotTested where none of them is signed in.
    """
    race = world.recall(Race)
    expected = f"that {AT_ONCE} sign-ups with one address at the same moment make one account"
    broken = next((one for one in race.answers if httpx.codes.is_server_error(one.status)), None)
    if broken is not None:
        raise Unmet(expected, f"one was answered {broken.status}", race.answers)
    if not race.signed_in:
        raise NotTested("none of the sign-ups at the same moment is signed in.", "", race.answers)
    ids = dict.fromkeys(one.id or one.called for one in race.signed_in)
    if len(ids) > 1:
        raise Unmet(expected, f"they are signed in as {len(ids)} users, by their ids", race.answers)


# --- another user's id ---


def sign_up_as(world: World, alias: str, other: str) -> None:
    """Sign up and also send another user's id as one's own."""
    person = world.introduce(world.cast.new_person(alias))
    chosen = id_of(world, other)
    fields = dict.fromkeys(("id", "user_id", "userId", "sub"), chosen)
    device = person.device("first device")
    world.remember(Answer(world.deployment.sessions.sign_up(person, device, Tampering(beside=fields))))
    if person.has_account and not world.deployment.sessions.signs_in(world.last()):
        world.deployment.sessions.sign_in(device)


def must_be_another_user(world: World, alias: str, other: str) -> None:
    """Raise Unmet if the new account shows anything of the other's."""
    device, owner = world.person(alias).device("first device"), world.person(other)
    session = world.deployment.access.browser_session(device)
    identity = world.deployment.identity.who_is(session, device.who)
    expected = f"that a sign-up with {other}'s id opens nothing of {other}'s"
    if identity is None:
        return
    if identity.is_of(owner) or (identity.id is not None and identity.id == owner.id):
        raise Unmet(expected, f"it is signed in as {identity.called}, with {other}'s id", [world.last()])
    world.deployment.identity.learn(world.person(alias), identity)
    if not world.target.profile.has_tasks:
        return
    listed = world.tasks.call("list", alias, world.tasks.credential(world.person(alias)), world.person(alias))
    shown = next((canary for canary in owner.canaries if canary in listed.exchange.everything), None)
    if shown is not None:
        raise Unmet(expected, f"its list of tasks shows {other}'s {shown}", [world.last(), listed.exchange])


# --- an address that is not verified ---


@dataclass(frozen=True)
class Pending:
    """What a new user got before the address was verified."""

    answer: Exchange
    by_sign_up: str | None
    signing_in: Exchange
    by_sign_in: str | None


def sign_up_unverified(world: World, alias: str) -> None:
    """Sign up and sign in before the address is verified.

    Raises Absent where the profile says nothing of that.
    """
    if world.target.profile.operations.sign_up.outcomes.pending_verification is None:
        raise Absent("The profile says of no answer that an address has to be verified first.")
    person = world.introduce(world.cast.new_person(alias))
    device = person.device("first device")
    answer = world.deployment.sessions.sign_up_unverified(person, device)
    if world.target.profile.operations.sign_up.signs_in and not world.deployment.sessions.is_pending(answer):
        raise NotTested("a sign-up was answered as one whose address needs no verification.", "", [answer])
    again = Device(person, "second device")
    by_sign_up = world.accounts.yields(device)
    signing_in = world.deployment.sessions.guess(again, person.password)
    world.remember(Pending(answer, by_sign_up, signing_in, world.accounts.yields(again)))


def must_wait_for_verification(world: World) -> None:
    """Raise Unmet if a session came before the verification."""
    pending = world.recall(Pending)
    expected = "that nobody is signed in before the address is verified"
    if pending.by_sign_up is not None:
        raise Unmet(expected, f"after sign-up {pending.by_sign_up}", [pending.answer])
    if pending.by_sign_in is not None:
        raise Unmet(expected, f"after sign-in {pending.by_sign_in}", [pending.answer, pending.signing_in])


def must_sign_in_once_verified(world: World, alias: str) -> None:
    """The control: the verified address signs in.

    Raises Unavailable where it doesn't.
    """
    person = world.person(alias)
    world.deployment.sessions.verify(person)
    world.deployment.sessions.sign_in_verified(person.device("first device"))


# --- a long name ---


@dataclass(frozen=True)
class LongNamed:
    """The answers that a user with a long name was given."""

    answers: list[Exchange]


def sign_up_with_long_name(world: World, alias: str) -> None:
    """Sign up with a name of 3000 characters, and sign in.

    Raises Absent where such a name is refused.
    """
    sessions, person = world.deployment.sessions, world.introduce(world.cast.new_person(alias))
    person.name = person.name + " " + "n" * (3000 - len(person.name))
    device = person.device("first device")
    answers = [sessions.sign_up(person, device)]
    if not person.has_account:
        raise Absent(f"A name of 3000 characters is refused (sign-up was answered {answers[0].status}).")
    if not sessions.signs_in(answers[0]):
        answers.append(sessions.sign_in(device))
    answers.append(
        world.deployment.call("session", device.who, {}, world.deployment.access.browser_session(device))
    )
    world.remember(LongNamed(answers))


def must_fit_into_cookies(world: World) -> None:
    """Raise Unmet if a cookie is larger than browsers keep."""
    for answer in world.recall(LongNamed).answers:
        for header in answer.set_cookies:
            name, _, value = header.partition(";")[0].partition("=")
            size = len(name.strip().encode()) + len(value.strip().encode())
            if size > LONGEST_COOKIE:
                expected = f"that no cookie is larger than the {LONGEST_COOKIE} bytes that browsers keep"
                raise Unmet(expected, f"with a long name {name} has {size}", [answer])

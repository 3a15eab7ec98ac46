"""What scenarios of several features do and demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from harness.core.findings import NotApplicable, Unmet
from harness.core.provenance import Encoded, Joined, made
from harness.deployment.credential import ANONYMOUS
from harness.deployment.held import declared_token
from harness.scenario.world import Answer
from harness.tokens.jws import Jwt

if TYPE_CHECKING:
    from harness.deployment.identity import Identity
    from harness.deployment.people import Person
    from harness.deployment.tasks.client import Verb
    from harness.scenario.world import World


@dataclass(frozen=True)
class Ended:
    """What ended a session or account on purpose."""

    by: Literal["sign-out", "revocation", "a change of the password", "the end of the account"]


@dataclass(frozen=True)
class IssuedToken:
    """A new access token."""

    value: str


def must_be_signed_in_as(world: World, alias: str, device_name: str) -> None:
    """Raise Unmet unless the device's session is that person's, with their address and name."""
    anonymous_must_be_nobody(world)
    person, device = world.person(alias), world.device(alias, device_name)
    exchange = world.deployment.call("session", device.who, {}, world.deployment.access.browser_session(device))
    identity = world.deployment.identity.identity_in(exchange)
    expected = f"that the session on {device.who} is {alias}'s"
    if identity is None:
        raise Unmet(expected, "nobody is signed in there", [world.last(), exchange])
    if not identity.is_of(person):
        raise Unmet(expected, f"it is {identity.email}'s", [world.last(), exchange])
    if has_another_name(world, identity, person):
        raise Unmet(expected + " by name", f'the name is "{identity.name}"', [world.last(), exchange])


def has_another_name(world: World, identity: Identity, person: Person) -> bool:
    """Whether a session names somebody else than the person who signed up."""
    # Where sign-up takes no name, the deployment makes one up.
    takes_name = world.deployment.operation("sign_up").asks_for("name")
    return takes_name and identity.name is not None and identity.name != person.name


def anonymous_must_be_nobody(world: World) -> None:
    """Raise Unmet when the session endpoint names somebody without any cookie."""
    # Otherwise "signed in" would be true of every browser, and say nothing.
    stranger = world.deployment.identity.who_is(ANONYMOUS, "a browser without cookies")
    if stranger is not None:
        raise Unmet("that a browser without cookies is nobody", f"it is told that it is {stranger.email}")


def try_wrong_password(world: World, alias: str, kind: str) -> None:
    """Sign in with a wrong password of a kind that feature files name, and note what has to be refused."""
    attempt = world.accounts.wrong_password(world.person(alias), kind)
    if attempt is None:
        world.notes.append(f"not tried: {kind}; sign-up took no password of {alias}'s with which that differs")
    else:
        world.judge.attempt(attempt)


def sign_out(world: World, alias: str, device_name: str) -> None:
    """Sign out on that device as its button does."""
    world.remember(Answer(world.deployment.sessions.sign_out(world.device(alias, device_name))))
    world.remember(Ended("sign-out"))


def sign_in(world: World, alias: str, device_name: str) -> None:
    """Sign in with the right password on a new device."""
    world.remember(Answer(world.deployment.sessions.sign_in(world.new_device(alias, device_name))))


def ask_for_token(world: World, alias: str) -> None:
    """Ask for a new access token, as the front end does."""
    world.remember(IssuedToken(world.deployment.access.issue_token(world.device(alias, "first device"))))


def id_of(world: World, alias: str) -> str:
    """The person's id as the session endpoint tells it; the address where it tells none."""
    device = world.device(alias, "first device")
    identity = world.deployment.identity.who_is(world.deployment.access.browser_session(device), device.who)
    return identity.id if identity is not None and identity.id is not None else world.person(alias).email


def control_place(world: World, alias: str, word: str) -> None:
    """Note that the person's own session opens the place. Raises NotTested when it doesn't."""
    person, place = world.person(alias), world.places[word]
    world.judge.control(place.key(alias), place.control(alias, world.session_of(alias), person))


_ANY_JWT = Joined((Encoded(b'{"alg":"HS256","typ":"JWT"}'), ".", Encoded(b'{"sub":"1"}'), ".", "c2lnbmF0dXJl"))


def accepted(world: World, alias: str) -> Jwt:
    """The person's token, taken apart. Raises NotApplicable where it is opaque: it has no parts to change."""
    if declared_token(world.target).kind != "jwt":
        raise NotApplicable("The profile declares that the access token is opaque: it has no parts to change.")
    return Jwt.parse(world.deployment.access.access_token(world.device(alias, "first device")))


def pattern(world: World, alias: str) -> Jwt:
    """What oddities are made from: the person's token, or any JWT where tokens are opaque."""
    if declared_token(world.target).kind == "jwt":
        return accepted(world, alias)
    return Jwt.parse(made("any token", _ANY_JWT))


def control_token(world: World, alias: str) -> None:
    """Note that the person's token opens the person's tasks. Raises NotTested when it doesn't."""
    world.control_task_call("list", alias)


def attempt_with_token(world: World, alias: str, verb: Verb, token: str, what: str) -> None:
    """Call a verb on the person's task with a token that must not open it, and note the attempt."""
    bearer = world.deployment.access.bearer(token, what)
    person, task = world.person(alias), world.task_of(alias)
    world.judge.attempt(world.tasks.attempt(verb, "somebody", bearer, person, task, what=what))

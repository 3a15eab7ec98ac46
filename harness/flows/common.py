"""What scenarios of several features do and demand."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import httpx

from harness.core.blocker import Blocker
from harness.core.errors import Absent
from harness.core.findings import NotApplicable, NotTested, Unmet
from harness.deployment.answer import matches
from harness.deployment.credential import ANONYMOUS
from harness.deployment.quotation import quoted
from harness.scenario.world import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.core.exchange import Exchange
    from harness.deployment.identity import Identity
    from harness.deployment.people import Device, Person
    from harness.scenario.world import World


ONE_SESSION = "The deployment allows one session a person"


@dataclass(frozen=True)
class Ended:
    """What ended a session or account on purpose."""

    by: Literal["sign-out", "revocation", "a change of the password", "the end of the account"]


@dataclass(frozen=True)
class OnlySession:
    """A session whose sign-in ended the one on the first device."""

    device: Device


def sign_in_also(world: World, alias: str, device_name: str) -> None:
    """Sign in on one more device.

    That may rightly end the session on the first one, where a deployment allows one session a person. Then both
    devices hold the new one, and only what needs two is not judged.
    """
    first, device = world.device(alias, "first device"), world.new_device(alias, device_name)
    world.deployment.sessions.sign_in_verified(device)
    held = world.deployment.access.browser_session(first)
    if not world.deployment.identity.is_session_of(first.person, held, first.who):
        world.remember(OnlySession(device))
        first.become(device)
        world.notes.append(f"{ONE_SESSION}: signing in on {device.who} ended the one on {first.who}")


def must_have_two_sessions(world: World) -> None:
    """Raise NotApplicable where a second sign-in ended the first session."""
    if world.remembers(OnlySession):
        raise NotApplicable(f"{ONE_SESSION}: signing in on a second device ends the session on the first.")


def device_in_use(world: World, alias: str) -> Device:
    """The person's first device, signed in.

    The other one where its session is the only one.
    """
    if world.remembers(OnlySession):
        return world.recall(OnlySession).device
    world.cast.recover(world.person(alias))
    return world.device(alias, "first device")


def must_be_signed_in_as(world: World, alias: str, device_name: str) -> None:
    """Raise Unmet unless the device's session has the person's address and name."""
    anonymous_must_not_be_signed_in(world)
    person, device = world.person(alias), world.device(alias, device_name)
    exchange = world.deployment.call("session", device.who, {}, world.deployment.access.browser_session(device))
    identity = world.deployment.identity.identity_in(exchange)
    expected = f"that the session on {device.who} is {alias}'s"
    if identity is None:
        raise Unmet(expected, "no user is signed in there", [world.last(), exchange])
    if not identity.is_of(person):
        raise Unmet(expected, f"it is {identity.called}'s", [world.last(), exchange])
    if has_another_name(world, identity, person):
        raise Unmet(expected + " by name", f'the name is "{identity.name}"', [world.last(), exchange])


def has_another_name(world: World, identity: Identity, person: Person) -> bool:
    """Whether a session has another name than the person signed up with."""
    # Where sign-up takes no name, the deployment makes one up.
    takes_name = world.deployment.operation("sign_up").asks_for("name")
    return takes_name and identity.name is not None and identity.name != person.name


def anonymous_must_not_be_signed_in(world: World) -> None:
    """Raise Unmet if the session endpoint names a user without any cookie.

    Raises Unrecognised if a person without an account can sign in.
    """
    world.cast.must_refuse_claims()
    # Otherwise "signed in" would be true of every browser, and say nothing.
    anonymous = world.deployment.identity.who_is(ANONYMOUS, "a browser without cookies")
    if anonymous is not None:
        raise Unmet("that a browser without cookies is not signed in", f"it is signed in as {anonymous.called}")


def try_wrong_password(world: World, alias: str, kind: str) -> None:
    """Sign in with a wrong password of that kind, as an attempt."""
    attempt = world.accounts.wrong_password(world.person(alias), kind)
    if attempt is None:
        world.notes.append(f"not tried: {kind}; sign-up took no password of {alias}'s with which that differs")
    else:
        world.judge.attempt(attempt)


def sign_out(world: World, alias: str, device_name: str) -> None:
    """Sign out on that device as its button does.

    Raises NotThere where there is no such operation.
    """
    world.remember(Answer(world.deployment.sessions.sign_out(world.device(alias, device_name))))
    world.remember(Ended("sign-out"))


def sign_in(world: World, alias: str, device_name: str) -> None:
    """Sign in with the right password on a new device.

    Raises NotThere where there is no such operation.
    """
    exchange = world.deployment.sessions.sign_in(world.new_device(alias, device_name))
    world.remember(Answer(exchange))
    world.deployment.must_be_there("sign_in", exchange)


def id_of(world: World, alias: str) -> str:
    """The person's id as the session endpoint tells it.

    The address where it tells none.
    """
    device = world.device(alias, "first device")
    identity = world.deployment.identity.who_is(world.deployment.access.browser_session(device), device.who)
    return identity.id if identity is not None and identity.id is not None else world.person(alias).email


def control_place(world: World, alias: str, word: str) -> None:
    """Note that the person's own session opens the place.

    Raises NotTested when it doesn't.
    """
    person, place = world.person(alias), world.places[word]
    if (absence := place.absence) is not None:
        raise Absent(absence)
    credential = world.deployment.access.sent_to(place.url(person), world.device(alias, "first device"))
    world.judge.control(place.key(alias), place.control(alias, credential, person))


def must_be_done(world: World, name: str, exchange: Exchange) -> None:
    """Note the answer to an operation.

    Raises Unmet when the server broke, NotTested when it is anything else but what the profile calls success.
    """
    world.remember(Answer(exchange))
    if not matches(world.deployment.operation(name).outcomes.success, exchange):
        world.deployment.must_be_there(name, exchange)
        if httpx.codes.is_server_error(exchange.status):
            raise Unmet(f"that {name} works for the owner", f"it was answered {quoted(exchange)}", [exchange])
        raise NotTested(
            f"{name} was answered {quoted(exchange)}, not as the profile says success looks.",
            f"Check operations.{name} in the profile.",
            [exchange],
            blocker=Blocker.UNFIT,
        )


@contextlib.contextmanager
def precondition() -> Iterator[None]:
    """What a scenario only needs is not what it judges."""
    try:
        yield
    except Unmet as failed:
        raise NotTested(f"expected {failed.expected} first; {failed.came}.", "", failed.exchanges) from failed


_OTHER_DIGITS = str.maketrans("0123456789abcdefABCDEF", "1032547698badcfeBADCFE")


def unknown_like(task_id: str) -> str:
    """An id of the same form, which no task has."""
    return "9" * 9 if task_id.isdigit() else task_id.translate(_OTHER_DIGITS)


def task_must_be_readable(world: World, alias: str) -> None:
    """Raise NotTested where the person can't read their task again.

    Otherwise nothing would show that it is gone.
    """
    with precondition():
        if world.tasks.title_of(world.person(alias), world.task_of(alias), is_kept=True) is None:
            raise NotTested(f"the control failed: {alias}'s task can't be read again.")

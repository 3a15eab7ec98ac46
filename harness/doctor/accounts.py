"""Whether people get accounts, and sessions that distinguish them."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from harness.core.errors import Unavailable
from harness.deployment.answer import matches
from harness.deployment.people import Device
from harness.deployment.quotation import quoted
from harness.doctor import obstacles
from harness.doctor.findings import Finding, Unusable, doubtful, works
from harness.doctor.sign_up import CHECK_SIGN_IN, why_no_account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.core.exchange import Exchange
    from harness.scenario.world import World

SECOND = "laptop"
"""The second device of a person."""


def examine(world: World, one: str, other: str) -> Iterator[Finding]:
    """Have two people sign up, and the first sign in again.

    Raises Unusable where no account or session can be had, or where a session does not show whose it is.
    """
    yield from _account(world, one)
    yield from _second_device(world, one)
    for finding in _account(world, other):
        if finding.kind == "works":
            yield finding
    yield from _distinguished(world, one, other)
    world.cast.must_refuse_claims()
    yield _wrong_password(world, one)


def _account(world: World, alias: str) -> Iterator[Finding]:
    person = world.introduce(world.cast.new_person(alias))
    device = person.device("first device")
    try:
        answer = world.deployment.sessions.sign_up(person, device)
        undeclared = _signs_in_undeclared(world, device, answer)
        world.deployment.sessions.complete_sign_up(device, answer)
    except Unavailable as failed:
        raise Unusable(why_no_account(world.deployment, person, failed)) from failed
    yield works(f"{alias} signed up and is signed in")
    if undeclared:
        yield doubtful(
            "sign-up signs a new user in, and operations.sign_up.signs_in says that it does not; correct it"
        )


def _signs_in_undeclared(world: World, device: Device, answer: Exchange) -> bool:
    """Whether a sign-up signs in against the profile."""
    operation = world.target.profile.operations.sign_up
    if operation.signs_in or not matches(operation.outcomes.success, answer):
        return False
    session = world.deployment.access.browser_session(device)
    with contextlib.suppress(Unavailable):
        return world.deployment.identity.is_session_of(device.person, session, device.who)
    return False


def _second_device(world: World, alias: str) -> Iterator[Finding]:
    person, deployment = world.person(alias), world.deployment
    device, again = person.device("first device"), world.new_device(alias, SECOND)
    try:
        deployment.sessions.sign_in_verified(again)
    except Unavailable as failed:
        raise Unusable(_no_sign_in(world, failed)) from failed
    if deployment.identity.who_is(deployment.access.browser_session(device), device.who) is None:
        person.devices["first device"] = again
        yield doubtful(f"signing in on a second device ended {alias}'s first session")


def _no_sign_in(world: World, failed: Unavailable) -> str:
    answer = failed.exchanges[-1] if failed.exchanges else None
    if answer is None:
        return f"after signing up, signing in does not work: {failed}"
    if (obstacle := obstacles.in_front(answer, world.target)) is not None:
        return f"after signing up, signing in {obstacles.sentence(answer, obstacle)}"
    return f"after signing up, signing in does not work: {failed.reason} {CHECK_SIGN_IN}"


def _distinguished(world: World, earlier: str, later: str) -> Iterator[Finding]:
    """Ask for the earlier one again once the later has signed in."""
    device, deployment = world.person(earlier).device("first device"), world.deployment
    identity = deployment.identity.who_is(deployment.access.browser_session(device), device.who)
    session = deployment.operation("session")
    if identity is None:
        yield doubtful(f"after {later} signed in, {earlier} is no longer signed in")
        deployment.sessions.sign_in_verified(device)
    elif not identity.is_of(device.person):
        whose = f"{later}'s" if identity.is_of(world.person(later)) else f"{identity.called}'s"
        raise Unusable(
            f"after {later} signed in, {session.method} {session.path} says that {earlier}'s session is {whose}: "
            "it does not show who is signed in. Check operations.session in the profile; if it is right, the "
            "deployment mixes its users up."
        )


def _wrong_password(world: World, alias: str) -> Finding:
    device = Device(world.person(alias), "another browser")
    answer = world.deployment.sessions.guess(device, world.cast.factory.password())
    outcomes = world.deployment.operation("sign_in").outcomes
    if matches(outcomes.bad_credentials, answer) and not matches(outcomes.success, answer):
        return works(f"a wrong password is answered {quoted(answer)}")
    return doubtful(
        f"a wrong password is answered {quoted(answer)}, which operations.sign_in.outcomes.bad_credentials "
        "(or success) does not distinguish from a right one; the scenarios judge by effect"
    )

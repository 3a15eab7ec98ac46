"""Whether people get accounts, and sessions that distinguish them."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import httpx

from harness.core.errors import Unavailable
from harness.deployment.answer import matches
from harness.deployment.lines import write
from harness.deployment.people import Device
from harness.deployment.quotation import quoted
from harness.deployment.told_apart import told_apart
from harness.doctor import obstacles
from harness.doctor.findings import Finding, Unusable, doubtful, works
from harness.doctor.sign_up import CHECK_SIGN_IN, who_is_there, why_no_account

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from harness.core.exchange import Exchange
    from harness.deployment.people import Person
    from harness.scenario.world import World

SECOND = "laptop"
"""The second device of a person."""


def examine(world: World, one: str, other: str) -> Iterator[Finding]:
    """Have two people sign up, and the first sign in again.

    Raises Unusable where no account or session can be had, or where a session does not show whose it is.
    """
    yield from _account(world, one)
    signed_in = yield from _second_device(world, one)
    for finding in _account(world, other):
        if finding.kind == "works":
            yield finding
    yield from _distinguished(world, one, other)
    world.cast.must_refuse_claims()
    yield _wrong_password(world, one, signed_in)


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
            "sign-up signs a new user in, and operations.sign_up.signs_in says that it does not. "
            + write("operations.sign_up", {"signs_in": True})
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


def _second_device(world: World, alias: str) -> Generator[Finding, None, Exchange]:
    """Sign in on a second device; returns the answer."""
    person, deployment = world.person(alias), world.deployment
    device, again = person.device("first device"), world.new_device(alias, SECOND)
    try:
        answer = deployment.sessions.sign_in_verified(again)
    except Unavailable as failed:
        raise Unusable(_no_sign_in(world, person, failed)) from failed
    if deployment.identity.who_is(deployment.access.browser_session(device), device.who) is None:
        person.devices["first device"] = again
        yield doubtful(f"signing in on a second device ended {alias}'s first session")
    return answer


def _no_sign_in(world: World, person: Person, failed: Unavailable) -> str:
    answer = failed.exchanges[-1] if failed.exchanges else None
    if answer is None:
        return f"after signing up, signing in does not work: {failed}"
    if (obstacle := obstacles.in_front(answer, world.target)) is not None:
        return f"after signing up, signing in {obstacles.sentence(answer, obstacle)}"
    remedy = who_is_there(world.deployment, person, answer) or CHECK_SIGN_IN
    return f"after signing up, signing in does not work: {failed.reason} {remedy}"


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


def _wrong_password(world: World, alias: str, signed_in: Exchange) -> Finding:
    """Try a wrong password; ``signed_in`` is the answer to the right one."""
    device = Device(world.person(alias), "another browser")
    answer = world.deployment.sessions.guess(device, world.cast.factory.password())
    outcomes = world.deployment.operation("sign_in").outcomes
    is_refused = matches(outcomes.bad_credentials, answer) and not matches(outcomes.success, answer)
    if is_refused and matches(outcomes.success, signed_in):
        return works(f"a wrong password is answered {quoted(answer)}")
    line = f". {lines}" if (lines := _outcomes(signed_in, answer)) else ""
    if is_refused:
        return doubtful(
            f"a right password is answered {quoted(signed_in)}, and operations.sign_in.outcomes.success says "
            f"otherwise{line}"
        )
    return doubtful(
        f"a wrong password is answered {quoted(answer)}, which operations.sign_in.outcomes.bad_credentials "
        f"(or success) does not distinguish from a right one; the scenarios judge by effect{line}"
    )


def _outcomes(right: Exchange, wrong: Exchange) -> str:
    """The lines that distinguish the two answers, if any do."""
    apart = told_apart(right, wrong)
    if apart == {}:
        apart = {"success": {"status": right.status}}
        if not httpx.codes.is_server_error(wrong.status):
            apart["bad_credentials"] = {"status": wrong.status}
    return write("operations.sign_in", {f"outcomes.{name}": one for name, one in (apart or {}).items()})

"""What scenarios about refresh tokens do and demand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, assert_never

import httpx

from harness.core.exchange import is_safe
from harness.core.findings import NotApplicable, NotTested, Unmet
from harness.core.text import listed
from harness.deployment import csrf, held
from harness.deployment.answer import how_answered, matches
from harness.deployment.credential import Credential
from harness.flows.access_token import attempt_with_token
from harness.flows.common import Ended
from harness.profile.credentials import BodyRefresh, CookieRefresh
from harness.scenario.world import Answer

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.people import Device
    from harness.scenario.world import World


@dataclass(frozen=True)
class CapturedRefreshToken:
    """A copy of the refresh token that a device holds."""

    device: Device
    value: str


@dataclass(frozen=True)
class RefreshedToken:
    """The access token that a live refresh token yielded."""

    value: str


@dataclass(frozen=True)
class Presentation:
    """A refresh token that must be dead was presented.

    ``yielded`` is the access token that came, if any.
    """

    what: str
    yielded: str | None
    answer: Exchange


@dataclass(frozen=True)
class Presentations:
    """Every refresh token that must be dead and was presented."""

    made: list[Presentation] = field(default_factory=list)


def present_refresh_token(world: World, alias: str) -> None:
    """List the person's tasks with the laptop's refresh token."""
    token = held_refresh(world.device(alias, "laptop"))
    attempt_with_token(world, alias, "list", token, f"{alias}'s refresh token in place of an access token")


def capture_refresh(world: World, alias: str) -> None:
    """Take a copy of the refresh token that the laptop holds."""
    device = world.device(alias, "laptop")
    world.remember(CapturedRefreshToken(device, held_refresh(device)))


def held_refresh(device: Device) -> str:
    """The refresh token that a device holds.

    Raises NotTested when there is none.
    """
    if device.refresh_token is None:
        raise NotTested(
            f"sign-in handed {device.who} no refresh token where credentials.refresh says.",
            "Check credentials.refresh in the profile.",
        )
    return device.refresh_token


def refresh(world: World, alias: str, device_name: str = "laptop") -> None:
    """Refresh on a device.

    Raises Unmet when the live refresh token yields nothing.
    """
    device = world.device(alias, device_name)
    token = _refreshed(world, device, held_refresh(device), live=True)
    if token is None:
        answer = world.last()
        world.deployment.must_be_there("refresh", answer)
        _must_not_be_elsewhere(world, answer)
        came = how_answered(world.deployment.operation("refresh"), answer)
        raise Unmet("that a live refresh token yields a new token", came, [answer])
    world.remember(RefreshedToken(token))


def _must_not_be_elsewhere(world: World, answer: Exchange) -> None:
    """Raise NotTested if a success holds its token elsewhere."""
    if not matches(world.deployment.operation("refresh").outcomes.success, answer):
        return
    key, pointer = held.refreshed_place(world.target)
    elsewhere = held.token_places(answer, held.refresh_in(world.target, answer, reissued=True))
    if elsewhere:
        raise NotTested(
            f"refresh was answered {answer.status} with no access token at {pointer} ({key}); the answer has "
            f"{listed(elsewhere, 'and')}.",
            f"Correct {key} in the profile.",
            [answer],
        )


def control_refresh(world: World, alias: str, device_name: str) -> None:
    """Sign in on another device and refresh there.

    Raises NotTested when that does not work.
    """
    world.deployment.sessions.sign_in_verified(world.new_device(alias, device_name))
    try:
        refresh(world, alias, device_name)
    except Unmet as failed:
        raise NotTested(
            f"the control failed: {failed.expected}, but {failed.came}.", "", failed.exchanges
        ) from failed


def present_captured(world: World) -> None:
    """Present the captured refresh token, which must yield nothing any more."""
    what = "a refresh token after sign-out" if world.remembers(Ended) else "a used refresh token"
    captured = world.recall(CapturedRefreshToken)
    _present(world, captured.device, captured.value, what)


def present_successor(world: World, alias: str) -> None:
    """Present the captured refresh token's successor after its reuse."""
    device = world.device(alias, "laptop")
    _present(world, device, held_refresh(device), "the successor of a reused refresh token")


def _present(world: World, device: Device, token: str, what: str) -> None:
    yielded = _refreshed(world, device, token, live=False)
    world.setdefault(Presentations()).made.append(Presentation(what, yielded, world.last()))


def _refreshed(world: World, device: Device, token: str, *, live: bool) -> str | None:
    if world.target.profile.credentials.token is None:
        raise NotApplicable("The profile declares no access token that a refresh token could yield.")
    answer = _asked(world, device, token, live=live)
    world.remember(Answer(answer))
    successor = held.refresh_in(world.target, answer, reissued=True)
    if live:
        device.keep_cookies(answer)
        device.refresh_token = successor or device.refresh_token
    return held.token_in(world.target, answer, refreshed=True)


def _asked(world: World, device: Device, token: str, *, live: bool) -> Exchange:
    operation, declared = world.deployment.operation("refresh"), world.target.profile.credentials.refresh
    who = device.who if live else "the attacker"
    match declared:
        case CookieRefresh(cookie=name):
            kept = device.jar.find(name, world.target.url(operation.base, operation.path))
            credential = Credential(who, {kept.name if kept is not None else name: token})
        case BodyRefresh() | None:
            credential = Credential(who)
        case _:
            assert_never(declared)
    if not is_safe(operation.method):
        # A page sends it with the request; an attacker with the cookies can read or fetch it too.
        credential = csrf.for_client(world.deployment, device, credential, operation.base, operation.path)
    return world.deployment.call("refresh", who, {**device.person.values, "refresh_token": token}, credential)


def must_open_tasks(world: World, alias: str) -> None:
    """Raise Unmet when the refreshed token does not open its owner's tasks."""
    bearer = world.deployment.access.bearer(world.recall(RefreshedToken).value, "the refreshed token")
    world.tasks.opens(bearer, f"{alias}'s laptop", world.person(alias), world.task_of(alias))


def must_have_yielded_nothing(world: World) -> None:
    """Raise Unmet if a refused refresh token yielded a token.

    A live refresh is the control.
    """
    world.recall(RefreshedToken)
    for one in world.recall(Presentations).made:
        if one.yielded is not None:
            raise Unmet(f"that {one.what} yields nothing", "it yielded a new access token", [one.answer])
        if httpx.codes.is_server_error(one.answer.status):
            came = f"{one.answer.status} came: the server broke"
            raise Unmet(f"that {one.what} is refused", came, [one.answer])

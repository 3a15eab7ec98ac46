"""What scenarios about refresh tokens do and demand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from harness.core.blocker import Blocker
from harness.core.findings import NotApplicable, NotTested, Unmet
from harness.core.text import listed
from harness.deployment import held
from harness.deployment.answer import how_answered, matches
from harness.deployment.lines import write
from harness.flows.access_token import attempt_with
from harness.flows.common import Ended, precondition
from harness.flows.refresh_exchange import held_refresh, present, present_alone, refresh_on, what_it_yields
from harness.flows.refresh_family import Family, interval, leave_spare, take_spare, use, wait_out

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.people import Device
    from harness.flows.refresh_exchange import Yield
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

    ``yielded`` says what it gave, if anything.
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
    attempt_with(world, alias, "list", token, f"{alias}'s refresh token in place of an access token")


def capture_refresh(world: World, alias: str) -> None:
    """Take a copy of the refresh token that the laptop holds."""
    device = world.device(alias, "laptop")
    world.remember(CapturedRefreshToken(device, held_refresh(device)))


def refresh(world: World, alias: str, device_name: str = "laptop") -> None:
    """Refresh on a device.

    Raises Unmet when the live refresh token yields nothing.
    """
    device = world.device(alias, device_name)
    is_captured = world.remembers(CapturedRefreshToken) and world.recall(CapturedRefreshToken).device is device
    if is_captured and interval(world) is not None:
        given = _refresh_reusable(world, alias, device_name)
    else:
        given = refresh_on(world, device)
    must_have_yielded(world, given)


def must_have_yielded(world: World, given: Yield) -> str:
    """The access token that a live refresh token yielded.

    Raises Unmet where none came.
    """
    if given.access is None:
        world.deployment.must_be_there("refresh", given.answer)
        _must_not_be_elsewhere(world, given.answer)
        came = how_answered(world.deployment.operation("refresh"), given.answer)
        raise Unmet("that a live refresh token yields a new token", came, [given.answer])
    world.remember(RefreshedToken(given.access))
    return given.access


def _refresh_reusable(world: World, alias: str, device_name: str) -> Yield:
    """Refresh, and note which token may be used again for a while.

    An earlier scenario may have left one whose interval is over by now.
    """
    spare = take_spare(world, alias)
    given = refresh_on(world, spare.device) if spare is not None else None
    if spare is not None and given is not None and given.access is not None:
        world.devices[alias, device_name] = spare.device
        world.remember(CapturedRefreshToken(spare.device, spare.used))
        world.remember(spare)
        return given
    given, family = use(world, world.device(alias, device_name))
    world.remember(family)
    if family.works_again:
        leave_spare(world, alias)
    return given


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
            write("credentials.token", {"refreshed_pointer": elsewhere[0]}, "by its name and form"),
            [answer],
            blocker=Blocker.UNFIT,
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
    seconds = interval(world)
    if seconds is not None and world.remembers(Family):
        wait_out(world, world.recall(Family), seconds)
    what = "a refresh token after sign-out" if world.remembers(Ended) else "a used refresh token"
    captured = world.recall(CapturedRefreshToken)
    present_dead(world, captured.device, captured.value, what)


def present_successor(world: World, alias: str) -> None:
    """Present the captured refresh token's successor after its reuse."""
    device = world.device(alias, "laptop")
    present_dead(world, device, held_refresh(device), "the successor of a reused refresh token")
    sibling = world.recall(Family).sibling if world.remembers(Family) else None
    if sibling is not None:
        present_dead(world, device, sibling, "the sibling that a reuse within the interval yielded")


def present_dead(world: World, device: Device, token: str, what: str) -> None:
    """Present a refresh token that must be dead."""
    _note(world, device, token, present(world, device, token), what)


def _note(world: World, device: Device, token: str, given: Yield, what: str) -> None:
    yielded = what_it_yields(world, device, token, given)
    world.setdefault(Presentations()).made.append(Presentation(what, yielded, given.answer))


def present_access_token(world: World, alias: str) -> None:
    """Present an access token where a refresh token belongs.

    A live refresh token is presented in the same way first. Raises NotApplicable where one token is both,
    NotTested where the live one yields nothing.
    """
    device = world.device(alias, "laptop")
    with precondition():
        live = present_alone(world, device, held_refresh(device))
        token = must_have_yielded(world, live)
    if token == live.refresh:
        raise NotApplicable("The deployment refreshes with the access token itself.")
    given = present_alone(world, device, token)
    _note(world, device, token, given, "an access token in place of a refresh token")


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
            raise Unmet(f"that {one.what} yields nothing", f"it yielded {one.yielded}", [one.answer])
        if httpx.codes.is_server_error(one.answer.status):
            came = f"{one.answer.status} came: the server broke"
            raise Unmet(f"that {one.what} is refused", came, [one.answer])

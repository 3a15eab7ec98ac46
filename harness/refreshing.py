"""What scenarios about refresh tokens do and demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from harness.evidence.redaction import register
from harness.operations import text_at
from harness.verdict import HarnessError, NotApplicable, NotTested, Unmet

if TYPE_CHECKING:
    from harness.actors import Device
    from harness.world import World


def capture_refresh(world: World, alias: str) -> None:
    """Take a copy of the refresh token that the laptop holds."""
    token = world.device(alias, "laptop").refresh_token
    if token is None:
        raise NotTested(
            "sign-in handed out no refresh token where credentials.refresh says.",
            "Check credentials.refresh in the profile.",
        )
    world.refresh_tokens.append(token)


def refresh(world: World, alias: str) -> None:
    """Refresh on the laptop. Raises Unmet when the live refresh token yields nothing."""
    device = world.device(alias, "laptop")
    if device.refresh_token is None:
        capture_refresh(world, alias)
    world.token = _refreshed(world, device.who, device.refresh_token or "", device)
    if world.token is None:
        answer = world.last()
        raise Unmet("that a live refresh token yields a new token", f"it was answered {answer.status}", [answer])


def present_refresh(world: World, who: str, token: str) -> None:
    """Present a refresh token that must yield nothing."""
    world.yielded.append(_refreshed(world, who, token, None))
    world.answers.append(world.last())


def _refreshed(world: World, who: str, token: str, device: Device | None) -> str | None:
    world.answer = world.deployment.call("refresh", who, {"refresh_token": token})
    profile = world.target.profile
    declared, access = profile.credentials.refresh, profile.credentials.token
    if declared is None or access is None:
        raise NotApplicable("The profile declares no refresh token, or no access token that it could give.")
    successor = text_at(world.answer, declared.reissued_pointer or declared.pointer)
    if device is not None and successor is not None:
        device.refresh_token = register(successor, "refresh token")
    issued = text_at(world.answer, access.pointer)
    return None if issued is None else register(issued, "access token")


def must_open_tasks(world: World, alias: str) -> None:
    """Raise Unmet when the refreshed token does not open its owner's tasks."""
    bearer = world.deployment.bearer(world.token or "", "the refreshed token")
    world.tasks.opens(bearer, f"{alias}'s laptop", world.person(alias), world.task_of(alias))


def must_have_yielded_nothing(world: World) -> None:
    """Raise Unmet when a used refresh token yielded a token. The refresh before it is the control."""
    if world.token is None or not world.answers:
        raise HarnessError("no live refresh was shown to work before the used one was judged")
    for issued, answer in zip(world.yielded, world.answers, strict=True):
        if issued is not None:
            raise Unmet("that a used refresh token yields nothing", "it yielded a new access token", [answer])
        if httpx.codes.is_server_error(answer.status):
            raise Unmet(
                "that a used refresh token is refused", f"{answer.status} came: the server broke", [answer]
            )

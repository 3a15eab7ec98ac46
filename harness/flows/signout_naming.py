"""A sign-out whose request names another user's session."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.errors import Absent
from harness.core.findings import Unmet
from harness.core.provenance import Segments, made
from harness.deployment import held
from harness.deployment.answer import matches
from harness.deployment.extraction import items, value_at, whole
from harness.deployment.tampered import Tampering
from harness.flows.session import OWN_SESSION

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.credential import Credential
    from harness.deployment.people import Device
    from harness.scenario.world import World


@dataclass(frozen=True)
class NamingSignOuts:
    """The sign-outs that named another user's session, and that session."""

    who: str
    answers: list[Exchange]
    named: Credential


_OF_USERS = ("user_id", "userId", "user", "sub")
_OF_SESSIONS = ("token", "sessionToken", "session_token", "sessionId", "session_id", "session", "sid", "id")


def sign_out_naming(world: World, alias: str, device_name: str, other: str) -> None:
    """Sign out on the device while the request names another user's session.

    Everywhere at once. Where that is refused it is named in one place at a time, until a sign-out is accepted.
    """
    world.judge.needs(OWN_SESSION)
    operation = world.deployment.operation("sign_out")
    device, victim = world.device(alias, device_name), world.device(other, "first device")
    session = world.deployment.access.captured_session(victim)
    fields, cookies = _naming(world, other)
    ways = [
        Tampering(body=fields, query=fields, cookies=cookies),
        *(Tampering(body=fields), Tampering(query=fields), Tampering(cookies=cookies)),
    ]
    answers: list[Exchange] = []
    for tampering in ways:
        # A request without a body has nothing in it to change.
        with suppress(Absent):
            answers.append(world.deployment.access.on_device("sign_out", device, device.person.values, tampering))
        if matches(operation.outcomes.success, answers[-1]):
            break
    device.person.in_doubt = victim.person.in_doubt = True
    world.deployment.must_be_there("sign_out", answers[-1])
    world.remember(NamingSignOuts(device.who, answers, session))


def _naming(world: World, other: str) -> tuple[dict[str, str], dict[str, str]]:
    """Fields and cookies that name the person and their session.

    None of it opens the session: whoever has that may end it.
    """
    device = world.device(other, "first device")
    own = world.deployment.call("session", device.who, {}, world.deployment.access.browser_session(device))
    identity = world.deployment.identity.identity_in(own)
    user = identity.id if identity is not None and identity.id is not None else device.person.email
    fields = {**dict.fromkeys(_OF_USERS, user), "email": device.person.email}
    cookies = {"user_id": user, "userId": user}
    if (listed := _listed_id(world, device, own)) is not None:
        fields |= dict.fromkeys(_OF_SESSIONS, listed)
        cookies |= {"session_id": listed}
    for name, value in _unsigned(world, device).items():
        fields |= dict.fromkeys(_OF_SESSIONS[:3] if listed else _OF_SESSIONS, value)
        cookies |= {f"{name}_multi-{value}": value}
    return fields, cookies


def _unsigned(world: World, device: Device) -> dict[str, str]:
    """The values of the session's cookies without their signatures."""
    if world.target.profile.credentials.session_cookie is None:
        return {}
    kept = held.session_cookies(world.target, device)
    signed = {one.name: one.value for one in kept if one.value.rpartition(".")[0]}
    return {name: made("unsigned session", Segments(value, 1, value.count("."))) for name, value in signed.items()}


def _listed_id(world: World, device: Device, own: Exchange) -> str | None:
    """The id of the device's session in the list, or None.

    None where the list is longer and the session's ``own`` answer does not say which one it is. An id that is the
    session's value itself opens it.
    """
    declared = world.target.profile.operations.list_sessions
    if declared is None:
        return None
    answer = world.deployment.access.on_device("list_sessions", device, device.person.values)
    listed = items(whole(answer), declared.items) or []
    found = [one for item in listed if (one := value_at(item, declared.id)) is not None]
    current = found if len(found) == 1 else [one for one in found if one in own.text]
    return current[0] if current and current[0] not in held.session_values(world.target, device) else None


def must_still_be_signed_in(world: World, alias: str) -> None:
    """Raise Unmet if the session that was named has ended."""
    made = world.recall(NamingSignOuts)
    if not world.deployment.identity.is_session_of(world.person(alias), made.named, alias):
        raise Unmet(
            f"that a sign-out on {made.who} which names {alias}'s session ends nothing of {alias}'s",
            f"{alias} is signed out",
            made.answers,
        )

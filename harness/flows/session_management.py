"""What scenarios about a person's list of sessions do and demand.

Which entry of the list is whose device shows in the difference that a sign-in makes, so nothing has to be declared
for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.blocker import Blocker
from harness.core.decisions import Growing
from harness.core.findings import HarnessError, NotTested, Unmet
from harness.deployment.answer import how_answered, matches
from harness.deployment.extraction import items, value_at, whole
from harness.deployment.quotation import quoted
from harness.flows.common import Ended, must_be_done, must_have_two_sessions, sign_in_also
from harness.scenario.world import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Exchange
    from harness.deployment.credential import Credential
    from harness.deployment.people import Device
    from harness.profile.operations import ListSessions
    from harness.scenario.world import World


@dataclass(frozen=True)
class SessionList:
    """The ids in a person's list of sessions after a sign-in.

    ``added`` is the one that it added.
    """

    ids: frozenset[str]
    added: str
    answer: Exchange


@dataclass(frozen=True)
class OwnList:
    """What the owner of sessions got when they listed them."""

    device: Device
    answer: Exchange


_LIST = "a list of sessions that grows with a sign-in"

_TELLING = 5
"""Shorter ids than this many characters may stand in any text by chance."""


def control_list(world: World, alias: str, device_name: str) -> None:
    """Sign in on a device and note the entry that it adds.

    Raises NotTested if it is not exactly one.
    """

    def sign_in() -> None:
        sign_in_also(world, alias, device_name)
        must_have_two_sessions(world)

    def check() -> Exchange:
        listed = listed_with(world, alias, sign_in)
        world.remember(listed)
        return listed.answer

    world.judge.control(_LIST, check)


def listed_with(world: World, alias: str, sign_in: Callable[[], None]) -> SessionList:
    """The person's list of sessions, and the entry that a sign-in adds.

    Raises NotTested if it is not exactly one.
    """
    before, _ = sessions_of(world, alias)
    sign_in()
    ids, answer = sessions_of(world, alias)
    added = ids - before
    if len(added) != 1:
        raise NotTested(
            f"a sign-in of {alias}'s added {len(added)} entries to her list of sessions, so it does not show "
            "which one it is.",
            "Check operations.list_sessions in the profile: `items` and `id` lead to the id of each session.",
            [answer],
            blocker=Blocker.UNFIT,
        )
    return SessionList(ids, next(iter(added)), answer)


def list_sessions(world: World, alias: str) -> None:
    """List the person's sessions, whatever is answered."""
    device = world.device(alias, "first device")
    exchange = world.deployment.access.on_device("list_sessions", device, device.person.values)
    world.remember(OwnList(device, exchange))


def must_have_listed(world: World) -> None:
    """Raise Unmet unless the owner was shown a list.

    Raises NotTested where it is not as the profile says.
    """
    own, operation = world.recall(OwnList), world.deployment.operation("list_sessions")
    if not matches(operation.outcomes.success, own.answer):
        world.deployment.must_be_there("list_sessions", own.answer)
        came = how_answered(operation, own.answer)
        raise Unmet(f"that {own.device.person.alias} can list her own sessions", came, [own.answer])
    _ids(_declared(world), own.answer, own.device)


def must_list_own_only(world: World, alias: str, other: str) -> None:
    """Raise Unmet if the person's list shows anything of the other's.

    The other's sign-in included.
    """
    world.judge.needs(_LIST)
    before = world.recall(SessionList)
    now, exchange = sessions_of(world, alias)
    expected = f"that {alias}'s list of sessions holds nothing of {other}'s"
    if now - before.ids:
        key = (_declared(world).id.pointer or "").rpartition("/")[2]
        grown = [Growing(before.answer, exchange, key)] if key else []
        raise Unmet(expected, f"{other}'s sign-in added an entry to it", [exchange], grown)
    user = world.person(other)
    private = [*user.canaries, user.email, *([user.id] if len(user.id) >= _TELLING else [])]
    if any(text in exchange.everything for text in private):
        raise Unmet(expected, f"it names {other}", [exchange])


def revoke(world: World, alias: str, device_name: str) -> None:
    """End the session that the list showed.

    Raises NotTested when that is not answered as success.
    """
    exchange = _ask_to_revoke(world, alias, device_name)
    must_be_done(world, "revoke_session", exchange)
    world.remember(Ended("revocation"))


def try_to_revoke(world: World, alias: str, device_name: str) -> None:
    """Request the end of another user's session.

    Any response will do: it is judged by effect.
    """
    world.remember(Answer(_ask_to_revoke(world, alias, device_name)))


def must_be_hers_to_revoke(world: World, alias: str, device_name: str) -> None:
    """Raise NotTested unless the owner's same request ends the session.

    This is the control.
    """
    device = world.device(alias, device_name)
    frozen = world.deployment.access.captured_session(device)
    try:
        revoke(world, alias, "first device")
    except Unmet as failed:
        raise NotTested(f"the control failed: {failed.came}.", "", failed.exchanges) from failed
    if world.deployment.identity.who_is(frozen, device.who) is not None:
        raise NotTested(
            f"the control failed: {alias} herself can't end that session either, so that no other user can proves "
            "nothing.",
            "The scenario about revoking one's own session says what is wrong.",
            [world.last()],
        )


def revoke_others(world: World, alias: str, device_name: str) -> None:
    """End all sessions but that device's.

    Raises NotTested when that is not answered as success.
    """
    must_have_two_sessions(world)
    device = world.device(alias, device_name)
    exchange = world.deployment.access.on_device("revoke_other_sessions", device, device.person.values)
    must_be_done(world, "revoke_other_sessions", exchange)
    world.remember(Ended("revocation"))


@dataclass(frozen=True)
class HeldBefore:
    """What the person's first device held before all her sessions were revoked."""

    session: Credential


def revoke_all(world: World, alias: str, device_name: str) -> None:
    """End every session of the person, that device's included.

    Raises NotTested when that is not answered as success.
    """
    must_have_two_sessions(world)
    device, first = world.device(alias, device_name), world.device(alias, "first device")
    world.remember(HeldBefore(world.deployment.access.captured_session(first)))
    device.person.in_doubt = True
    exchange = world.deployment.access.on_device("revoke_all_sessions", device, device.person.values)
    must_be_done(world, "revoke_all_sessions", exchange)
    world.remember(Ended("revocation"))


def must_be_signed_out(world: World, alias: str, device_name: str) -> None:
    """Raise Unmet if what the device held before still signs in."""
    device = world.device(alias, device_name)
    if world.deployment.identity.is_session_of(device.person, world.recall(HeldBefore).session, device.who):
        raise Unmet(f"that {device.who} is signed out", f"its session still signs in as {alias}", [world.last()])


def _ask_to_revoke(world: World, alias: str, device_name: str) -> Exchange:
    device = world.device(alias, device_name)
    values = {**device.person.values, "session_id": world.recall(SessionList).added}
    return world.deployment.access.on_device("revoke_session", device, values)


def sessions_of(world: World, alias: str) -> tuple[frozenset[str], Exchange]:
    """The ids in the list of sessions, and the response."""
    device = world.device(alias, "first device")
    exchange = world.deployment.access.on_device("list_sessions", device, device.person.values)
    must_be_done(world, "list_sessions", exchange)
    return frozenset(_ids(_declared(world), exchange, device)), exchange


def _declared(world: World) -> ListSessions:
    declared = world.target.profile.operations.list_sessions
    if declared is None:
        raise HarnessError("a list of sessions was asked for that the profile does not declare")
    return declared


def _ids(declared: ListSessions, exchange: Exchange, device: Device) -> list[str]:
    listed = items(whole(exchange), declared.items) or []
    found = [value_at(item, declared.id) for item in listed]
    if not found or None in found:
        raise NotTested(
            f"list_sessions gave {device.who} no session where the profile says; it was answered "
            f"{quoted(exchange)}.",
            "Check `items` and `id` of operations.list_sessions in the profile.",
            [exchange],
            blocker=Blocker.UNFIT,
        )
    return [one for one in found if one is not None]

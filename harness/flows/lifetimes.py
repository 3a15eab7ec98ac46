"""The end of what nothing revokes: declared, and measured.

Asked only of what still opens something: what is dead has no end to measure, whatever it declares.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.blocker import Blocker
from harness.core.findings import Unmet
from harness.deployment import ends
from harness.deployment.ends import End
from harness.deployment.errors import EndOutOfReach
from harness.deployment.held import declared_token
from harness.profile.credentials import LONGEST_UNREVOKED, CookieSession
from harness.tokens.jws import NotAJwt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.core.exchange import Exchange
    from harness.flows.frozen_copies import CapturedSession, CapturedToken
    from harness.profile.credentials import Token
    from harness.scenario.world import World

_ROUNDING = 1.0
"""Seconds by which an end may move without being renewed: servers often give whole seconds."""


@dataclass(frozen=True)
class MeasuredEnd:
    """The latest end of a session that the deployment tells.

    ``renewed`` says how a replay moved it; ``looks`` are the answers that showed it.
    """

    end: End | None
    renewed: str | None
    looks: tuple[Exchange, ...]


@dataclass(frozen=True)
class Bound:
    """Seconds that something may live from now on, and what says so."""

    seconds: int
    by: str


def declared_bound(section: str, declared: CookieSession | Token) -> Bound:
    """The longest life that the profile declares."""
    return Bound(declared.max_lifetime, f"{section}.max_lifetime")


def unrevoked_bound(section: str, declared: CookieSession | Token) -> Bound:
    """The longest life of what nothing revokes.

    An hour, or less if the profile says so.
    """
    if declared.max_lifetime <= LONGEST_UNREVOKED:
        return declared_bound(section, declared)
    allowed = f"the profile allows {declared.max_lifetime} s in {section}.max_lifetime"
    return Bound(LONGEST_UNREVOKED, f"the most for what nothing revokes; {allowed}")


def must_end_within(end: End, bound: Bound, what: str, exchanges: Sequence[Exchange] = ()) -> None:
    """Raise Unmet if the end comes later than it may."""
    if end.left > bound.seconds:
        came = "it never ends" if math.isinf(end.left) else f"it lives {end.left:.0f} s more, by {end.source}"
        raise Unmet(f"that {what} ends within {bound.seconds} s ({bound.by})", came, exchanges)


def wait_out(world: World, end: End, what: str, leeway: float = 0) -> None:
    """Wait until an end that only the profile tells is surely over.

    Raises EndOutOfReach when that takes longer than the run may wait.
    """
    world.expiry.wait_out(end.moment + leeway, what)
    world.notes.append(f"waited until the end that {end.source} declares")


# --- sessions ---


def session_must_end(world: World, captured: CapturedSession, what: str) -> None:
    """Raise Unmet unless the session ends in time, unprolonged by a replay.

    ``what`` calls it by what did not end it. Raises EndOutOfReach where nothing tells its end.
    """
    measured = _measured(world, captured)
    if measured.renewed is not None:
        raise Unmet(f"that no replay prolongs {what}", measured.renewed, measured.looks)
    bound = declared_bound(_section(world), _holder(world))
    _session_must_end_within(world, captured, measured.end, bound, what, measured.looks)


def session_must_be_short(world: World, captured: CapturedSession, what: str) -> None:
    """Raise Unmet unless a session that nothing revokes ends within an hour."""
    seen = look(world, captured)
    bound = unrevoked_bound(_section(world), _holder(world))
    _session_must_end_within(world, captured, _said_end(world, captured, seen), bound, what, [seen])


def look(world: World, captured: CapturedSession) -> Exchange:
    """Ask the session endpoint with the captured session."""
    return world.deployment.call("session", "the attacker", {}, captured.credential)


def _session_must_end_within(
    world: World, captured: CapturedSession, said: End | None, bound: Bound, what: str, looks: Sequence[Exchange]
) -> None:
    end = said or _declared_end(world, captured)
    must_end_within(end, bound, what, looks)
    if said is not None:
        world.notes.append(f"{what} ends by {end.source}, within {bound.seconds} s; not waited for")
        return
    session = world.target.profile.credentials.session_cookie
    wait_out(world, end, what, session.leeway if session is not None else 0)
    if world.deployment.identity.is_session_of(captured.device.person, captured.credential, "the attacker"):
        raise Unmet(f"that {what} ends as {end.source} says", "it still signs in after that", looks)


def _said_end(world: World, captured: CapturedSession, seen: Exchange) -> End | None:
    """The end that the session and the session endpoint tell.

    The endpoint's word counts where the profile says that it tells it; else the later one does, since a field of
    the usual name may tell another end.
    """
    probe = world.target.profile.operations.session
    own, endpoint = _own_end(world, captured), ends.said(probe, seen)
    if probe.expires is not None:
        return endpoint
    return max((end for end in (own, endpoint) if end is not None), key=lambda end: end.moment, default=None)


def _declared_end(world: World, captured: CapturedSession) -> End:
    lifetime, section = _holder(world).lifetime, _section(world)
    if lifetime is None:
        raise EndOutOfReach(
            "nothing tells when the session ends: neither its cookie nor the session endpoint does.",
            "Say in operations.session.expires of the profile where the endpoint tells it, or in "
            f"{section}.lifetime how long a session lives.",
            blocker=Blocker.UNFIT,
        )
    return End(captured.at + lifetime, f"{section}.lifetime")


def _measured(world: World, captured: CapturedSession) -> MeasuredEnd:
    """The session's end, from two looks that are some seconds apart."""
    if not world.remembers(MeasuredEnd):
        probe, first = world.target.profile.operations.session, look(world, captured)
        world.expiry.let_time_pass("whether a replay prolongs a session")
        second = look(world, captured)
        renewed = _renewed_cookie(world, captured, second)
        before, after = ends.said(probe, first), ends.said(probe, second)
        if renewed is None and before is not None and after is not None:
            moved = after.moment - before.moment
            renewed = f"{after.source} tells an end that moves with each use" if moved > _ROUNDING else None
        world.remember(MeasuredEnd(_said_end(world, captured, second), renewed, (first, second)))
    return world.recall(MeasuredEnd)


def _own_end(world: World, captured: CapturedSession) -> End | None:
    """The end that the captured session itself has."""
    if not world.target.profile.credentials.session_is_jwt:
        return ends.of_cookies(captured.kept)
    declared = declared_token(world.target)
    values = [kept.value for kept in captured.kept if kept.bare_name == declared.cookie]
    return ends.of_jwt(values[0] if values else captured.values[0])


def _renewed_cookie(world: World, captured: CapturedSession, answer: Exchange) -> str | None:
    """A sentence if a replay was given a cookie that lives longer."""
    is_jwt, own = world.target.profile.credentials.session_is_jwt, _own_end(world, captured)
    for name, value, expires in ends.given(answer, (kept.name for kept in captured.kept)):
        old = captured.credential.cookies[name]
        moment = _exp_of(value) if is_jwt else expires
        if value == old or own is None or moment is None or moment - own.moment <= _ROUNDING:
            continue
        renewed = captured.with_value(old, value, "what the replay was given")
        if world.deployment.identity.is_session_of(captured.device.person, renewed, "the attacker"):
            return f'a replay is given a new cookie "{name}" with a later end, which signs in too'
    return None


def _exp_of(value: str) -> float | None:
    try:
        return ends.of_jwt(value).moment
    except NotAJwt:  # a guest's cookie, for one
        return None


def _holder(world: World) -> CookieSession | Token:
    return world.target.profile.credentials.session_holder


def _section(world: World) -> str:
    return "credentials.session" if isinstance(_holder(world), CookieSession) else "credentials.token"


# --- access tokens ---


def token_end(world: World, captured: CapturedToken) -> tuple[End, bool]:
    """When the token ends, and whether the deployment tells it.

    Else the profile does. Raises EndOutOfReach where nothing tells it.
    """
    declared = declared_token(world.target)
    if declared.is_jwt:
        return ends.of_jwt(captured.value), True
    by_cookie = ends.of_cookies([captured.kept] if captured.kept is not None else [])
    if by_cookie is not None:
        return by_cookie, True
    if declared.lifetime is None:
        raise EndOutOfReach(
            "nothing tells when the opaque access token ends.",
            "Say in credentials.token.lifetime of the profile how long it lives.",
            blocker=Blocker.UNFIT,
        )
    return End(captured.at + declared.lifetime, "credentials.token.lifetime"), False

"""What scenarios about expiry do and demand."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.core.blocker import Blocker
from harness.core.errors import Unavailable
from harness.core.findings import NotApplicable, NotTested, Unmet
from harness.flows.access_token import IssuedToken, accepted, attempt_with
from harness.flows.captured import DueEnd, capture, capture_token, captured_token_must_end
from harness.flows.frozen_copies import CapturedSession, CapturedToken
from harness.flows.lifetimes import look, session_must_be_short, session_must_end, unrevoked_bound
from harness.flows.tasks import control_clone
from harness.profile.credentials import CookieSession
from harness.scenario.world import Answer
from harness.tokens.jws import Jwt, is_jwt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.core.exchange import Exchange
    from harness.profile.credentials import Token
    from harness.scenario.world import World


def end_on_server(world: World, alias: str, other: str) -> None:
    """Bring the person's captured session to its end, and note how.

    The other user's session is the control: it has to survive.
    """
    captured = world.recall(CapturedSession)
    if not world.target.profile.credentials.session_is_jwt:
        is_there = _session_check(world, other) if world.expiry.ages else None
        due, how = world.expiry.end_sessions(captured.device)
        world.notes.append(how)
        world.remember(DueEnd(due))
        if is_there is not None and not is_there():
            raise NotTested(
                f"the control failed: the statement that ages {alias}'s session ended {other}'s too, so it does "
                "not show that a session expires.",
                "Correct age_session.statement in the profile: it has to name the person by :email or :user_id, "
                "or the session by :session.",
                blocker=Blocker.UNFIT,
            )
        return
    _control_minting(world, captured)
    value = _jwt_of(captured)
    expired, how = world.expiry.expired_token(value)
    world.notes.append(how)
    world.remember(DueEnd(Jwt.parse(expired).ends))
    # Not from the device: its cookie has ended as well by now, and is gone.
    label = f"{captured.device.person.alias}'s session after its end"
    ended = captured.with_value(value, expired, label)
    values = tuple(expired if one == value else one for one in captured.values)
    world.remember(replace(captured, credential=ended, values=values))


def _present_opaque(world: World, alias: str) -> None:
    if world.target.profile.credentials.session_cookie is None:
        raise NotApplicable("The access token is the session: its end is judged as that of the session.")
    device = world.device(alias, "first device")
    token = world.opener.value(device)
    world.notes.append(world.expiry.end_opaque_token())
    # The control afterwards needs another token: what the device holds has ended.
    device.access_token = None
    world.deployment.sessions.sign_in_verified(device)
    attempt_with(world, alias, "list", token, f"{alias}'s token after its end", repeats=True)


def _session_check(world: World, alias: str) -> Callable[[], bool]:
    """A check that the person is signed in.

    Raises NotTested where that isn't so now.
    """
    device = world.device(alias, "first device")
    session = world.deployment.access.captured_session(device)

    def is_signed_in() -> bool:
        return world.deployment.identity.is_session_of(device.person, session, device.who)

    if not is_signed_in():
        raise NotTested(f"the control failed: {device.who} is not signed in before any session expires.")
    return is_signed_in


def replay(world: World) -> None:
    """Present the captured session at the session endpoint, whatever it answers."""
    world.remember(Answer(look(world, world.recall(CapturedSession))))


def must_end(world: World) -> None:
    """Raise Unmet unless the captured session ends in time, unprolonged."""
    session_must_end(world, world.recall(CapturedSession), "a session that no sign-out can end")


def must_be_short_lived(world: World, alias: str, device_name: str) -> None:
    """Raise Unmet if an unrevoked credential lives for more than an hour.

    Or longer than the profile declares. Raises Unavailable where the end of one is not known.
    """
    unknown: list[Unavailable] = []
    for section, declared in world.target.profile.unrevoked.items():
        try:
            if isinstance(declared, CookieSession):
                capture(world, alias, device_name)
                captured = world.recall(CapturedSession)
                session_must_be_short(world, captured, "a session that nothing revokes")
            else:
                _take_token(world, alias, device_name, declared)
                bound = unrevoked_bound(section, declared)
                captured_token_must_end(world, alias, bound, "an access token that nothing revokes")
        except Unavailable as reason:
            unknown.append(reason)
    if unknown:
        raise unknown[0]


def _take_token(world: World, alias: str, device_name: str, declared: Token) -> None:
    if declared.is_jwt:
        device = world.device(alias, device_name)
        world.remember(CapturedToken(world.deployment.access.access_token(device)))
    else:  # nothing but a use shows whether it has ended
        capture_token(world, alias, device_name)


def _jwt_of(captured: CapturedSession) -> str:
    """The one of the session's values that is a JWT."""
    return next((value for value in captured.values if is_jwt(value)), captured.values[0])


def _control_minting(world: World, captured: CapturedSession) -> None:
    # Signed with a wrong secret, an expired token would be refused for that.
    value = _jwt_of(captured)
    token, secret = Jwt.parse(value), world.target.jwt_secret
    if not token.symmetric or secret is None:
        return
    clone = captured.with_value(value, token.signed(secret.encode()), "a clone of the session")
    if world.deployment.identity.who_is(clone, "the suite") is None:
        raise clone_refused("the session")


def clone_refused(what: str, exchanges: Sequence[Exchange] = ()) -> NotTested:
    """The finding that an unchanged clone is not accepted."""
    return NotTested(
        f"the control failed: a clone of {what}, signed with the given secret, is not accepted.",
        "Check the variable that jwt.secret_env names.",
        exchanges,
        blocker=Blocker.UNFIT,
    )


def must_name_its_end(world: World) -> None:
    """Raise Unmet when the token that was issued has no ``exp``."""
    token = Jwt.parse(world.recall(IssuedToken).value)
    if token.moment("exp") is None:
        raise Unmet("that an issued token has an expiry (exp)", f"its claims are only {sorted(token.claims)}")


_TEN_YEARS = 10 * 365.25 * 86_400


def must_end_within_ten_years(world: World) -> None:
    """Raise Unmet when the token that was issued ends later.

    Raises NotTested where it has no end at all: that is a requirement of its own.
    """
    token = Jwt.parse(world.recall(IssuedToken).value)
    if math.isinf(token.ends):
        reason = "the issued token has no exp that is a number, which expiry-token-has-exp judges."
        raise NotTested(reason, blocker=Blocker.MISSING)
    left = token.ends - time.time()
    if left > _TEN_YEARS:
        years = left / 365.25 / 86_400
        came = f"its exp is {token.ends:.0f}, which is {years:.0f} years away"
        if abs(token.ends / 1000 - time.time()) < _TEN_YEARS:
            came += "; a NumericDate counts seconds, and this looks like milliseconds"
        raise Unmet("that an issued token expires within ten years", came)


def present_expired(world: World, alias: str) -> None:
    """Present the person's token after its end.

    A minted one is shown to work unexpired first.
    """
    if not world.opener.is_jwt:
        _present_opaque(world, alias)
        return
    token = accepted(world, alias).text
    if Jwt.parse(token).symmetric and world.target.jwt_secret is not None:
        control_clone(world, alias)
    expired, how = world.expiry.expired_token(token)
    world.notes.append(how)
    what = f"{alias}'s token after its end"
    attempt_with(world, alias, "list", expired, what, repeats=expired == token)

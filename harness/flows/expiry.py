"""What scenarios about expiry do and demand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.core.blocker import Blocker
from harness.core.findings import NotTested, Unmet
from harness.flows.access_token import IssuedToken, accepted, attempt_with
from harness.flows.captured import CapturedSession
from harness.flows.tasks import control_clone
from harness.tokens.jws import Jwt, NotAJwt

if TYPE_CHECKING:
    from harness.scenario.world import World


def end_on_server(world: World) -> None:
    """Bring the captured session to its end, and note how."""
    captured = world.recall(CapturedSession)
    if not world.target.profile.credentials.session_is_jwt:
        world.notes.append(world.expiry.end_sessions(captured.device))
        return
    _control_minting(world, captured)
    value = _jwt_of(captured)
    expired, how = world.expiry.expired_token(value)
    world.notes.append(how)
    # Not from the device: its cookie has ended as well by now, and is gone.
    label = f"{captured.device.person.alias}'s session after its end"
    ended = captured.with_value(value, expired, label)
    values = tuple(expired if one == value else one for one in captured.values)
    world.remember(replace(captured, credential=ended, values=values))


def _jwt_of(captured: CapturedSession) -> str:
    """The one of the session's values that is a JWT."""
    return next((value for value in captured.values if _is_jwt(value)), captured.values[0])


def _is_jwt(value: str) -> bool:
    try:
        Jwt.parse(value)
    except NotAJwt:
        return False
    return True


def _control_minting(world: World, captured: CapturedSession) -> None:
    # Signed with a wrong secret, an expired token would be refused for that.
    value = _jwt_of(captured)
    token, secret = Jwt.parse(value), world.target.jwt_secret
    if not token.symmetric or secret is None:
        return
    clone = captured.with_value(value, token.signed(secret.encode()), "a clone of the session")
    if world.deployment.identity.who_is(clone, "the suite") is None:
        raise NotTested(
            "the control failed: a clone of the session, signed with the given secret, is not accepted.",
            "Check the variable that jwt.secret_env names.",
            blocker=Blocker.UNFIT,
        )


def must_name_its_end(world: World) -> None:
    """Raise Unmet when the token that was issued has no ``exp``."""
    claims = Jwt.parse(world.recall(IssuedToken).value).claims
    if not isinstance(claims.get("exp"), int | float):
        raise Unmet("that an issued token has an expiry (exp)", f"its claims are only {sorted(claims)}")


def present_expired(world: World, alias: str) -> None:
    """Present the person's token after its end.

    A minted one is shown to work unexpired first.
    """
    token = accepted(world, alias).text
    if Jwt.parse(token).symmetric and world.target.jwt_secret is not None:
        control_clone(world, alias)
    expired, how = world.expiry.expired_token(token)
    world.notes.append(how)
    what = f"{alias}'s token after its end"
    attempt_with(world, alias, "list", expired, what, repeats=expired == token)

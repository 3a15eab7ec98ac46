"""A sign-out that presents an access token which has expired."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harness.core.errors import Absent
from harness.core.findings import NotTested, Unmet
from harness.core.text import listed
from harness.deployment import csrf
from harness.deployment.held import declared_token
from harness.deployment.people import Device
from harness.deployment.quotation import quoted
from harness.flows.common import precondition
from harness.flows.expiry import clone_refused
from harness.flows.refresh import RefreshedToken, refresh
from harness.flows.refresh_exchange import held_refresh, present
from harness.scenario.world import Answer
from harness.tokens.jws import Jwt

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.credential import Credential
    from harness.scenario.world import World


@dataclass(frozen=True)
class Outliving:
    """What a device holds beside its access token, and lives longer.

    ``session`` is a frozen copy of the session in a cookie, if that can be ended.
    """

    device: Device
    session: Credential | None
    refreshes: bool


_COOKIE = "the session's cookie outlives the access token"


def control_outliving(world: World, alias: str, device_name: str) -> None:
    """Note what outlives the device's access token, and that it works.

    Raises Absent where nothing does, or where sign-out takes no access token.
    """
    _must_take_token(world)
    profile, device = world.target.profile, world.device(alias, device_name)
    refreshes = profile.operations.refresh is not None and profile.credentials.refresh is not None
    in_cookie = profile.credentials.session_cookie is not None and profile.stateless_session is None
    if not refreshes and not in_cookie:
        raise Absent("The profile declares nothing that outlives the access token and that sign-out could end.")
    session = world.deployment.access.captured_session(device) if in_cookie else None
    if session is not None:
        check = world.places["session endpoint"].control(device.who, session, device.person)
        world.judge.control(_COOKIE, check)
    if refreshes:
        with precondition():
            refresh(world, alias, device_name)
        # The one from before may have ended with it.
        device.access_token = world.recall(RefreshedToken).value
    world.remember(Outliving(device, session, refreshes))


def _must_take_token(world: World) -> None:
    """Raise Absent where sign-out presents no access token."""
    declared_token(world.target)
    by_cookie = world.target.profile.credentials.session_cookie is not None
    taken = world.deployment.operation("sign_out").credential
    if taken != "token" and (taken != "session" or by_cookie):
        raise Absent("The profile declares that sign-out takes no access token, which could have expired.")


def sign_out_expired(world: World, alias: str, device_name: str) -> None:
    """Sign out on the device after its access token expired."""
    device = world.device(alias, device_name)
    token = world.deployment.access.access_token(device)
    if declared_token(world.target).is_jwt:
        _must_be_mintable(world, token)
        token, how = world.expiry.expired_token(token)
    elif world.target.profile.credentials.session_cookie is None:
        _, how = world.expiry.end_sessions(device)
    else:
        how = world.expiry.end_opaque_token()
    world.notes.append(how)
    world.remember(Answer(_sign_out(world, device, token)))


def _must_be_mintable(world: World, token: str) -> None:
    """Raise NotTested where a token of another secret would be minted."""
    parsed, secret = Jwt.parse(token), world.target.jwt_secret
    if parsed.symmetric and secret is not None and parsed.signed(secret.encode()) != token:
        raise clone_refused("the access token")


def _sign_out(world: World, device: Device, token: str) -> Exchange:
    operation, person = world.deployment.operation("sign_out"), device.person
    carried = world.deployment.access.bearer(token, device.who)
    carried = csrf.for_browser(world.deployment, device, carried, operation.base, operation.path)
    held = device.jar.cookies_for(world.target.url(operation.base, operation.path))
    carried = replace(carried, cookies={**held, **carried.cookies})
    values = {"refresh_token": device.refresh_token} if device.refresh_token is not None else {}
    person.in_doubt = True
    return world.deployment.call("sign_out", device.who, {**values, **person.values}, carried)


def must_be_dead(world: World) -> None:
    """Raise Unmet if anything that the device held is alive.

    Raises NotTested where a sign-out with a live token ends nothing either, which is judged elsewhere.
    """
    outliving, answer = world.recall(Outliving), world.last()
    alive = _alive(world, outliving)
    if not alive:
        return
    control = _must_end_by_live_token(world, outliving)
    raise Unmet(
        "that a sign-out with an expired access token ends what outlives that token",
        f"it was answered {quoted(answer)}, and after it there lives {listed(alive, 'and')}",
        [control, answer],
    )


def _must_end_by_live_token(world: World, outliving: Outliving) -> Exchange:
    """The answer to a sign-out on another device, with a live token."""
    device = Device(outliving.device.person, "second device")
    world.deployment.sessions.sign_in_verified(device)
    token = world.deployment.access.access_token(device)
    session = world.deployment.access.captured_session(device) if outliving.session is not None else None
    answer = _sign_out(world, device, token)
    if still := _alive(world, Outliving(device, session, outliving.refreshes)):
        raise NotTested(
            f"the control failed: after a sign-out with a live access token there lives {listed(still, 'and')}, "
            f"too; it was answered {quoted(answer)}.",
            "The other scenarios about sign-out say what is wrong.",
            [answer],
        )
    return answer


def _alive(world: World, outliving: Outliving) -> list[str]:
    """What of it works.

    A refresh token that does is followed by the next.
    """
    device, found = outliving.device, []
    if outliving.session is not None and world.deployment.identity.is_session_of(
        device.person, outliving.session, "the attacker"
    ):
        found.append("the session's cookie")
    if outliving.refreshes:
        given = present(world, device, held_refresh(device))
        if given.access is not None:
            device.refresh_token = given.refresh or device.refresh_token
            found.append("the refresh token")
    return found

"""A session that was live where its owner signs in once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.blocker import Blocker
from harness.core.findings import NotApplicable, NotTested, Unmet
from harness.deployment import held
from harness.deployment.answer import matches
from harness.deployment.people import Device
from harness.deployment.quotation import quoted
from harness.flows.captured import key_of
from harness.flows.frozen_copies import CapturedSession
from harness.flows.session_values import ANOTHER_SECOND
from harness.scenario.world import Answer

if TYPE_CHECKING:
    from harness.scenario.world import World

_PLACE = "session endpoint"


def sign_in_once_more(world: World, alias: str, device_name: str) -> None:
    """Sign in on the device, which sends the session that it has.

    Raises NotApplicable where none is in a cookie or none can be ended, or where it is refused for the session.
    """
    held.cookie_session(world.target)
    if world.target.profile.stateless_session is not None:
        raise NotApplicable("The profile declares that a session lives on until it ends.")
    device, captured = world.device(alias, device_name), world.recall(CapturedSession)
    answer = world.deployment.sessions.sign_in(device)
    world.remember(Answer(answer))
    if not matches(world.deployment.operation("sign_in").outcomes.success, answer):
        # If a sign-in works elsewhere, it is for the session that it was refused.
        world.deployment.sessions.sign_in_verified(Device(device.person, "second device"))
        raise NotApplicable(
            f"Where a session is live signing in is refused ({quoted(answer)}), so it replaces none."
        )
    if held.session_values(world.target, device) == captured.values:
        world.deployment.client.pause(ANOTHER_SECOND)
        answer = world.deployment.sessions.sign_in(device)
    if held.session_values(world.target, device) == captured.values:
        raise NotTested(
            "signing in where a session is live gave that session again.",
            "session-value-is-new-at-each-signin judges that.",
            [answer],
            blocker=Blocker.MISSING,
        )


def must_have_ended(world: World, alias: str) -> None:
    """Raise Unmet if the session from before still signs in.

    Raises NotTested where the new one does not.
    """
    world.judge.needs(key_of(_PLACE))
    captured = world.recall(CapturedSession)
    person, place, device = world.person(alias), world.places[_PLACE], captured.device
    looked = place.open("the attacker", captured.credential, person)
    now = place.open(device.who, world.deployment.access.browser_session(device), person)
    if not place.opened(now, person):
        raise NotTested(
            f"the control failed: after signing in once more {device.who} is not signed in.", "", [now]
        )
    if place.opened(looked, person):
        raise Unmet(
            f"that signing in once more on {device.who} ends the session that it had",
            "a copy of that one still signs in; end the session that comes with a sign-in when a new one begins",
            [world.last(), looked],
        )

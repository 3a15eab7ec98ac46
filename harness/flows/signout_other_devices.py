"""What a sign-out does to the sessions of other devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.findings import NotApplicable, Unmet
from harness.flows.captured import key_of
from harness.flows.common import must_have_two_sessions
from harness.flows.frozen_copies import CapturedSession

if TYPE_CHECKING:
    from harness.scenario.world import World

_PLACE = "session endpoint"


def must_be_as_declared(world: World, alias: str, device_name: str) -> None:
    """Raise Unmet if the other device's session is otherwise than declared.

    Raises NotApplicable where there is no second session, or none that a sign-out could end.
    """
    must_have_two_sessions(world)
    if world.target.profile.stateless_session is not None:
        raise NotApplicable("The profile declares that a session outlives sign-out until it ends.")
    world.judge.needs(key_of(_PLACE))
    captured, device = world.recall(CapturedSession), world.device(alias, device_name)
    looked = world.places[_PLACE].open("the attacker", captured.credential, device.person)
    lives = world.places[_PLACE].opened(looked, device.person)
    sign_out = world.target.profile.operations.sign_out
    every = sign_out is not None and sign_out.ends_every_device
    evidence = [world.judge.controlling[key_of(_PLACE)], looked]
    if lives and every:
        expected = "that sign-out ends the sessions of all devices (operations.sign_out.ends)"
        raise Unmet(expected, f"a copy of the session of {device.who} still signs in", evidence)
    if not lives and not every:
        expected = "that sign-out ends the session of this device alone (operations.sign_out.ends)"
        raise Unmet(expected, f"a copy of the session of {device.who} signs in no more", evidence)

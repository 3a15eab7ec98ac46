"""A token that a verifier has accepted before, after its end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from harness.flows.access_token import accepted, attempt_with
from harness.flows.tasks import shared_secret

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.scenario.world import World

_SECONDS = 4
"""Seconds that the token lives: long enough to be used on a busy machine."""
_ACCEPTED = "a token that ends soon"


def use_beyond_end(world: World, alias: str) -> None:
    """Have a short-lived token accepted, and present it after its end.

    Raises NotApplicable or NotTested where none can be made, EndOutOfReach where its end is too far.
    """
    secret, leeway = shared_secret(world, alias), world.target.profile.jwt.leeway
    now = int(time.time())
    token = accepted(world, alias).with_claims(iat=now, exp=now + _SECONDS).signed(secret)
    device, person, task = world.device(alias, "first device"), world.person(alias), world.task_of(alias)
    used = world.opener.presenting(device, token, f"{alias}'s token of {_SECONDS} s")

    def check() -> Exchange:
        return world.tasks.opens(used, alias, person, task)

    world.judge.control(_ACCEPTED, check)
    world.expiry.wait_out(now + _SECONDS + leeway, f"a token of {_SECONDS} s")
    world.notes.append(f"accepted {_SECONDS} s before its end at most, and presented after it")
    what = f"{alias}'s token after its end, before which it was accepted,"
    attempt_with(world, alias, "list", token, what, repeats=True)

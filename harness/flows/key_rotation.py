"""What scenarios about a change of the signing key do and demand."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.blocker import Blocker
from harness.core.findings import NotTested, Unmet
from harness.deployment.access import ends_soon
from harness.flows.access_token import accepted
from harness.flows.common import must_be_done, precondition
from harness.tokens.jws import Jwt

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.scenario.world import World

_WHO = "the deployment's owner"
_MAX_AGE = re.compile(r"\bmax-age\s*=\s*\"?(\d{1,9})")


@dataclass(frozen=True)
class Rotated:
    """Tokens from before and after the signing key changed.

    With the keys that they name.
    """

    old: str
    new: str
    old_key: object
    new_key: object


def rotate(world: World, alias: str) -> None:
    """Have the deployment sign with another key, and a new token issued.

    Raises NotTested where the key stays the same.
    """
    own, device = accepted(world, alias), world.device(alias, "first device")
    old = world.opener.value(device)
    with precondition():
        must_be_done(world, "rotate_keys", world.deployment.call("rotate_keys", _WHO, device.person.values))
    new = world.deployment.access.issue_token(device)
    old_key, new_key = own.header.get("kid"), Jwt.parse(new).header.get("kid")
    if old_key == new_key:
        raise NotTested(
            f"after operations.rotate_keys tokens name the same key as before ({old_key!r}).",
            "Correct operations.rotate_keys in the profile: it has to change the key that signs.",
            [world.last()],
            blocker=Blocker.UNFIT,
        )
    world.remember(Rotated(old, new, old_key, new_key))


def must_still_open(world: World, alias: str) -> None:
    """Raise Unmet unless the token from before opens the tasks.

    Raises NotTested where it has ended by now.
    """
    rotated = world.recall(Rotated)
    if ends_soon(rotated.old):
        raise NotTested(f"{alias}'s token from before the signing key changed has expired by now.")
    failed = _refused(world, alias, rotated.old)
    if failed is not None:
        expected = (
            f"that {alias}'s token from before the signing key changed ({rotated.old_key!r} signed it) opens her "
            "tasks until its end"
        )
        raise Unmet(expected, failed.came, [world.last(), *failed.exchanges])


def must_open_at_once(world: World, alias: str) -> None:
    """Raise Unmet unless the token from afterwards opens the tasks.

    For as long as the published keys may be cached it may be refused (RFC 9111 section 5.2.2.1).
    """
    rotated, device = world.recall(Rotated), world.device(alias, "first device")
    failed = _refused(world, alias, rotated.new)
    if failed is not None and (seconds := _cached_for(world)):
        world.expiry.wait_out(
            time.time() + seconds, f"what the published keys' Cache-Control allows ({seconds} s)"
        )
        world.notes.append(f"waited for the {seconds} s that the published keys may be cached")
        failed = _refused(world, alias, world.deployment.access.issue_token(device))
    if failed is not None:
        after = f"after the signing key changed ({rotated.new_key!r} signed it)"
        expected = f"that a token issued {after} opens {alias}'s tasks"
        raise Unmet(expected, failed.came, [world.last(), *failed.exchanges])


def _refused(world: World, alias: str, token: str) -> Unmet | None:
    credential = world.opener.presenting(world.device(alias, "first device"), token, f"{alias}'s token")
    try:
        world.tasks.opens(credential, alias, world.person(alias), world.task_of(alias))
    except Unmet as failed:
        return failed
    return None


def _cached_for(world: World) -> int:
    """Seconds for which a verifier may keep the published keys."""
    if world.target.profile.operations.jwks is None:
        return 0
    answer: Exchange = world.deployment.call("jwks", "an anonymous client", {})
    found = _MAX_AGE.search(answer.header("cache-control") or "")
    return int(found[1]) if found is not None else 0

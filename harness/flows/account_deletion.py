"""What scenarios about deleting an account do and demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.deployment.accounts import SIGN_IN
from harness.flows.common import Ended, device_in_use, must_be_done

if TYPE_CHECKING:
    from harness.scenario.world import World


def delete_account(world: World, alias: str) -> None:
    """Delete the account from its first device.

    Raises NotTested when that is not answered as success.
    """
    device = device_in_use(world, alias)
    exchange = world.deployment.sessions.delete_account(device)
    must_be_done(world, "delete_user", exchange)
    world.deployment.sessions.note_deleted(device.person)
    world.remember(Ended("the end of the account"))


def must_not_sign_in(world: World, alias: str) -> None:
    """Raise Unmet when the password of the deleted account opens anything."""
    person = world.person(alias)
    world.judge.refuse_now(
        world.accounts.with_password(person, person.password, "signing in to a deleted account"), SIGN_IN
    )

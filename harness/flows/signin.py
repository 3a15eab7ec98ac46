"""What scenarios about sign-in do and demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.findings import Unmet
from harness.deployment.accounts import SIGN_IN, difference
from harness.deployment.people import Device

if TYPE_CHECKING:
    from harness.scenario.world import World


def must_stay_inside(world: World) -> None:
    """Raise Unmet when the sign-in's answer leads a browser to another site."""
    world.judge.needs(SIGN_IN)
    target = world.accounts.leads_elsewhere(world.last())
    if target is not None:
        raise Unmet("that sign-in leads nowhere outside the deployment", f'it leads to "{target}"', [world.last()])


def try_known_and_unknown(world: World, alias: str, times: int) -> None:
    """Sign in with a wrong password, to an unknown address and to a known one in turn."""
    known = world.person(alias)
    for _ in range(times):
        stranger = world.cast.imagine(alias)
        for person in (stranger, known):
            wrong = world.cast.casting.password("wrong password")
            world.answers.append(world.deployment.sign_in(Device(person, "browser"), password=wrong))
            world.volatile += [person.email, wrong]


def must_be_alike(world: World) -> None:
    """Raise Unmet when unknown addresses are answered otherwise than known ones, time after time."""
    world.judge.needs(SIGN_IN)
    pairs = list(zip(world.answers[::2], world.answers[1::2], strict=True))
    differences = [difference(unknown, known, world.volatile) for unknown, known in pairs]
    if all(differences):
        raise Unmet(
            "that an unknown address and a wrong password are answered alike", str(differences[0]), pairs[0]
        )

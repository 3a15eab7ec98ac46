"""What scenarios about changing a password do and demand."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from harness.core.findings import HarnessError, Unmet
from harness.deployment.answer import matches
from harness.deployment.people import Device
from harness.deployment.request import Spoiling

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Exchange
    from harness.deployment.people import Person
    from harness.scenario.world import World


_CHANGE = "change of one's own password"


def change_password(world: World, alias: str, device_name: str) -> None:
    """Change the password as its owner does. Raises NotTested when that is not answered as success."""
    person = world.person(alias)
    new = world.cast.casting.password("new password")
    exchange = _ask(world, world.device(alias, device_name), person.password, new)
    world.must_be_done("change_password", exchange)
    world.old_password, person.password = person.password, new
    world.revoked = True


def must_open_nothing_with_old(world: World, alias: str) -> None:
    """Raise Unmet when the password from before the change still opens the account; the new one is the control."""
    if world.old_password is None:
        raise HarnessError("no step of this scenario changed a password")
    what = "signing in with the password from before the change"
    world.judge.attempt(world.accounts.with_password(world.person(alias), world.old_password, what))
    world.judge.all_refused()


# --- without the current password ---


def control_change(world: World, alias: str) -> None:
    """Note that the person can change their password with the current one. Raises NotTested when not."""
    world.judge.control(_CHANGE, _changes(world, world.person(alias)))


def _changes(world: World, person: Person) -> Callable[[], Exchange]:
    def check() -> Exchange:
        new = world.cast.casting.password("new password")
        exchange = _ask(world, _signed_in(world, person), person.password, new)
        if not _opens(world, person, new):
            raise Unmet(
                f"that {person.alias} can change her password",
                f"the new one opens nothing (the change was answered {exchange.status})",
                [exchange],
            )
        person.password = new
        return exchange

    return check


def try_to_change(world: World, alias: str, kind: str) -> None:
    """Ask for another password, signed in as the person, with a current one of a kind that feature files name."""
    person, casting = world.person(alias), world.cast.casting
    current = {"a wrong one": casting.password("wrong password"), "an empty one": "", "none at all": ""}
    if kind not in current:
        raise HarnessError(f'there is no kind of current password "{kind}"')
    spoiling = Spoiling(left_out=("password",)) if kind == "none at all" else Spoiling()
    new = casting.password("new password")
    world.changes[kind, new] = _ask(world, _signed_in(world, person), current[kind], new, spoiling)


def must_have_changed_nothing(world: World, alias: str) -> None:
    """Raise Unmet when an attempt put a new password in force.

    That the person's own still opens shows it of all attempts at once; one that was answered as success is tried.
    """
    if not world.changes:
        raise HarnessError("no step of this scenario tried to change a password")
    world.judge.needs(_CHANGE)
    person, success = world.person(alias), world.deployment.operation("change_password").outcomes.success

    @cache
    def own_opens() -> bool:
        return _opens(world, person, person.password)

    for (kind, new), exchange in world.changes.items():
        doubtful = matches(success, exchange) or not own_opens()
        if doubtful and _opens(world, person, new):
            person.password = new
            raise Unmet(
                f"that no change of the password is made with {kind} for the current one",
                f"the new password opens {alias}'s account (the change was answered {exchange.status})",
                [exchange],
            )
    control_change(world, alias)


def _opens(world: World, person: Person, password: str) -> bool:
    device = Device(person, "another device")
    world.deployment.sign_in(device, password=password)
    return world.accounts.yields(device) is not None


def _signed_in(world: World, person: Person) -> Device:
    # Some deployments end every session with the change, the one that asked for it too.
    device = person.device("first device")
    if world.deployment.who_is(world.deployment.browser_session(device), device.who) is None:
        world.deployment.sign_in_for_good(device)
    return device


def _ask(world: World, device: Device, current: str, new: str, spoiling: Spoiling | None = None) -> Exchange:
    values = {**device.person.values, "password": current, "new_password": new}
    return world.deployment.on_device("change_password", device, values, spoiling or Spoiling())

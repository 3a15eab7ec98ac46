"""What scenarios about changing a password do and demand."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from harness.core.findings import Unmet
from harness.core.vocabulary import Vocabulary
from harness.deployment.answer import matches
from harness.deployment.people import Device
from harness.deployment.quotation import quoted
from harness.deployment.tampered import Tampering
from harness.flows.common import Ended, device_in_use, must_be_done, must_have_two_sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Exchange
    from harness.deployment.people import Person, PersonFactory
    from harness.scenario.world import World


@dataclass(frozen=True)
class OldPassword:
    """The password from before a change."""

    value: str


@dataclass(frozen=True)
class ChangeAttempt:
    """An attempt to set a new password without the current one."""

    kind: str
    new_password: str
    answer: Exchange


@dataclass(frozen=True)
class ChangeAttempts:
    """Every attempt to set a new password without the current one."""

    made: list[ChangeAttempt] = field(default_factory=list)


@dataclass(frozen=True)
class CurrentPassword:
    """What an attacker sends as the current password.

    ``sent`` says whether the field is sent at all.
    """

    value: Callable[[PersonFactory], str]
    sent: bool = True


CURRENT_PASSWORDS = Vocabulary(
    "current password",
    {
        "a wrong one": CurrentPassword(lambda factory: factory.password("wrong password")),
        "an empty one": CurrentPassword(lambda _: ""),
        "none at all": CurrentPassword(lambda _: "", sent=False),
    },
)

_CHANGE = "change of one's own password"


def change_password(world: World, alias: str, device_name: str) -> None:
    """Change the password as its owner does.

    Raises NotTested when that is not answered as success.
    """
    must_have_two_sessions(world)
    person = world.person(alias)
    new = world.cast.factory.password("new password")
    device = device_in_use(world, alias) if device_name == "first device" else world.device(alias, device_name)
    exchange = ask_for_change(world, device, person.password, new)
    must_be_done(world, "change_password", exchange)
    world.remember(OldPassword(person.password))
    world.remember(Ended("a change of the password"))
    person.password = new


def must_open_nothing_with_old(world: World, alias: str) -> None:
    """Raise Unmet if the old password still signs in.

    The new one is the control.
    """
    old, what = world.recall(OldPassword).value, "signing in with the password from before the change"
    world.judge.attempt(world.accounts.with_password(world.person(alias), old, what, repeats=True))
    world.judge.all_refused()


# --- without the current password ---


def control_change(world: World, alias: str) -> None:
    """Note that the person can change their password with the current one.

    Raises NotTested when not.
    """
    world.judge.control(_CHANGE, _changes(world, world.person(alias)))


def _changes(world: World, person: Person) -> Callable[[], Exchange]:
    def check() -> Exchange:
        new = world.cast.factory.password("new password")
        exchange = ask_for_change(world, signed_in(world, person), person.password, new)
        if not opens(world, person, new):
            world.deployment.must_be_there("change_password", exchange)
            raise Unmet(
                f"that {person.alias} can change her password",
                f"the new one opens nothing (the change was answered {quoted(exchange)})",
                [exchange],
            )
        person.password = new
        return exchange

    return check


def try_to_change(world: World, alias: str, kind: str) -> None:
    """Request another password with that as the current one.

    Signed in as the person.
    """
    person, factory = world.person(alias), world.cast.factory
    if not world.deployment.operation("change_password").asks_for("password"):
        raise Unmet(
            "that a change of the password asks for the current one",
            "operations.change_password has no {password} in it, and the change is made",
            [world.judge.controlling[_CHANGE]],
        )
    current, new = CURRENT_PASSWORDS[kind], factory.password("new password")
    tampering = Tampering() if current.sent else Tampering(left_out=("password",))
    answer = ask_for_change(world, signed_in(world, person), current.value(factory), new, tampering)
    world.setdefault(ChangeAttempts()).made.append(ChangeAttempt(kind, new, answer))


def must_have_changed_nothing(world: World, alias: str) -> None:
    """Raise Unmet when an attempt put a new password in force.

    That the person's own still opens shows it of all attempts at once; one that was answered as success is tried.
    """
    attempts = world.recall(ChangeAttempts).made
    world.judge.needs(_CHANGE)
    person, success = world.person(alias), world.deployment.operation("change_password").outcomes.success

    @cache
    def own_opens() -> bool:
        return opens(world, person, person.password)

    for attempt in attempts:
        doubtful = matches(success, attempt.answer) or not own_opens()
        if doubtful and opens(world, person, attempt.new_password):
            person.password = attempt.new_password
            raise Unmet(
                f"that no change of the password is made with {attempt.kind} for the current one",
                f"the new password opens {alias}'s account (the change was answered {attempt.answer.status})",
                [attempt.answer],
            )
    control_change(world, alias)


def opens(world: World, person: Person, password: str) -> bool:
    """Whether the password signs the person in."""
    device = Device(person, "second device")
    if password == person.password:
        world.deployment.sessions.sign_in(device)
    else:
        world.deployment.sessions.guess(device, password)
    return world.accounts.yields(device) is not None


def signed_in(world: World, person: Person) -> Device:
    """The person's first device, signed in.

    Some deployments end every session with the change, the one that asked for it too.
    """
    device = person.device("first device")
    if world.deployment.identity.who_is(world.deployment.access.browser_session(device), device.who) is None:
        world.deployment.sessions.sign_in_verified(device)
    return device


def ask_for_change(
    world: World, device: Device, current: str, new: str, tampering: Tampering | None = None
) -> Exchange:
    """Ask from the device for another password."""
    values = {**device.person.values, "password": current, "new_password": new}
    return world.deployment.access.on_device("change_password", device, values, tampering or Tampering())

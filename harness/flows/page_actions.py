"""What a page can do for its user, and the effect."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from functools import partial
from typing import TYPE_CHECKING

from harness.core.errors import Absent
from harness.core.findings import Unmet
from harness.deployment.held import cookie_session
from harness.deployment.people import Device, new_canary
from harness.deployment.quotation import quoted
from harness.deployment.tampered import UNTAMPERED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from harness.core.exchange import Exchange
    from harness.deployment.tampered import Tampering
    from harness.profile.operation import Operation
    from harness.scenario.world import World


class Action(ABC):
    """Something that a page can do for its visitor."""

    @abstractmethod
    def operation(self, world: World) -> Operation:
        """The operation that does it.

        Raises NotApplicable when the deployment has none that could.
        """

    @abstractmethod
    def own(self, world: World, alias: str) -> Exchange:
        """Do it as the deployment's own page does.

        Raises Unmet when it had no effect.
        """

    @abstractmethod
    def effect(self, world: World, alias: str, sent: Mapping[str, str]) -> str | None:
        """The effect of a request with those values, as a sentence.

        None if there is none.
        """

    def effect_of(self, world: World, alias: str, sent: Mapping[str, str], answer: Exchange) -> str | None:  # noqa: ARG002
        """The effect by what the request was answered, too; see `effect`."""
        return self.effect(world, alias, sent)

    def look(
        self, world: World, alias: str, sent: Mapping[str, str], answer: Exchange
    ) -> Callable[[], str | None]:
        """What tells the effect of a request, once all were sent."""
        return partial(self.effect_of, world, alias, sent, answer)

    def must_be_carried(self, world: World) -> None:
        """Raise Absent where no cookie carries what the operation takes."""
        cookie_session(world.target)

    def prepare(self, world: World, alias: str) -> Mapping[str, str]:  # noqa: ARG002 - most need nothing
        """Make what a request of another site's is to change.

        The values that it is named by.
        """
        return {}

    @property
    def is_repeatable(self) -> bool:
        """Whether the own page does it once more after the attempts.

        Not where that costs a sign-in, and every look at the effect shows that the session lives.
        """
        return True


class ChangeName(Action):
    """Give the visitor another name."""

    def operation(self, world: World) -> Operation:
        """The operation that changes a person's name."""
        name_must_be_told(world)
        return world.deployment.operation("update_user")

    def own(self, world: World, alias: str) -> Exchange:
        """Change the name, and look at it."""
        device, canary = world.device(alias, "first device"), new_canary()
        exchange = rename(world, alias, canary)
        if name_of(world, alias) != canary:
            world.deployment.must_be_there("update_user", exchange)
            came = f"it was answered {quoted(exchange)}"
            raise Unmet(f"that {alias}'s own page changes her name", came, [exchange])
        device.person.name = device.person.canary = canary
        return exchange

    def effect(self, world: World, alias: str, sent: Mapping[str, str]) -> str | None:
        """Whether the name is the text that was sent."""
        return "her name was changed" if name_of(world, alias) == sent["new_name"] else None


class SignOut(Action):
    """End the visitor's session, or take its cookie from the browser.

    The latter is all that sign-out can do where nothing revokes a session.
    """

    def operation(self, world: World) -> Operation:
        """The operation that signs a person out."""
        return world.deployment.operation("sign_out")

    def own(self, world: World, alias: str) -> Exchange:
        """Sign out a session of the check's own, and try it.

        That may rightly end the visitor's too, who signs in again.
        """
        device = world.new_device(alias, "laptop")
        world.deployment.sessions.sign_in_verified(device)
        frozen = world.deployment.access.captured_session(device)
        exchange = world.deployment.sessions.sign_out(device)
        if _lives_on_by_declaration(world):
            remaining, came = world.deployment.access.browser_session(device), "its cookie stays in the browser"
        else:
            remaining, came = frozen, "the session is alive after it"
        if world.deployment.identity.who_is(remaining, device.who) is not None:
            raise Unmet(f"that {alias}'s own page signs her out", came, [exchange])
        world.cast.recover(device.person)
        return exchange

    is_repeatable = False

    def effect(self, world: World, alias: str, sent: Mapping[str, str]) -> str | None:  # noqa: ARG002 - it carries no text
        """Whether the visitor is signed out."""
        return None if is_signed_in(world, alias) else "she was signed out"

    def effect_of(self, world: World, alias: str, sent: Mapping[str, str], answer: Exchange) -> str | None:
        """Whether the visitor, or her browser alone, is signed out."""
        signed_out = self.effect(world, alias, sent)
        if signed_out is not None or not _lives_on_by_declaration(world):
            return signed_out
        device = world.device(alias, "first device")
        left = Device(device.person, device.name, copy.deepcopy(device.jar))
        left.keep_cookies(answer)
        signed_in = world.deployment.identity.who_is(world.deployment.access.browser_session(left), alias)
        return "the answer took the session's cookie from her browser" if signed_in is None else None


def _lives_on_by_declaration(world: World) -> bool:
    return world.target.profile.stateless_session is not None


def is_signed_in(world: World, alias: str) -> bool:
    """Whether the person's first device is signed in."""
    return world.deployment.identity.who_is(world.session_of(alias), alias) is not None


def name_must_be_told(world: World) -> None:
    """Raise Absent where no answer has the name."""
    if world.target.profile.operations.session.identity.name is None:
        raise Absent(
            "The profile declares no name in the session endpoint's answer (identity.name) that could change."
        )


def rename(world: World, alias: str, name: str, tampering: Tampering = UNTAMPERED) -> Exchange:
    """Ask from the person's first device for another name."""
    device = world.device(alias, "first device")
    values = {**device.person.values, "new_name": name}
    return world.deployment.access.on_device("update_user", device, values, tampering)


def name_of(world: World, alias: str) -> str | None:
    """The name that the session endpoint shows of the person."""
    identity = world.deployment.identity.who_is(world.session_of(alias), alias)
    return identity.name if identity is not None else None

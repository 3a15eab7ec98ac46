"""What a page can do to its user's account and sessions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from harness.core.errors import Absent
from harness.core.findings import NotApplicable, Unmet
from harness.deployment.answer import matches
from harness.deployment.quotation import quoted
from harness.flows import session_management
from harness.flows.common import ONE_SESSION
from harness.flows.page_actions import Action, is_signed_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.core.exchange import Exchange
    from harness.deployment.credential import Credential
    from harness.deployment.people import Device
    from harness.profile.operation import Operation
    from harness.scenario.world import World


@dataclass
class OwnPassword:
    """Whether the person's password was seen to sign in after all attempts."""

    still_signs_in: bool


class ChangePassword(Action):
    """Give the visitor another password."""

    def operation(self, world: World) -> Operation:
        """The operation that changes a password."""
        return world.deployment.operation("change_password")

    def own(self, world: World, alias: str) -> Exchange:
        """Change it as its owner does.

        That the new one signs in is looked at once, with the effect.
        """
        device, new = world.device(alias, "first device"), world.cast.factory.password("new password")
        # A look at the password may have ended her session.
        device.person.in_doubt = True
        world.cast.recover(device.person)
        values = {**device.person.values, "new_password": new}
        exchange = world.deployment.access.on_device("change_password", device, values)
        if not matches(world.deployment.operation("change_password").outcomes.success, exchange):
            world.deployment.must_be_there("change_password", exchange)
            raise Unmet(
                f"that {alias}'s own page changes her password", f"it was answered {quoted(exchange)}", [exchange]
            )
        device.person.password = new
        return exchange

    def effect(self, world: World, alias: str, sent: Mapping[str, str]) -> str | None:
        """Whether her password was changed.

        As long as it signs in, none of the attempts did that: one sign-in for all.
        """
        if not world.remembers(OwnPassword):
            world.remember(OwnPassword(_signs_in(world, alias, world.person(alias).password)))
        if world.recall(OwnPassword).still_signs_in:
            return None
        return "her password was changed" if _signs_in(world, alias, sent["new_password"]) else None


def _signs_in(world: World, alias: str, password: str) -> bool:
    return (
        world.accounts.with_password(world.person(alias), password, "a look at the password").effect() is not None
    )


@dataclass(frozen=True)
class OtherSession:
    """A session of the visitor's on another device."""

    device: Device
    frozen: Credential


def _revoking(world: World, name: str) -> Operation:
    """The operation of that name, where it ends anything."""
    operation = world.deployment.operation(name)
    if world.target.profile.stateless_session is not None:
        raise NotApplicable("The profile declares that a session can't be revoked (after_sign_out).")
    return operation


class _EndSession(Action):
    name: str
    is_repeatable = False

    def operation(self, world: World) -> Operation:
        """The operation, where it ends anything."""
        return _revoking(world, self.name)

    def own(self, world: World, alias: str) -> Exchange:
        """End a session of the check's own, and try it."""
        values = self.prepare(world, alias)
        other, device = world.recall(OtherSession), world.device(alias, "first device")
        exchange = world.deployment.access.on_device(self.name, device, {**device.person.values, **values})
        if world.deployment.identity.who_is(other.frozen, other.device.who) is not None:
            world.deployment.must_be_there(self.name, exchange)
            raise Unmet(
                f"that {alias}'s own page ends another of her sessions", "it is alive after it", [exchange]
            )
        return exchange

    def effect(self, world: World, alias: str, sent: Mapping[str, str]) -> str | None:  # noqa: ARG002 - it carries no text
        """Whether the session on the other device is dead."""
        other = world.recall(OtherSession)
        is_alive = world.deployment.identity.who_is(other.frozen, other.device.who) is not None
        return None if is_alive else "her session on another device was ended"

    def _sign_in(self, world: World, alias: str) -> None:
        device = world.new_device(alias, "laptop")
        world.deployment.sessions.sign_in_verified(device)
        world.remember(OtherSession(device, world.deployment.access.captured_session(device)))
        if not is_signed_in(world, alias):
            raise NotApplicable(f"{ONE_SESSION}: there is no other to end.")


class EndOtherSessions(_EndSession):
    """End all sessions but the visitor's own."""

    name = "revoke_other_sessions"

    def prepare(self, world: World, alias: str) -> Mapping[str, str]:
        """Sign in on another device."""
        self._sign_in(world, alias)
        return {}


class EndOneSession(_EndSession):
    """End one of the visitor's sessions."""

    name = "revoke_session"

    def operation(self, world: World) -> Operation:
        """The operation, where a list tells what it ends."""
        if world.target.profile.operations.list_sessions is None:
            raise Absent("The profile declares no list of sessions, which tells how to name one.")
        return super().operation(world)

    def prepare(self, world: World, alias: str) -> Mapping[str, str]:
        """Sign in on another device.

        What that adds to the list is its session.
        """
        listed = session_management.listed_with(world, alias, partial(self._sign_in, world, alias))
        return {"session_id": listed.added}


class EndAllSessions(Action):
    """End all of the visitor's sessions, the one in her browser included."""

    is_repeatable = False

    def operation(self, world: World) -> Operation:
        """The operation, where it ends anything."""
        return _revoking(world, "revoke_all_sessions")

    def own(self, world: World, alias: str) -> Exchange:
        """End them from a device of its own, and try that session.

        It ends the visitor's too, who signs in again.
        """
        device = world.new_device(alias, "laptop")
        world.deployment.sessions.sign_in_verified(device)
        frozen = world.deployment.access.captured_session(device)
        device.person.in_doubt = True
        exchange = world.deployment.access.on_device("revoke_all_sessions", device, device.person.values)
        if world.deployment.identity.who_is(frozen, device.who) is not None:
            world.deployment.must_be_there("revoke_all_sessions", exchange)
            came = "the session that asked for it is alive after it"
            raise Unmet(f"that {alias}'s own page ends all her sessions", came, [exchange])
        world.cast.recover(device.person)
        return exchange

    def effect(self, world: World, alias: str, sent: Mapping[str, str]) -> str | None:  # noqa: ARG002 - it carries no text
        """Whether the visitor is signed out."""
        return None if is_signed_in(world, alias) else "she was signed out, on every device"


class DeleteAccount(Action):
    """Delete the visitor's account."""

    is_repeatable = False

    def operation(self, world: World) -> Operation:
        """The operation that deletes an account."""
        return world.deployment.operation("delete_user")

    def own(self, world: World, alias: str) -> Exchange:  # noqa: ARG002 - another account's
        """Delete an account that nobody needs, and try its session."""
        spare = world.cast.throwaway("Kim")
        spare.in_doubt = True
        world.cast.recover(spare)
        device = spare.device("first device")
        frozen = world.deployment.access.captured_session(device)
        exchange = world.deployment.sessions.delete_account(device)
        if world.deployment.identity.who_is(frozen, device.who) is not None:
            world.deployment.must_be_there("delete_user", exchange)
            raise Unmet("that a user's own page deletes the account", "its session is alive after it", [exchange])
        world.deployment.sessions.note_deleted(spare)
        return exchange

    def effect(self, world: World, alias: str, sent: Mapping[str, str]) -> str | None:  # noqa: ARG002 - it carries no text
        """Whether she has no account any more, which takes her session."""
        if is_signed_in(world, alias):
            return None
        return None if _signs_in(world, alias, world.person(alias).password) else "her account was deleted"

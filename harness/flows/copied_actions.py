"""What an attacker may try with a copy of an ended session."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import httpx

from harness.core.errors import Absent
from harness.core.text import counted
from harness.core.vocabulary import Vocabulary
from harness.deployment.answer import matches
from harness.deployment.extraction import items, whole
from harness.deployment.people import Device, new_canary
from harness.deployment.refusal import Attempt
from harness.flows.common import Ended
from harness.flows.page_actions import name_must_be_told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from harness.core.exchange import Exchange
    from harness.deployment.people import Person
    from harness.deployment.session_copy import SessionCopy
    from harness.scenario.world import World


class Deed(ABC):
    """One thing that only a live session may do."""

    words: str
    """What it does, as "a copy of Zoe's session may ..." ends."""
    operation: str

    def attempt(self, world: World, alias: str, copy: SessionCopy, key: str) -> Attempt:
        """Do it with the copy.

        Raises Absent where the deployment has no such operation, or asks for no session there.
        """
        person, device = world.person(alias), copy.fresh()
        self._must_take_session(world)
        values = self._values(person)
        look = self._look(world, person, values)
        exchange = self._do(world, device, values)

        def effect() -> str | None:
            return look(exchange) or self._prolonged(world, copy, device, values)

        return Attempt(
            key=key,
            what=f"an attempt to {self.words} with a copy of {copy.of} from before {world.recall(Ended).by}",
            exchange=exchange,
            effect=effect,
            harmless_success=True,
            also_refusal=lambda answer: httpx.codes.is_redirect(answer.status),
            repeats=True,
        )

    def _must_take_session(self, world: World) -> None:
        if world.deployment.operation(self.operation).credential != "session":
            raise Absent(f'The profile says that "{self.operation}" takes something other than the session.')

    def _do(self, world: World, device: Device, values: Mapping[str, str]) -> Exchange:
        return world.deployment.access.on_device(self.operation, device, values, caches=True)

    def _prolonged(self, world: World, copy: SessionCopy, device: Device, values: Mapping[str, str]) -> str | None:
        """A sentence if an answer keeps the ended session alive, or None."""
        if copy.is_too_new_for(device):
            world.expiry.wait_out(copy.taken_at, "the second in which the copy was taken")
            device = copy.fresh()
            self._do(world, device, values)
        kept = copy.prolonged_by(device)
        if kept is None:
            return None
        attributes = kept.cookie.attributes
        end = next(
            (f"{name}={attributes[name.lower()]}" for name in _ENDS if name.lower() in attributes), "no end"
        )
        return f'the ended session was prolonged: a new cookie "{kept.name}" ({end}) came, which opens the account'

    def _values(self, person: Person) -> Mapping[str, str]:
        return person.values

    @abstractmethod
    def _look(self, world: World, person: Person, values: Mapping[str, str]) -> Callable[[Exchange], str | None]:
        """What says, of its answer, whether it took effect."""


_ENDS = ("Max-Age", "Expires")


class ChangeName(Deed):
    """Give the account another name."""

    words, operation = "change the name", "update_user"

    def _values(self, person: Person) -> Mapping[str, str]:
        return {**person.values, "new_name": new_canary()}

    def _look(self, world: World, person: Person, values: Mapping[str, str]) -> Callable[[Exchange], str | None]:
        name_must_be_told(world)

        def look(_: Exchange) -> str | None:
            if not person.has_account or _name(world, person) != values["new_name"]:
                return None
            return f"{person.alias}'s name was changed"

        return look


class ListSessions(Deed):
    """See the account's live sessions."""

    words, operation = "list the sessions", "list_sessions"

    def _look(self, world: World, person: Person, values: Mapping[str, str]) -> Callable[[Exchange], str | None]:  # noqa: ARG002
        def look(exchange: Exchange) -> str | None:
            declared = world.target.profile.operations.list_sessions
            found = items(whole(exchange), declared.items) if declared is not None else None
            is_list = declared is not None and matches(declared.outcomes.success, exchange)
            return f"it listed {counted(len(found), 'session')} of {person.alias}'s" if is_list and found else None

        return look


class RevokeOthers(Deed):
    """End the account's live sessions."""

    words, operation = "revoke the other sessions", "revoke_other_sessions"

    def _look(self, world: World, person: Person, values: Mapping[str, str]) -> Callable[[Exchange], str | None]:  # noqa: ARG002
        device = person.device("first device")
        alive = world.deployment.access.browser_session(device)
        if world.deployment.identity.who_is(alive, device.who) is None:
            raise Absent(f"{device.who} holds no session any more that could be revoked.")

        def look(_: Exchange) -> str | None:
            is_dead = world.deployment.identity.who_is(alive, device.who) is None
            return f"the session of {device.who} was revoked" if is_dead else None

        return look


class Use(Deed):
    """Ask who is signed in, as a page does again and again."""

    words, operation = "stay signed in", "session"

    def _look(self, world: World, person: Person, values: Mapping[str, str]) -> Callable[[Exchange], str | None]:  # noqa: ARG002
        return lambda _: None


DEEDS: Vocabulary[Deed] = Vocabulary(
    "deed of an attacker with a copy",
    {
        "change the name": ChangeName(),
        "list the sessions": ListSessions(),
        "revoke the other sessions": RevokeOthers(),
        "renew the session": Use(),
    },
)
"""What needs a live session. That an answer prolongs the ended one is an effect of each."""


def _name(world: World, person: Person) -> str | None:
    """The account's name, by a session of the owner's that is alive."""
    device = person.device("first device")
    identity = world.deployment.identity.who_is(world.deployment.access.browser_session(device), device.who)
    if identity is None:
        device = Device(person, "second device")
        world.deployment.sessions.sign_in_verified(device)
        identity = world.deployment.identity.who_is(world.deployment.access.browser_session(device), device.who)
    return identity.name if identity is not None else None

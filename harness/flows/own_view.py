"""What an owner sees of a task, before and after another's request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.text import listed
from harness.deployment.quotation import json_of
from harness.wire.parts import leaves

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.people import Person, Task
    from harness.deployment.tasks.client import Verb
    from harness.scenario.world import World


@dataclass(frozen=True)
class OwnView:
    """The parts of the owner's answer that do not change by themselves."""

    world: World
    owner: Person
    task: Task
    parts: dict[str, str]

    @classmethod
    def of(cls, world: World, owner: Person, task: Task) -> OwnView:
        """Look twice.

        What differs of itself, such as a count of visits, shows nothing.
        """
        first, second = (_parts(_seen(world, owner, task)) for _ in range(2))
        return cls(world, owner, task, {name: text for name, text in first.items() if second.get(name) == text})

    def change(self, written: str) -> str | None:
        """What another's request has done; None for nothing.

        It is the end of a sentence about the task. ``written`` is the text that the request carried.
        """
        seen = _seen(self.world, self.owner, self.task)
        if written in seen.text or written in self.world.tasks.listed(self.owner).text:
            return "shows what the request carried"
        now = _parts(seen)
        changed = [name for name, text in self.parts.items() if now.get(name) != text]
        if not changed:
            return None
        if self.task.canary not in seen.text:
            return "is gone"
        return f"was changed, at {listed(changed, 'and')}"


def _seen(world: World, owner: Person, task: Task) -> Exchange:
    """The owner's answer.

    The task itself, or the list where there is no way to read one.
    """
    verb: Verb = "read" if world.tasks.declared.read is not None else "list"
    return world.tasks.call(verb, owner.alias, world.tasks.credential(owner), owner, task.id).exchange


def _parts(exchange: Exchange) -> dict[str, str]:
    content = json_of(exchange)
    inner = leaves(content) if content is not None else ()
    return {"its status": str(exchange.status), **{pointer: str(value) for pointer, value in inner}}

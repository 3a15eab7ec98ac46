"""What an owner sees of a task, before and after another's request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.text import listed
from harness.deployment.quotation import json_of
from harness.wire.parts import fields

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.people import Person, Task
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

        It is the end of a sentence about the task.         ``written`` is the text that the request carried.
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
    verb = "read" if world.tasks.declared.read is not None else "list"
    return world.tasks.call(verb, owner.alias, world.tasks.credential(owner), owner, task.id).exchange  # type: ignore[arg-type]


def _parts(exchange: Exchange) -> dict[str, str]:
    content = json_of(exchange)
    truths = _truths(content, "") if content is not None else {}
    return {"its status": str(exchange.status), **(dict(fields(content)) if content is not None else {}), **truths}


def _truths(content: object, pointer: str) -> dict[str, str]:
    """What is true, false or null in JSON data, by pointers."""
    if isinstance(content, dict):
        return {
            key: text
            for name, inner in content.items()
            for key, text in _truths(inner, f"{pointer}/{name}").items()
        }
    if isinstance(content, list):
        return {
            key: text
            for at, inner in enumerate(content)
            for key, text in _truths(inner, f"{pointer}/{at}").items()
        }
    return {pointer: str(content)} if content is None or isinstance(content, bool) else {}

"""Changes of a task that name another owner."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.core.findings import Unmet
from harness.flows.isolation import naming_owner

if TYPE_CHECKING:
    from harness.deployment.people import Task
    from harness.deployment.tasks.client import Call, Verb
    from harness.scenario.world import World


@dataclass(frozen=True)
class Written:
    """A call that wrote a task and named an owner.

    ``left`` is the title that the task's owner read after it, None where it was gone.
    """

    who: str
    verb: Verb
    named: str
    call: Call
    left: str | None


@dataclass(frozen=True)
class Writes:
    """Every such call on one task."""

    task: Task
    made: list[Written] = field(default_factory=list)


def write_naming(world: World, who: str, alias: str, verb: Verb, named: str) -> None:
    """Write to the person's task and name an owner.

    ``who`` calls, with a valid credential.
    """
    world.judge.needs(world.tasks.key(verb, alias))
    caller, owner, task = world.person(who), world.person(alias), world.task_of(alias)
    credential, tampering = world.tasks.credential(caller), naming_owner(world, named)
    call = world.tasks.call(verb, who, credential, caller, task.id, tampering)
    left = world.tasks.title_of(owner, task)
    if who == alias and left is not None and call.written in left:
        task.canary = call.written
    world.setdefault(Writes(task)).made.append(Written(who, verb, named, call, left))


def must_be_kept(world: World, alias: str, other: str) -> None:
    """Raise Unmet unless the task is its owner's alone."""
    world.judge.needs(world.tasks.key("list", other))
    writes, text = world.recall(Writes), world.tasks.listed(world.person(other)).text
    for one in writes.made:
        if one.left is None:
            raise _moved(one, alias, f"{alias}'s task is gone")
    for one in writes.made:
        if one.call.written in text:
            raise _moved(one, alias, f"what it wrote stands in {other}'s list")
    if writes.task.canary in text:
        raise _moved(writes.made[-1], alias, f"it stands in {other}'s list")


def _moved(one: Written, alias: str, came: str) -> Unmet:
    attempt = f"{one.who} tries to {one.verb} it and names {one.named} as its owner"
    return Unmet(f"that {alias}'s task stays {alias}'s when {attempt}", came, [one.call.exchange])

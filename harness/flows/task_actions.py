"""What a page can do with its user's tasks."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.flows.page_actions import Action

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.core.exchange import Exchange
    from harness.deployment.people import Task
    from harness.deployment.tasks.client import Verb
    from harness.profile.operation import Operation
    from harness.scenario.world import World


@dataclass(frozen=True)
class Aimed:
    """The task that another site's requests are to change."""

    task: Task


class _TaskAction(Action):
    @abstractmethod
    def verb(self, world: World) -> Verb:
        """What it does to the tasks."""

    def operation(self, world: World) -> Operation:
        """The operation of that verb."""
        return world.session_tasks.operation(self.verb(world))

    def own(self, world: World, alias: str) -> Exchange:
        """Do it to a task of its own, and look at it."""
        verb, owner = self.verb(world), world.person(alias)
        task = world.session_tasks.make(owner) if verb in ("replace", "update") else None
        return world.session_tasks.control(verb, owner, task)()


class CreateTask(_TaskAction):
    """Make a task of the visitor's."""

    def verb(self, world: World) -> Verb:  # noqa: ARG002 - as the others have it
        """What it does to the tasks."""
        return "create"

    def effect(self, world: World, alias: str, sent: Mapping[str, str]) -> str | None:
        """Whether the text that was sent is in the visitor's list."""
        is_there = sent["title"] in world.session_tasks.listed(world.person(alias)).text
        return "a task was made" if is_there else None


class _AimedAction(_TaskAction):
    def prepare(self, world: World, alias: str) -> Mapping[str, str]:
        """Make the task that is aimed at; its id is no secret."""
        task = world.session_tasks.make(world.person(alias))
        world.remember(Aimed(task))
        return {"task_id": task.id}

    def effect(self, world: World, alias: str, sent: Mapping[str, str]) -> str | None:
        """Whether the task is gone, or has the text that was sent."""
        title = world.session_tasks.title_of(world.person(alias), world.recall(Aimed).task)
        if title is None:
            return "her task is gone"
        return "her task was changed" if sent["title"] in title else None


class ChangeTask(_AimedAction):
    """Change a task of the visitor's."""

    def verb(self, world: World) -> Verb:
        """Some deployments have one of the two only."""
        return "update" if world.session_tasks.declared.update is not None else "replace"


class DeleteTask(_AimedAction):
    """Delete a task of the visitor's."""

    def verb(self, world: World) -> Verb:  # noqa: ARG002 - as the others have it
        """What it does to the tasks."""
        return "delete"

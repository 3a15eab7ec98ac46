"""The protected resource: a user's own tasks, or similar things."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from harness.profile.extraction import ValueAt, at_pointer
from harness.profile.operation import Base, Model, Operation
from harness.profile.resources import Routes, said_once

VERBS = ("list", "create", "read", "replace", "update", "delete")
"""What can be done with tasks, each an operation of its own."""


class Tasks(Model):
    """The protected resource: a user's own tasks, or similar things."""

    base: Base = "api"
    """Which address it is on."""
    credential: Literal["token", "session"]
    """What opens it."""
    list: Operation
    """The person's own."""
    create: Operation
    """A new one with `{title}`."""
    read: Operation | None = None
    """The one with `{task_id}`."""
    replace: Operation | None = None
    """Puts new content in the one with `{task_id}`."""
    update: Operation | None = None
    """Changes fields of the one with `{task_id}`."""
    delete: Operation | None = None
    """Deletes the one with `{task_id}`."""
    items: ValueAt = at_pointer("")
    """Where the items are in a list's answer."""
    item: ValueAt = at_pointer("")
    """Where the item is in the answers of the other operations."""
    id: ValueAt = at_pointer("/id")
    """Where an item has its id."""
    title: ValueAt = at_pointer("/title")
    """Where an item has its title."""
    next: ValueAt | None = None
    """Where a list's answer has the address of its next page, absolute or relative, or null."""

    more: Routes = []
    """Further routes to the tasks, such as one that completes `{task_id}`, or an export. No other user may use
    them on a task, nor anybody without the credential."""

    @model_validator(mode="after")
    def _said_once(self) -> Tasks:
        said_once([*((name, getattr(self, name)) for name in VERBS), *(("more", one) for one in self.more)])
        return self

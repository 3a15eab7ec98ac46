"""Routes beside the five verbs of the tasks, and further resources."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from harness.profile.operation import Base, Model, Operation
from harness.profile.toml.strings import Line, as_list

Routes = Annotated[list[Operation], BeforeValidator(as_list)]


def said_once(routes: Sequence[tuple[str, Operation | None]]) -> None:
    """Raise ValueError where a route says what its section does."""
    for name, operation in routes:
        for field in ("base", "credential"):
            if operation is not None and field in operation.model_fields_set:
                raise ValueError(f'"{field}" is said once for all of them; move it from {name} to the section')


class Resource(Model):
    """Something else of a user's that only a credential opens."""

    name: Line
    """What sentences call it."""
    base: Base = "api"
    """Which address it is on."""
    credential: Literal["token", "session"]
    """What opens it."""
    routes: Annotated[Routes, Field(min_length=1)]
    """Every route to it. What a `{title}` in a body writes may be shown to its writer alone; `{task_id}` is a
    task's."""

    @model_validator(mode="after")
    def _said_once(self) -> Resource:
        said_once([("routes", one) for one in self.routes])
        return self


@dataclass(frozen=True)
class FurtherRoute:
    """A route beside the five verbs, and what its section says."""

    place: str
    """Where the profile has it, such as ``tasks.more[0]``."""
    base: Base
    credential: Literal["token", "session"]
    operation: Operation
    resource: str | None = None
    """The resource's name, where it is not the tasks."""

    @property
    def word(self) -> str:
        """Method, path and query, and whose they are."""
        query = "&".join(f"{name}={value}" for name, value in self.operation.query.items())
        called = f"{self.operation.method} {self.operation.path}{'?' if query else ''}{query}"
        return f"{called} ({self.resource})" if self.resource is not None else called


def shape_of(path: str) -> str:
    """A path without the names of its parameters.

    Documents and profiles differ in these.
    """
    return re.sub(r"\{[^{}]*\}", "{}", path).rstrip("/") or "/"

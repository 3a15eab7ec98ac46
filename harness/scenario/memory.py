"""What the steps of one scenario pass on to each other.

One value of each type, as in `pytest.Stash`.
"""

from __future__ import annotations

from typing import TypeVar

from harness.core.findings import HarnessError

T = TypeVar("T")


class Memory:
    """Values by their type.

    Each flow has small dataclasses for what its steps hand on.
    """

    def __init__(self) -> None:
        self._values: dict[type, object] = {}

    def remember(self, value: object) -> None:
        """Keep the value for later steps; it replaces one of its type."""
        self._values[type(value)] = value

    def recall(self, kind: type[T]) -> T:
        """The value of that type. Raises HarnessError when no step remembered one."""
        value = self._values.get(kind)
        if not isinstance(value, kind):
            raise HarnessError(
                f"no step of this scenario remembered a {kind.__name__}; one that does has to come before this one"
            )
        return value

    def remembers(self, kind: type) -> bool:
        """Whether a step remembered a value of that type."""
        return kind in self._values

    def setdefault(self, value: T) -> T:
        """The value of that type that is kept.

        The given one, kept from now on, where there is none.
        """
        if not self.remembers(type(value)):
            self.remember(value)
        return self.recall(type(value))

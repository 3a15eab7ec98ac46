"""Names of shell variables: each once, and speaking of what the variable holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.core.text import slug

if TYPE_CHECKING:
    from harness.deployment.people import Person

_TAKEN = ("status", "work", "method", "url", "waits", "pause", "found", "origin", "differs", "saw", "came", "step")
"""Names that functions.sh has for itself."""


@dataclass
class Names:
    """The names of one script."""

    _used: set[str] = field(default_factory=lambda: set(_TAKEN))
    _people: dict[int, str] = field(default_factory=dict)

    def free(self, wish: str) -> str:
        """A name like the wish that no other variable has."""
        plain = slug(wish, "_") or "value"
        plain = f"value_{plain}" if plain[0].isdigit() else plain
        name, number = plain, 2
        while name in self._used:
            name, number = f"{plain}_{number}", number + 1
        self._used.add(name)
        return name

    def of_person(self, person: Person) -> str:
        """The beginning of the names of what a person has."""
        if id(person) not in self._people:
            self._people[id(person)] = self.free(person.alias)
        return self._people[id(person)]

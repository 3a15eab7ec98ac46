"""Names of shell variables: unique, and telling what they hold."""

from __future__ import annotations

from dataclasses import dataclass, field

from harness.core.text import slug

_TAKEN = (
    "status",
    "work",
    "method",
    "url",
    "waits",
    "pause",
    "found",
    "origin",
    "differs",
    "saw",
    "came",
    "step",
    "took",
    "counts",
    "now",
)
"""Names that functions.sh has for itself."""


@dataclass
class Names:
    """The names of one script."""

    _used: set[str] = field(default_factory=lambda: set(_TAKEN))

    def free(self, wish: str) -> str:
        """A name like the wish that no other variable has."""
        plain = slug(wish, "_") or "value"
        plain = f"value_{plain}" if plain[0].isdigit() else plain
        name, number = plain, 2
        while name in self._used:
            name, number = f"{plain}_{number}", number + 1
        self._used.add(name)
        return name

"""What others would miss runs last, and what judges their answers after them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.pytest_plugin import plugin

MARKERS: dict[str, list[str]] = {
    "limit": ["needs-rate-limit"],
    "observation": ["must", "observation"],
    "rotation": ["needs-jwt", "needs-rotate-keys"],
    "plain": [],
    "deletion": ["needs-delete-user"],
    "other": ["needs-tasks"],
    "no scenario": [],
}


@dataclass
class Item:
    """A test with markers."""

    name: str

    def get_closest_marker(self, name: str) -> str | None:
        """The marker of that name."""
        return name if name in MARKERS[self.name] else None


def test_answers_are_judged_after_all_others_and_limits_are_reached_last() -> None:
    items: list[Any] = [Item(name) for name in MARKERS]
    plugin.pytest_collection_modifyitems(items)
    order = [item.name for item in items]
    assert order == ["plain", "other", "no scenario", "deletion", "rotation", "observation", "limit"]

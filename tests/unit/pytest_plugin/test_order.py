"""What others would miss runs last."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from harness.pytest_plugin import plugin

NEEDS: dict[str, list[str]] = {
    "limit": ["needs-rate-limit"],
    "rotation": ["needs-jwt", "needs-rotate-keys"],
    "plain": [],
    "deletion": ["needs-delete-user"],
    "other": ["needs-tasks"],
}


def test_accounts_are_deleted_late_keys_change_later_and_limits_are_reached_last() -> None:
    items: list[Any] = [*NEEDS, "no scenario"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            plugin,
            "scenario_of",
            lambda name: SimpleNamespace(tags=SimpleNamespace(needs=NEEDS[name])) if name in NEEDS else None,
        )
        plugin.pytest_collection_modifyitems(items)
    assert items == ["plain", "other", "no scenario", "deletion", "rotation", "limit"]

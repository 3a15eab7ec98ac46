"""With `--third`: a third of the planted, and a fault at least for each scenario that is a MUST."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detection.selection import due, musts
from tests.detection.variant_registry import all_variants
from tests.support.thirds import THIRD


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the other thirds."""
    third = config.getoption(THIRD)
    kept = {"fault": due(musts(), third), "variant": due(dict.fromkeys(all_variants(), ()), third)}
    other = [item for item in items if not _is_kept(item, kept)]
    config.hook.pytest_deselected(items=other)
    items[:] = [item for item in items if item not in set(other)]


def _is_kept(item: pytest.Item, kept: dict[str, frozenset[str]]) -> bool:
    callspec = getattr(item, "callspec", None)
    planted: dict[str, Any] = callspec.params if callspec is not None else {}
    return all(kind not in planted or planted[kind].name in names for kind, names in kept.items())

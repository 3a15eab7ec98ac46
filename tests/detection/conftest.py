"""With `--third`: a third of the planted, at least one for each scenario and each entry of the catalogue."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detection.registry import all_faults
from tests.detection.selection import third_of
from tests.detection.variant_registry import all_variants
from tests.support.thirds import THIRD


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the other thirds."""
    third = config.getoption(THIRD)
    if third is None:
        return
    kept = {
        "fault": third_of({name: one.caught_by for name, one in all_faults().items()}, third),
        "variant": third_of({name: tuple(one.never_fail_on) for name, one in all_variants().items()}, third),
    }
    other = [item for item in items if not _is_kept(item, kept)]
    config.hook.pytest_deselected(items=other)
    items[:] = [item for item in items if item not in set(other)]


def _is_kept(item: pytest.Item, kept: dict[str, frozenset[str]]) -> bool:
    callspec = getattr(item, "callspec", None)
    planted: dict[str, Any] = callspec.params if callspec is not None else {}
    return all(kind not in planted or planted[kind].name in names for kind, names in kept.items())

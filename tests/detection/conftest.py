"""With `--third`: a third of the planted, and a fault at least for each scenario that is a MUST."""

from __future__ import annotations

import pytest

from tests.detection.registry import Fault
from tests.detection.selection import due, musts
from tests.detection.variant_registry import Variant, all_variants
from tests.support.thirds import THIRD


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the other thirds."""
    third = config.getoption(THIRD)
    faults, variants = due(musts(), third), due(dict.fromkeys(all_variants(), ()), third)
    other = [item for item in items if not _is_kept(item, faults, variants)]
    config.hook.pytest_deselected(items=other)
    items[:] = [item for item in items if item not in set(other)]


def _is_kept(item: pytest.Item, faults: frozenset[str], variants: frozenset[str]) -> bool:
    """Whether it plants what is due, or nothing."""
    callspec = getattr(item, "callspec", None)
    for planted in callspec.params.values() if callspec is not None else ():
        if isinstance(planted, Fault | Variant):
            return planted.name in (faults if isinstance(planted, Fault) else variants)
    return True

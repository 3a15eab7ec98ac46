"""A third of the planted still shows that each scenario can fail, and all thirds are all."""

from __future__ import annotations

from tests.detection.registry import all_faults
from tests.detection.selection import third_of
from tests.detection.variant_registry import all_variants
from tests.support.thirds import THIRDS

FAULTS = {name: one.caught_by for name, one in all_faults().items()}
VARIANTS = {name: tuple(one.never_fail_on) for name, one in all_variants().items()}


def test_each_third_has_a_fault_of_each_scenario_and_a_variant_of_each_entry() -> None:
    for shown in (FAULTS, VARIANTS):
        everything = {thing for things in shown.values() for thing in things}
        for third in range(THIRDS):
            kept = third_of(shown, third)
            assert {thing for name in kept for thing in shown[name]} == everything
            assert len(kept) < len(shown)


def test_all_thirds_are_all() -> None:
    for shown in (FAULTS, VARIANTS):
        assert third_of(shown, 0) | third_of(shown, 1) | third_of(shown, 2) == shown.keys()

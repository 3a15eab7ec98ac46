"""Half of the planted still show that each scenario can fail, and both halves are all."""

from __future__ import annotations

from tests.detection.registry import all_faults
from tests.detection.selection import half_of
from tests.detection.variant_registry import all_variants

FAULTS = {name: one.caught_by for name, one in all_faults().items()}
VARIANTS = {name: tuple(one.never_fail_on) for name, one in all_variants().items()}


def test_each_half_has_a_fault_of_each_scenario_and_a_variant_of_each_entry() -> None:
    for shown in (FAULTS, VARIANTS):
        everything = {thing for things in shown.values() for thing in things}
        for half in (0, 1):
            kept = half_of(shown, half)
            assert {thing for name in kept for thing in shown[name]} == everything
            assert len(kept) < len(shown)


def test_both_halves_are_all() -> None:
    for shown in (FAULTS, VARIANTS):
        assert half_of(shown, 0) | half_of(shown, 1) == shown.keys()

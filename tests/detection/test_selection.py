"""A third of the planted still shows that each MUST can fail, and all thirds are all."""

from __future__ import annotations

from tests.detection.scenarios import all_scenarios
from tests.detection.selection import due, musts
from tests.support.thirds import THIRDS


def test_each_third_has_a_fault_of_each_must() -> None:
    everything = {identity for identity, one in all_scenarios().items() if one.level == "must"}
    for third in range(THIRDS):
        kept = due(musts(), third)
        assert {identity for name in kept for identity in musts()[name]} == everything
        assert len(kept) < len(musts()) / 2


def test_all_thirds_are_all() -> None:
    assert frozenset().union(*(due(musts(), third) for third in range(THIRDS))) == musts().keys()

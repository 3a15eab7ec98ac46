"""A third of the planted still shows that each MUST can fail, and all thirds are all."""

from __future__ import annotations

import subprocess
import sys

from tests.detection.scenarios import all_scenarios
from tests.detection.selection import due, musts
from tests.support.suite import ROOT
from tests.support.thirds import THIRDS


def test_each_third_has_a_fault_of_each_must() -> None:
    everything = {identity for identity, one in all_scenarios().items() if one.level == "must"}
    for third in range(THIRDS):
        kept = due(musts(), third)
        assert {identity for name in kept for identity in musts()[name]} == everything
        assert len(kept) < len(musts()) / 2


def test_all_thirds_are_all() -> None:
    assert frozenset().union(*(due(musts(), third) for third in range(THIRDS))) == musts().keys()


def test_tests_of_other_folders_that_name_faults_are_left_alone() -> None:
    """They have faults of their own, by name."""
    words = ("tests/detection/test_selection.py", "tests/process/shapes", "--collect-only", "-q", "--third", "0")
    done = subprocess.run((sys.executable, "-m", "pytest", *words), cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()

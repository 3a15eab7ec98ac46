"""What other tests of the process registered as a secret is masked in no report of these."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _only_what_a_test_registers(nothing_known: None) -> None:
    """Begin each test as a process begins."""

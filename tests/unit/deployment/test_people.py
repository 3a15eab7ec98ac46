"""Canaries."""

from __future__ import annotations

from harness.deployment.people import CANARY, new_canary


def test_a_canary_is_found_in_what_is_said_of_it() -> None:
    canary = new_canary()
    assert CANARY.fullmatch(canary)
    assert CANARY.findall(f"the answer (200) carried the private text {canary}.") == [canary]

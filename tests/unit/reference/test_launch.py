"""The limit on guessing of the backend that the suite starts is declared as it is."""

from __future__ import annotations

import pytest

from harness.profile.loader import load_profile
from harness.reference.launch import SUITES_OWN, as_started


@pytest.mark.parametrize(
    ("settings", "attempts", "window"),
    [
        ({}, 5, 10),
        ({"REFERENCE_SIGN_IN_WINDOW": "900"}, 5, 900),
        ({"REFERENCE_SIGN_IN_LIMIT": "7", "REFERENCE_SECRET": "x"}, 7, 10),
    ],
)
def test_the_limit_is_that_of_the_settings(settings: dict[str, str], attempts: int, window: int) -> None:
    profile, started = as_started(load_profile("reference"), settings)
    assert profile.rate_limit is not None
    assert (profile.rate_limit.max_attempts, profile.rate_limit.window) == (attempts, window)
    assert started == {**SUITES_OWN, **settings}


def test_a_limit_that_is_switched_off_is_none() -> None:
    profile, _ = as_started(load_profile("reference"), {"REFERENCE_SIGN_IN_LIMIT": "0"})
    assert profile.rate_limit is None


def test_a_setting_that_is_no_number_is_the_backend_s_to_refuse() -> None:
    profile, started = as_started(load_profile("reference"), {"REFERENCE_SIGN_IN_LIMIT": "many"})
    assert profile == load_profile("reference")
    assert started["REFERENCE_SIGN_IN_LIMIT"] == "many"

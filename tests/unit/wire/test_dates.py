"""Dates of HTTP are numbers, or none."""

from __future__ import annotations

import pytest

from harness.wire.dates import unix_time


def test_a_date_is_seconds_since_1970() -> None:
    assert unix_time("Thu, 01 Jan 1970 00:01:00 GMT") == 60.0


@pytest.mark.parametrize(
    "date",
    [
        "",
        "0",
        "tomorrow",
        "Thu, 99999999999999999999 Jan 2020 00:00:00 GMT",
        "Mon, 01 Jan 2020 00:00:00 +99999999999999999999999999999",
    ],
)
def test_what_is_no_date_is_none(date: str) -> None:
    assert unix_time(date) is None

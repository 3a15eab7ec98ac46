"""A lifetime that stands beside a token is one that a profile takes."""

from __future__ import annotations

import json

import pytest

from harness.core.exchange import Exchange
from harness.deployment.lines import lifetime_beside

TOKEN = "opaque-token-0123456789"


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (900, 900),
        ("900", 900),
        (31_536_000, 31_536_000),
        (31_536_001, None),
        (0, None),
        (-5, None),
        (1.5, None),
        (True, None),
        ("\u0663\u0660", None),
        ("9" * 5000, None),
        (None, None),
    ],
)
def test_what_is_no_lifetime_is_none(said: object, seconds: int | None) -> None:
    body = json.dumps({"data": {"access_token": TOKEN, "expires_in": said}}).encode()
    answer = Exchange("Ann", "POST", "http://127.0.0.1/", [], b"", 200, [], body, 0.0)
    assert lifetime_beside(answer, TOKEN) == seconds

"""A token that sign-out does not revoke has to end within what the profile declares."""

from __future__ import annotations

import time

import pytest

from harness.core.findings import Unmet
from harness.flows.captured import _must_end_soon
from harness.tokens.jws import Jwt

LIMIT = 3600


def _token(**claims: object) -> Jwt:
    return Jwt({"alg": "HS256"}, claims, "c2ln")


def test_one_that_ends_in_time_is_fine() -> None:
    _must_end_soon(_token(exp=int(time.time()) + 900), LIMIT)


@pytest.mark.parametrize(
    ("claims", "came"),
    [
        ({}, "it never ends"),
        ({"exp": "soon"}, "it never ends"),
        ({"exp": time.time() + 90_000}, r"it lives (90000|89\d{3}) s"),
    ],
    ids=["no end", "an end that is none", "an end a day later"],
)
def test_one_that_does_not_is_named(claims: dict[str, object], came: str) -> None:
    with pytest.raises(Unmet, match=rf"ends within 3600 s \(credentials.token.max_lifetime\); ({came})"):
        _must_end_soon(_token(**claims), LIMIT)

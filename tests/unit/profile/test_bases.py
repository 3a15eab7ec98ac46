"""The bases of a deployment, of which several may be at one address."""

from __future__ import annotations

import pytest

from harness.profile.loader import load_profile
from harness.profile.target import Target

WEB, API, AUTH = "https://app.example.com", "https://api.example.com", "https://auth.example.com"


@pytest.mark.parametrize(
    ("api", "auth", "names"),
    [
        (WEB, None, ("web",)),
        (API, None, ("web", "api")),
        (WEB, AUTH, ("web", "auth")),
        (API, API, ("web", "api")),
        (API, AUTH, ("web", "api", "auth")),
    ],
)
def test_each_address_has_one_name(api: str, auth: str | None, names: tuple[str, ...]) -> None:
    target = Target(load_profile("reference"), WEB, api, auth_url=auth)
    assert target.distinct_bases == names
    assert target.bases == tuple(map(target.address, target.distinct_bases))

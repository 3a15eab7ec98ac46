"""What differs by stage comes from environment variables, wherever it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.profile.loader import ProfileError, parse_profile
from harness.profile.profile import Profile
from harness.profile.target import Target

STAGED = """extends = "reference"
public_origin = "{env:STAGE_ORIGIN}"
trusted_origins = ["{env:STAGE_ORIGIN}"]
[jwt]
issuer = "{env:STAGE_ORIGIN}/auth"
audience = "tasks-{env:STAGE_NAME}"
[people]
domain = "{env:STAGE_NAME}.example.com"
[operations.sign_up]
headers = { X-Key = "{env:STAGE_NAME}" }
"""


def staged(text: str = STAGED) -> Profile:
    return parse_profile(text, "mine.toml", Path())


def test_each_stage_has_its_own_values(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, origin in (("test", "https://test.example"), ("live", "https://live.example")):
        monkeypatch.setenv("STAGE_NAME", name)
        monkeypatch.setenv("STAGE_ORIGIN", origin)
        profile = staged()
        assert (profile.jwt.issuer, profile.jwt.audience) == (f"{origin}/auth", f"tasks-{name}")
        assert Target(profile, "http://127.0.0.1:1", "http://127.0.0.1:1").origin == origin
        assert profile.trusted_origins == [origin]
        assert profile.people.address("ann") == f"ann@{name}.example.com"
        # What a request carries may be a secret: it is filled in, and masked, when the request is sent.
        assert profile.operations.sign_up.headers == {"X-Key": "{env:STAGE_NAME}"}
        assert profile.variables() == ["STAGE_NAME"]


def test_a_variable_that_is_not_set_is_named_with_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STAGE_ORIGIN", raising=False)
    monkeypatch.setenv("STAGE_NAME", "test")
    with pytest.raises(ProfileError) as error:
        staged()
    unset = "asks for the environment variable STAGE_ORIGIN, which is not set; run `export STAGE_ORIGIN=...`."
    assert str(error.value).splitlines() == [
        f"mine.toml:2: public_origin {unset}",
        f"mine.toml:3: trusted_origins[0] {unset}",
        f"mine.toml:5: jwt.issuer {unset}",
    ]


def test_a_value_that_does_not_fit_is_told_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGE_NAME", "test")
    monkeypatch.setenv("STAGE_ORIGIN", "https://TEST.example/")
    with pytest.raises(ProfileError, match=r"^mine\.toml:2: public_origin: not an origin; write it like"):
        staged()

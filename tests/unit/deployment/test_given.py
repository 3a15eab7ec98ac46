"""A deployment that the user names: addresses, and secrets that come from the environment and are masked."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.core import redaction
from harness.core.extras import ExtraMissing
from harness.core.redaction import redact
from harness.deployment import given
from harness.deployment.given import client_for, given_target
from harness.profile.loader import load_profile, parse_profile
from harness.profile.profile import Profile
from harness.profile.target import TargetError
from tests.support.fake_client import API, WEB

SECRET, DATABASE = "AUTH_CONFORMANCE_JWT_SECRET", "AUTH_CONFORMANCE_DATABASE_URL"


@pytest.fixture(autouse=True)
def _nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "_known", redaction.Secrets())
    for name in (SECRET, DATABASE):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def profile() -> Profile:
    return load_profile("reference")


def mine(text: str) -> Profile:
    return parse_profile(f'extends = "reference"\n{text}', "mine.toml", Path())


def test_one_address_is_both(profile: Profile) -> None:
    target = given_target(profile, f"{WEB}/", None)
    assert (target.web, target.api, target.jwt_secret, target.database_url) == (WEB, WEB, None, None)
    assert given_target(profile, WEB, API).api == API


@pytest.mark.parametrize(("web", "api", "flag"), [("x", None, "--base-url"), (WEB, "x", "--api-url")])
def test_what_is_no_address_is_told_with_its_flag(profile: Profile, web: str, api: str | None, flag: str) -> None:
    with pytest.raises(TargetError, match=f'^{flag} "x" is not a base URL'):
        given_target(profile, web, api)


def test_secrets_of_the_environment_are_taken_and_masked(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET, "planted-signing-secret-0123456789")
    monkeypatch.setenv(DATABASE, "postgresql://owner:planted-password@db.example.com/app")
    target = given_target(profile, WEB, None)
    assert target.jwt_secret == "planted-signing-secret-0123456789"
    assert target.database_url is not None
    said = redact(f"{target.jwt_secret} {target.database_url} planted-password")
    assert said == "<signing secret> <database URL> <database URL>"


def test_an_empty_variable_is_none(profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, "")
    assert given_target(profile, WEB, None).jwt_secret is None


def test_a_variable_that_the_profile_asks_for_is_masked_and_must_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUB_KEY", "planted-key-of-the-club")
    asking = mine('[operations.sign_in]\nheaders = { "X-Key" = "{env:CLUB_KEY}" }\n')
    given_target(asking, WEB, None)
    assert redact("planted-key-of-the-club") == "<CLUB_KEY>"
    monkeypatch.delenv("CLUB_KEY")
    with pytest.raises(TargetError, match="the profile takes CLUB_KEY from the environment: set it"):
        given_target(asking, WEB, None)


def test_a_class_that_can_not_be_loaded_is_told_before_anything_is_sent() -> None:
    with pytest.raises(TargetError, match="can't be loaded"):
        given_target(mine('custom = "nothing_of_that_name:Club"\n'), WEB, None)


def test_ageing_without_its_packages_is_told_only_where_it_is_wanted(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(extra: str, purpose: str) -> None:
        raise ExtraMissing(f"{purpose} needs {extra}")

    monkeypatch.setattr(given, "require", missing)
    given_target(profile, WEB, None)
    monkeypatch.setenv(DATABASE, "sqlite://")
    with pytest.raises(TargetError, match="age_session needs ageing"):
        given_target(profile, WEB, None)


def test_the_client_speaks_to_both_addresses_and_no_other(profile: Profile) -> None:
    client = client_for(given_target(profile, WEB, API), 7.0, lambda _: None)
    assert client.origins == frozenset({WEB, API})
    assert client.throttle.limit == 7.0
    client.close()

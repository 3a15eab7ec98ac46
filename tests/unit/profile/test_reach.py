"""What a profile may say of the way to its deployment, and what it is told in place of a false finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.core.redaction import redact
from harness.deployment.given import client_for, given_target
from harness.profile.declarations import declarations
from harness.profile.loader import ProfileError, parse_profile
from harness.profile.profile import Profile
from harness.profile.target import TargetError

WEB = "http://127.0.0.1:1"
BASIC = 'basic = "{env:GATE_USER}:{env:GATE_PASSWORD}"'
IN_A_HEADER_OF_ITS_OWN = '[credentials.token]\nheader = "X-Token"\nscheme = ""\n'


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"BYPASS": "bypass-value", "GATE_USER": "keeper", "GATE_PASSWORD": "word-of-gate"}.items():
        monkeypatch.setenv(name, value)


def profile(reach: str, more: str = "") -> Profile:
    return parse_profile(f'extends = "reference"\n[reach]\n{reach}\n{more}', "mine.toml", Path())


def test_values_come_from_the_environment_and_are_masked() -> None:
    read = profile('headers = { X-Bypass = "key {env:BYPASS}" }\n' + BASIC, IN_A_HEADER_OF_ITS_OWN)
    assert read.variables() == ["BYPASS", "GATE_PASSWORD", "GATE_USER"]
    gate = client_for(given_target(read, WEB, None), 0.0, lambda _: None).gate
    assert gate.headers == (("X-Bypass", "key bypass-value"),)
    assert gate.basic == "keeper:word-of-gate"
    assert redact("bypass-value word-of-gate") == "<BYPASS> <GATE_PASSWORD>"


def test_the_profile_says_how_it_is_reached() -> None:
    lines = dict(declarations(profile('headers = { X-Bypass = "{env:BYPASS}" }')))
    assert lines["reached"] == "with the header X-Bypass, which count as no credential"


def test_a_variable_that_is_not_set_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BYPASS")
    with pytest.raises(TargetError, match="takes BYPASS from the environment: set it and run again"):
        given_target(profile('headers = { X-Bypass = "{env:BYPASS}" }'), WEB, None)


def test_a_value_that_fits_into_no_header_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYPASS", "with a line break\n")
    with pytest.raises(TargetError) as raised:
        given_target(profile('headers = { X-Bypass = "{env:BYPASS}" }'), WEB, None)
    assert str(raised.value) == (
        "reach.headers.X-Bypass is filled from the environment with what no header can hold: more than one line "
        "of ASCII characters, or spaces around it. Correct its variables."
    )


@pytest.mark.parametrize(
    ("reach", "told"),
    [
        ('headers = { Cookie = "a=b" }', "Cookie can't be given here: cookies are the users' own"),
        (
            'headers = { authorization = "Basic x" }',
            'for basic auth write `basic = "{env:',
        ),
        ('headers = { Host = "x" }', "Host belongs to each request; remove it here"),
        ('basic = "keeper:secret"', "a profile never holds itself"),
        ('basic = "{env:GATE_PASSWORD}"', "a profile never holds itself"),
        ('basic = "keeper"', "a profile never holds itself"),
        ('proxy = "socks5://proxy.example.com"', "a proxy is reached over http"),
        ('proxy = "http://me:secret@proxy.example.com"', "a profile never holds a password itself"),
    ],
)
def test_what_can_not_stand_there_is_told(reach: str, told: str) -> None:
    with pytest.raises(ProfileError) as raised:
        profile(reach)
    assert "mine.toml:3: reach." in str(raised.value)
    assert told in str(raised.value)


@pytest.mark.parametrize(
    ("template", "user", "password"),
    [
        ("http://proxy.example.com:3128", "", ""),
        ("http://{env:GATE_USER}:{env:GATE_PASSWORD}@proxy.example.com:3128", "keeper", "word-of-gate"),
        ("{env:PROXY}", "keeper", "p@ss/word"),
    ],
)
def test_a_proxy_has_its_password_from_the_environment(
    template: str, user: str, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROXY", "http://keeper:p%40ss%2Fword@proxy.example.com:3128")
    found = client_for(given_target(profile(f'proxy = "{template}"'), WEB, None), 0.0, lambda _: None).proxy
    assert found is not None
    assert (found.host, found.port, found.user, found.password) == ("proxy.example.com", 3128, user, password)


def test_a_variable_that_holds_no_proxy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROXY", "socks5://proxy.example.com")
    with pytest.raises(TargetError, match=r"reach\.proxy is no proxy's address; write it like"):
        given_target(profile('proxy = "{env:PROXY}"'), WEB, None)


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ("", "credentials.token"),
        (
            IN_A_HEADER_OF_ITS_OWN + '[operations.sign_in]\nheaders = { authorization = "App x" }\n',
            "operations.sign_in.headers",
        ),
    ],
    ids=["the token", "an operation"],
)
def test_basic_auth_and_a_token_can_not_share_a_header(more: str, place: str) -> None:
    with pytest.raises(ProfileError) as raised:
        profile(BASIC, more)
    assert str(raised.value).startswith(
        f"mine.toml:3: reach.basic and {place} both take the header Authorization, which holds one of them only. "
    )

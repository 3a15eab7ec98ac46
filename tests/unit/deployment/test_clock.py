"""How the end of a token or session is reached: minted, waited for, or out of reach."""

from __future__ import annotations

import time
from typing import Any

import jwt
import pytest

from harness.deployment.errors import EndOutOfReach
from harness.deployment.expiry import Expiry
from harness.deployment.people import Device, PersonFactory
from harness.profile.credentials import TokenSession
from harness.profile.loader import load_profile
from harness.profile.target import Target
from tests.support.fake_client import API, WEB

PROFILE = load_profile("reference")
SECRET = "the-shared-secret-of-the-deployment-0001"
NOW = 1_800_000_000.0


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that would have been waited; time stands still."""
    noted: list[float] = []
    monkeypatch.setattr(time, "time", lambda: NOW)
    monkeypatch.setattr(time, "sleep", noted.append)
    return noted


@pytest.fixture
def device() -> Device:
    return PersonFactory(PROFILE.people, 1).person("Ann").device("first device")


def clock(max_wait: float, secret: str | None = None, **changes: Any) -> Expiry:
    return Expiry(Target(PROFILE.model_copy(update=changes), WEB, API, secret), max_wait)


def token(lives: float | None = 900, algorithm: str = "HS256") -> str:
    claims = {"sub": "ann", "iat": NOW} | ({"exp": NOW + lives} if lives is not None else {})
    if algorithm == "HS256":
        return jwt.encode(claims, SECRET, algorithm)
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return jwt.encode(claims, Ed25519PrivateKey.generate(), algorithm)


# --- a token ---


def test_with_the_secret_an_expired_token_is_made_and_nothing_waited_for(waits: list[float]) -> None:
    expired, how = clock(0.0, SECRET).expired_token(token())
    claims = jwt.decode(expired, SECRET, ["HS256"], options={"verify_exp": False, "verify_iat": False})
    assert claims == {"sub": "ann", "iat": NOW - 7200, "exp": NOW - 3600}
    assert how.startswith("mint: ")
    assert waits == []


@pytest.mark.parametrize(
    ("secret", "algorithm"), [(None, "HS256"), (SECRET, "EdDSA")], ids=["no secret", "a key pair"]
)
def test_without_a_key_the_end_is_waited_for_with_leeway_and_margin(
    waits: list[float], secret: str | None, algorithm: str
) -> None:
    leeway = PROFILE.jwt.model_copy(update={"leeway": 10})
    issued = token(8, algorithm)
    assert clock(20.0, secret, jwt=leeway).expired_token(issued) == (issued, "short-lived: waited for its own end")
    assert waits == [8 + 10 + 2]


@pytest.mark.parametrize(("lives", "told"), [(900, "the token lives 902 s more"), (None, "the token never ends")])
def test_an_end_beyond_the_longest_wait_is_out_of_reach(
    waits: list[float], lives: float | None, told: str
) -> None:
    with pytest.raises(EndOutOfReach, match=told) as far:
        clock(60.0).expired_token(token(lives))
    assert "give the shared secret in AUTH_CONFORMANCE_JWT_SECRET" in far.value.remedy
    assert waits == []


def test_the_remedy_fits_the_signature() -> None:
    unnamed = PROFILE.jwt.model_copy(update={"secret_env": None})
    for issued, jwt_section, remedy in (
        (
            token(),
            unnamed,
            "To test it, name the variable of the shared secret in jwt.secret_env and set it, or run",
        ),
        (
            token(algorithm="EdDSA"),
            PROFILE.jwt,
            "To test it, run against a deployment with lifetimes of a few seconds.",
        ),
    ):
        with pytest.raises(EndOutOfReach) as far:
            clock(60.0, jwt=jwt_section).expired_token(issued)
        assert far.value.remedy.startswith(remedy)


# --- a session ---


def test_a_session_s_end_is_known_by_its_cookie(waits: list[float], device: Device) -> None:
    device.jar.store(["auth.session_token=x; Path=/; Max-Age=6"], WEB)
    assert clock(60.0).end_sessions(device) == (NOW + 6, "short-lived: waited for its own end")
    assert waits == [6 + 2]


def test_a_session_that_nothing_tells_the_end_of_is_out_of_reach(device: Device) -> None:
    device.jar.store(["auth.session_token=x; Path=/"], WEB)
    with pytest.raises(EndOutOfReach, match=r'ends: its cookie "auth\.session_token" has') as endless:
        clock(60.0).end_sessions(device)
    assert endless.value.remedy == (
        "Give the session database's URL in the variable that age_session.database_env names, or say in "
        "credentials.session.lifetime how long a session lives."
    )


def test_of_an_opaque_session_token_the_profile_says_how_long_it_lives(device: Device) -> None:
    credentials = PROFILE.credentials.model_copy(update={"session": TokenSession(kind="token")})
    with pytest.raises(EndOutOfReach, match=r"^nothing tells when the session ends\.") as endless:
        clock(60.0, credentials=credentials).end_sessions(device)
    assert "credentials.token.lifetime" in endless.value.remedy


def test_a_session_that_lives_too_long_is_out_of_reach(device: Device) -> None:
    device.jar.store(["auth.session_token=x; Path=/; Max-Age=604800"], WEB)
    with pytest.raises(EndOutOfReach, match="longer than the 60 s that --max-wait allows"):
        clock(60.0).end_sessions(device)

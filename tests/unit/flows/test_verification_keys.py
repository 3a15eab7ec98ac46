"""Published keys are public, strong, and those that sign."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from jwt.algorithms import OKPAlgorithm, RSAAlgorithm

from harness.core.errors import Absent
from harness.core.findings import Unmet
from harness.deployment.errors import Missing
from harness.flows.verification_keys import must_be_public, must_be_sound, must_verify, read_keys
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import Answer
from tests.support.scenario import TOKEN, said

KEYS = "GET /api/auth/jwks"
PAIR = ed25519.Ed25519PrivateKey.generate()
PUBLIC: dict[str, Any] = OKPAlgorithm.to_jwk(PAIR.public_key(), as_dict=True) | {"kid": "one", "alg": "EdDSA"}
OTHER: dict[str, Any] = PUBLIC | OKPAlgorithm.to_jwk(
    ed25519.Ed25519PrivateKey.generate().public_key(), as_dict=True
)


def rsa_key(bits: int) -> dict[str, Any]:
    key: dict[str, Any] = RSAAlgorithm.to_jwk(
        rsa.generate_private_key(public_exponent=65537, key_size=bits).public_key(), as_dict=True
    )
    return key


def published(world: World, backend: FakeBackend, *keys: Any, kid: str | None = "one") -> World:
    """Ann's token is signed by the key pair, and these keys are published."""
    token = jwt.encode({"sub": "ann"}, PAIR, "EdDSA", {"kid": kid} if kid else None)
    world.device("Ann", "first device").access_token = None
    backend.routes[TOKEN] = said(Answer(200, {"token": token}))
    backend.routes[KEYS] = said(Answer(200, {"keys": list(keys)}))
    read_keys(world, "Ann")
    return world


def test_a_public_key_that_signs_is_right(world: World, backend: FakeBackend) -> None:
    published(world, backend, PUBLIC, {"kty": "unknown to us"}, "not an object")
    must_be_public(world)
    must_be_sound(world)
    must_verify(world, "Ann")


@pytest.mark.parametrize("member", ["d", "p", "q", "dp", "dq", "qi", "oth", "k"])
def test_a_private_member_is_named_and_not_shown(world: World, backend: FakeBackend, member: str) -> None:
    published(world, backend, PUBLIC | {member: "c2VjcmV0"})
    with pytest.raises(Unmet, match=f'the key "one" has "{member}", so whoever reads it') as found:
        must_be_public(world)
    assert "c2VjcmV0" not in str(found.value)


def test_a_symmetric_key_is_none_to_publish(world: World, backend: FakeBackend) -> None:
    published(world, backend, {"kty": "oct"})
    with pytest.raises(Unmet, match='a key without an id has the type "oct"'):
        must_be_public(world)


def test_a_short_key_is_weak(world: World, backend: FakeBackend) -> None:
    published(world, backend, PUBLIC, rsa_key(1024) | {"kid": "old"})
    with pytest.raises(Unmet, match='the key "old" has 1024 bits'):
        must_be_sound(world)


def test_a_small_exponent_is_weak(world: World, backend: FakeBackend) -> None:
    published(world, backend, PUBLIC, rsa_key(2048) | {"kid": "odd", "e": "AQ"})
    with pytest.raises(Unmet, match='the key "odd" has the exponent 1'):
        must_be_sound(world)


def test_two_keys_of_one_id_are_confused(world: World, backend: FakeBackend) -> None:
    published(world, backend, PUBLIC, OTHER)
    with pytest.raises(Unmet, match='several keys have the id "one" and the algorithm "EdDSA"'):
        must_be_sound(world)


def test_one_id_for_two_algorithms_and_keys_without_one_are_told_apart(world: World, backend: FakeBackend) -> None:
    nameless = [{name: value for name, value in key.items() if name != "kid"} for key in (PUBLIC, OTHER)]
    published(world, backend, PUBLIC, rsa_key(2048) | {"kid": "one", "alg": "RS256"}, *nameless)
    must_be_sound(world)


def test_a_token_that_names_no_key_is_verified_by_any(world: World, backend: FakeBackend) -> None:
    published(world, backend, OTHER | {"kid": "two"}, PUBLIC, kid=None)
    must_verify(world, "Ann")


@pytest.mark.parametrize(
    ("key", "came"),
    [
        (PUBLIC | {"kid": "two"}, 'the token names the key "one"; published are two'),
        (OTHER, 'the key "one" does not, under EdDSA'),
        ({"kty": "OKP", "kid": "one"}, 'the key "one" does not, under EdDSA'),
    ],
)
def test_a_key_that_verifies_nothing_is_named(
    world: World, backend: FakeBackend, key: dict[str, Any], came: str
) -> None:
    published(world, backend, key)
    with pytest.raises(Unmet, match=f"a published key verifies Ann's token; .*{came}"):
        must_verify(world, "Ann")


@pytest.mark.parametrize("keys", [[], "none", {}, [1]])
def test_a_set_without_a_key_is_asked_about(world: World, backend: FakeBackend, keys: object) -> None:
    published(world, backend, PUBLIC)
    backend.routes[KEYS] = said(Answer(200, {"keys": keys}))
    with pytest.raises(Missing, match="the published keys hold no key at /keys"):
        read_keys(world, "Ann")


def test_a_shared_secret_needs_no_published_key(world: World) -> None:
    with pytest.raises(Absent, match="signs with HS256 and publishes no key"):
        read_keys(world, "Ann")


def test_a_shared_secret_beside_published_keys_is_verified_by_none(world: World, backend: FakeBackend) -> None:
    backend.routes[KEYS] = said(Answer(200, {"keys": [PUBLIC]}))
    read_keys(world, "Ann")
    must_be_public(world)
    with pytest.raises(Absent, match="whose key is never published"):
        must_verify(world, "Ann")

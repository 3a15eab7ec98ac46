"""Keys that are published for verifiers, and should not be, or not so."""

import functools
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm, RSAAlgorithm

from reference_backend import auth
from reference_backend.identity import UseServices
from tests.detection.registry import EDDSA, fault
from tests.detection.routes import serve

Keys = list[dict[str, Any]]


def publish(change: Callable[[UseServices, Keys], Keys]) -> None:
    """Publish what ``change`` makes of the right keys."""
    original = auth.jwks

    def jwks(services: UseServices) -> dict[str, Any]:
        return {"keys": change(services, [dict(key) for key in original(services)["keys"]])}

    serve(auth.router, "jwks", jwks)


private = functools.partial(
    fault, defect="tv-jwks-leaks-private-material", caught_by="token-keys-are-public", settings=EDDSA
)


@private(says='published keys are public keys alone; .*has "d", so whoever reads it can sign')
def the_key_pair_is_published() -> None:
    """The stored key is printed whole."""
    publish(lambda services, _: [own_pair(services)])


def own_pair(services: UseServices) -> dict[str, Any]:
    """The signing key as a JWK, private part and all."""
    pair: dict[str, Any] = OKPAlgorithm.to_jwk(services.signer.private, as_dict=True)
    return pair | {"kid": services.signer.kid, "alg": "EdDSA"}


@private(says='published keys are public keys alone; .*has "k", so whoever reads it can sign')
def a_shared_secret_is_among_the_keys() -> None:
    """The key of the internal tokens stands in the same table."""
    publish(lambda _, keys: [*keys, {"kty": "oct", "kid": "internal", "alg": "HS256", "k": "c2VjcmV0"}])


weak = functools.partial(
    fault, defect="tv-jwks-weak-or-bad-key", caught_by="token-keys-are-sound", level="should", settings=EDDSA
)


def rsa_key(bits: int, kid: str) -> dict[str, Any]:
    """A public RSA key of that size."""
    public = rsa.generate_private_key(public_exponent=65537, key_size=bits).public_key()
    return RSAAlgorithm.to_jwk(public, as_dict=True) | {"kid": kid, "alg": "RS256"}


@weak(says="no published key is weak; .*has 1024 bits")
def an_old_short_key_is_still_published() -> None:
    """An RSA key of 1024 bits from years ago is still in the set."""
    old = rsa_key(1024, "old")
    publish(lambda _, keys: [*keys, old])


@weak(says="a key id of its own; .*several keys have the id")
def two_keys_have_one_id() -> None:
    """Each restart adds a key under the name of the service."""
    keys_of_restarts = [rsa_key(2048, "service"), rsa_key(2048, "service")]
    publish(lambda _, keys: [*keys, *keys_of_restarts])


verifying = functools.partial(
    fault,
    defect="tv-issued-token-does-not-verify",
    caught_by="token-verifies-with-a-published-key",
    settings=EDDSA,
)


@verifying(says="a published key verifies Ann's token; .*the token names the key")
def the_key_is_published_under_another_id() -> None:
    """The set names its keys by their thumbprint, the tokens by the row in the database."""
    publish(lambda _, keys: [key | {"kid": "thumbprint"} for key in keys])


@verifying(says="a published key verifies Ann's token; .*does not, under EdDSA")
def another_key_is_published() -> None:
    """After a restart the set is from the cache, and the key is new."""
    stale: dict[str, Any] = OKPAlgorithm.to_jwk(Ed25519PrivateKey.generate().public_key(), as_dict=True)
    publish(lambda _, keys: [key | {"x": stale["x"]} for key in keys])

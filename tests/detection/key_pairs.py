"""The reference backend with another key pair than its own: RSA or ECDSA, published as a JWK."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from reference_backend import tokens
from reference_backend.tokens import Signer
from tests.detection.seams import wrap


def sign_with(algorithm: str, kid: str = "issuer-1") -> None:
    """Sign and verify with a new key pair for RS256 or ES256/384/512; the settings have to be ``EDDSA``."""

    def signer(original: Any, *arguments: Any) -> Signer:
        usual: Signer = original(*arguments)
        assert usual.kid is not None, "settings=EDDSA, or the suite is given a shared secret"
        private, public_jwk = new_pair(algorithm)
        jwk = public_jwk | {"kid": kid, "alg": algorithm, "use": "sig"}
        return Signer(algorithm, private, private.public_key(), kid, jwk)

    wrap(tokens, "signer", signer)


def new_pair(algorithm: str) -> tuple[Any, dict[str, Any]]:
    """A private key, and the public one as a JWK."""
    if algorithm == "RS256":
        for_rsa = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return for_rsa, RSAAlgorithm.to_jwk(for_rsa.public_key(), as_dict=True)
    curve = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}[algorithm]
    for_ec = ec.generate_private_key(curve)
    return for_ec, ECAlgorithm.to_jwk(for_ec.public_key(), as_dict=True)

"""A signature of zeros is as long as the curve wants it, under each key that ECDSA may be verified with."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from harness.core.errors import Absent
from harness.core.provenance import known
from harness.evidence.repro.forger import forge
from harness.evidence.repro.forgeries import key_of
from harness.tokens.jws import Forged, Jwt, Written, decode_segment
from harness.tokens.psychic import orders, zeros

pytestmark = pytest.mark.usefixtures("nothing_known")

CURVES = {"ES256": (ec.SECP256R1(), 32), "ES384": (ec.SECP384R1(), 48), "ES512": (ec.SECP521R1(), 66)}


def token(algorithm: str, **header: object) -> Jwt:
    return Jwt.parse(Jwt({"alg": algorithm, **header}, {"sub": "ann"}, "c2ln").text)


def published(algorithm: str, **members: object) -> dict[str, Any]:
    public = ec.generate_private_key(CURVES[algorithm][0]).public_key()
    return ECAlgorithm.to_jwk(public, as_dict=True) | members


@pytest.mark.parametrize("algorithm", CURVES)
def test_r_and_s_are_as_long_as_the_curve(algorithm: str) -> None:
    curve, size = CURVES[algorithm]
    for make, number in ((zeros, 0), (orders, curve.group_order)):
        (forged,) = make(token(algorithm, kid="k"), [])
        taken = Jwt.parse(forged)
        assert decode_segment(taken.signature) == number.to_bytes(size) * 2
        assert (taken.header, taken.claims) == ({"alg": algorithm, "kid": "k"}, {"sub": "ann"})


def test_a_published_key_is_enough() -> None:
    keys = [{"kty": "RSA", "kid": "r"}, published("ES384", kid="e"), published("ES256", use="enc"), {"kty": "EC"}]
    (forged,) = zeros(token("EdDSA", kid="own"), keys)
    assert Jwt.parse(forged).header == {"alg": "ES384", "kid": "e"}


def test_one_token_for_one_key() -> None:
    assert len(zeros(token("ES256", kid="k"), [published("ES256", kid="k")])) == 1
    assert len(zeros(token("ES256", kid="k"), [published("ES256", kid="other")])) == 2


@pytest.mark.parametrize("algorithm", ["HS256", "RS256", "EdDSA"])
def test_without_ecdsa_there_is_none(algorithm: str) -> None:
    with pytest.raises(Absent, match=f"signs with {algorithm} and publishes no key for ECDSA"):
        zeros(token(algorithm), [{"kty": "OKP", "crv": "Ed25519"}])


def test_a_script_writes_the_same_signature() -> None:
    (forged,) = orders(token("ES256"), [])
    found = known(forged)
    assert found is not None
    assert isinstance(found.provenance, Forged)
    key = found.provenance.key
    assert isinstance(key, Written)
    assert forge(token("ES256").text, {}, key_of(key)) == forged

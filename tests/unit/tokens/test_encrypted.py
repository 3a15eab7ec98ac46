"""What is encrypted to a published key is decrypted with the private one, by the rules of RFC 7516 and 7518."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from harness.core.errors import Absent
from harness.core.provenance import Unrepeatable, known
from harness.core.redaction import redact
from harness.tokens.encrypted import derived, to_public_key
from harness.tokens.jws import Jwt, decode_segment

pytestmark = pytest.mark.usefixtures("nothing_known")

TOKEN = Jwt.parse(Jwt({"alg": "RS256"}, {"sub": "ann", "n": 1}, "c2ln").text)
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
LONG_EC = ec.generate_private_key(ec.SECP384R1())
RSA_JWK = RSAAlgorithm.to_jwk(RSA.public_key(), as_dict=True) | {"kid": "r", "alg": "RS256", "use": "sig"}
EC_JWK = ECAlgorithm.to_jwk(EC.public_key(), as_dict=True) | {"kid": "e"}


def header_of(forged: str) -> dict[str, Any]:
    header: dict[str, Any] = json.loads(decode_segment(forged.partition(".")[0]))
    return header


def opened(forged: str, key: bytes) -> object:
    head, _, nonce, sealed, tag = forged.split(".")
    plain = AESGCM(key).decrypt(decode_segment(nonce), decode_segment(sealed) + decode_segment(tag), head.encode())
    return json.loads(plain)


def agreed(forged: str, private: ec.EllipticCurvePrivateKey) -> bytes:
    epk = ECAlgorithm.from_jwk(header_of(forged)["epk"])
    assert isinstance(epk, ec.EllipticCurvePublicKey)
    return derived(private.exchange(ec.ECDH(), epk))


def test_the_key_of_an_agreement_is_that_of_the_standard() -> None:
    """RFC 7518, appendix C."""
    shared = bytes.fromhex("9e56d91d817135d372834283bf84269cfb316ea3da806a48f6daa7798cfe90c4")
    assert derived(shared, "A128GCM", 128, b"Alice", b"Bob") == decode_segment("VqqN6vgjbSBcIijNcacQGg")


def test_a_key_for_rsa_transports_one() -> None:
    forged = to_public_key(TOKEN, [RSA_JWK])
    assert [header_of(one)["alg"] for one in forged] == ["RSA-OAEP-256", "RSA-OAEP"]
    for one, hashing in zip(forged, (hashes.SHA256(), hashes.SHA1()), strict=True):
        assert header_of(one) | {"alg": ""} == {"alg": "", "enc": "A256GCM", "kid": "r", "typ": "JWT"}
        oaep = padding.OAEP(padding.MGF1(hashing), hashing, None)
        assert opened(one, RSA.decrypt(decode_segment(one.split(".")[1]), oaep)) == TOKEN.claims


def test_a_key_on_a_curve_agrees_on_one_and_is_one() -> None:
    by_agreement, direct = to_public_key(TOKEN, [EC_JWK])
    assert (header_of(by_agreement)["alg"], header_of(direct)["alg"]) == ("ECDH-ES", "dir")
    assert opened(by_agreement, agreed(by_agreement, EC)) == TOKEN.claims
    assert opened(direct, decode_segment(EC_JWK["x"])) == TOKEN.claims
    assert by_agreement.split(".")[1] == direct.split(".")[1] == ""


def test_a_longer_key_is_no_shared_one() -> None:
    (one,) = to_public_key(TOKEN, [ECAlgorithm.to_jwk(LONG_EC.public_key(), as_dict=True)])
    assert opened(one, agreed(one, LONG_EC)) == TOKEN.claims
    assert "kid" not in header_of(one)


def test_every_published_key_is_tried() -> None:
    edwards = OKPAlgorithm.to_jwk(ed25519.Ed25519PrivateKey.generate().public_key(), as_dict=True)
    keys = [edwards, EC_JWK, {"kty": "RSA", "n": 1}, {"kty": "zz"}, {}, RSA_JWK]
    assert len(to_public_key(TOKEN, keys)) == 4
    for none in ([edwards], [{"kty": "oct", "k": "c2VjcmV0"}]):
        with pytest.raises(Absent, match=r"No published key can encrypt a token: .*(Ed25519|oct)"):
            to_public_key(TOKEN, none)
    with pytest.raises(Absent, match="publishes no key"):
        to_public_key(TOKEN, [])


def test_a_key_pair_that_is_published_is_used_as_it_is() -> None:
    assert len(to_public_key(TOKEN, [RSAAlgorithm.to_jwk(RSA, as_dict=True)])) == 2


def test_it_is_a_secret_that_no_script_makes() -> None:
    (one, _) = to_public_key(TOKEN, [EC_JWK])
    found = known(one)
    assert found is not None
    assert isinstance(found.provenance, Unrepeatable)
    assert one not in redact(f"Bearer {one}")

"""Tokens under what only looks like the issuer's key: signatures that fit every key, and encryption."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from jwt.algorithms import ECAlgorithm

from reference_backend import tokens
from reference_backend.tokens import Claims, InvalidTokenError, Signer
from tests.detection.gullible import believe, header_of, segment
from tests.detection.key_pairs import sign_with
from tests.detection.registry import EDDSA, fault
from tests.detection.seams import wrap

PSYCHIC = "token-psychic-signature-is-refused"
ENCRYPTED = "token-encrypted-to-public-key-is-refused"
PRIVATE = ".*private text"

# --- signatures that fit every key ---

psychic = functools.partial(fault, defect="tv-ecdsa-zero-signature", caught_by=PSYCHIC, settings=EDDSA)


def numbers_of(token: str) -> tuple[int, int]:
    """r and s of a token's signature; 1 and 1 where it is none."""
    try:
        signature = segment(token, 2)
    except (ValueError, IndexError):
        return 1, 1
    half = len(signature) // 2
    return int.from_bytes(signature[:half]), int.from_bytes(signature[half:])


def believe_signatures(of: Callable[[int, int], bool]) -> None:
    """Take a token's claims as they stand under ECDSA where ``of(r, s)`` says so."""
    believe(lambda token: str(header_of(token).get("alg")).startswith("ES") and of(*numbers_of(token)))


@psychic(says="with an ECDSA signature of zeros is refused; " + PRIVATE)
def a_signature_of_zeros_fits_every_key() -> None:
    """The library does not look whether r and s are within their range (CVE-2022-21449)."""
    sign_with("ES256")
    believe_signatures(lambda r, s: r == s == 0)


@psychic(says="with an ECDSA signature of zeros is refused; " + PRIVATE)
def a_signature_of_zeros_fits_every_key_on_a_longer_curve() -> None:
    """The same where ES512 signs, with 66 bytes for each number."""
    sign_with("ES512")
    believe_signatures(lambda r, s: r == s == 0)


@psychic(says="with an ECDSA signature of the curve's order is refused; " + PRIVATE)
def a_signature_is_reduced_before_it_is_looked_at() -> None:
    """Zeros are refused, and r and s are then reduced modulo the order, which makes zeros of the order."""
    sign_with("ES256")
    order = ec.SECP256R1().group_order
    believe_signatures(lambda r, s: r % order == s % order == 0 and r > 0)


# --- encrypted in place of signed ---

encrypted = functools.partial(
    fault,
    defect="tv-jwe-encrypted-to-public-key-accepted",
    caught_by=ENCRYPTED,
    says="encrypted with the published public key is refused; " + PRIVATE,
    settings=EDDSA,
)


def decrypt(content_key: Callable[[Signer, dict[str, Any], bytes], bytes | None]) -> None:
    """Believe what can be decrypted with the key that ``content_key`` finds for a header."""

    def verify(verify: Callable[..., Claims], signer: Signer, settings: object, token: str) -> Claims:
        header = header_of(token)
        if token.count(".") != 4 or "enc" not in header:
            return verify(signer, settings, token)
        try:
            key = content_key(signer, header, segment(token, 1))
            if key is None:
                raise InvalidTokenError
            sealed, head = segment(token, 3) + segment(token, 4), token.partition(".")[0].encode()
            claims = json.loads(AESGCM(key).decrypt(segment(token, 2), sealed, head))
            return Claims(claims["sub"], claims["sid"])
        except (ValueError, KeyError, TypeError, InvalidTag):
            raise InvalidTokenError from None

    wrap(tokens, "verify", verify)


def transported(
    name: str, hashing: hashes.HashAlgorithm
) -> Callable[[Signer, dict[str, Any], bytes], bytes | None]:
    """The key that is encrypted with RSA."""
    oaep = padding.OAEP(padding.MGF1(hashing), hashing, None)
    return lambda signer, header, key: signer.private.decrypt(key, oaep) if header["alg"] == name else None


@encrypted()
def what_the_private_key_decrypts_is_believed() -> None:
    """The library takes both kinds of token, and the key pair for either."""
    sign_with("RS256")
    decrypt(transported("RSA-OAEP-256", hashes.SHA256()))


@encrypted()
def what_the_private_key_decrypts_by_the_usual_padding_is_believed() -> None:
    """The same for RSA-OAEP, which more libraries know."""
    sign_with("RS256")
    decrypt(transported("RSA-OAEP", hashes.SHA1()))


@encrypted()
def what_a_key_agreement_decrypts_is_believed() -> None:
    """The same for ECDH-ES."""
    sign_with("ES256")

    def agreed(signer: Signer, header: dict[str, Any], _: bytes) -> bytes | None:
        if header["alg"] != "ECDH-ES":
            return None
        shared = signer.private.exchange(ec.ECDH(), ECAlgorithm.from_jwk(header["epk"]))
        other = b"\0\0\0\x07A256GCM" + b"\0" * 8 + (256).to_bytes(4)
        return ConcatKDFHash(hashes.SHA256(), 32, other).derive(shared)

    decrypt(agreed)


@encrypted()
def the_public_key_is_taken_for_a_shared_one() -> None:
    """`alg: dir` is decrypted with the bytes of the verifier's key, and that is the public one."""
    sign_with("ES256")
    decrypt(
        lambda signer, header, _: signer.public.public_numbers().x.to_bytes(32) if header["alg"] == "dir" else None
    )

"""Tokens under a key that the token itself brings or names, or under less than a whole signature."""

import base64
import functools
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
from cryptography.x509 import load_der_x509_certificate

from reference_backend import tokens
from reference_backend.tokens import Claims, InvalidTokenError, Signer
from tests.detection.gullible import (
    accept_signature,
    also_keyed,
    believe,
    header_of,
    remember_signatures,
    unverified,
)
from tests.detection.registry import EDDSA, fault
from tests.detection.seams import wrap

PRIVATE = ".*private text"

# --- less than a signature ---

prefix = functools.partial(
    fault, defect="tv-signature-prefix-compare", caught_by="token-signature-is-compared-whole"
)


@prefix(says="with the first 4 characters of its signature is refused; " + PRIVATE)
def signatures_are_compared_as_far_as_the_given_one_goes() -> None:
    """`right.startswith(given)`, where the given one is not empty."""
    accept_signature(lambda given, right: bool(given) and right.startswith(given))


@prefix(says="with the first 20 characters of its signature is refused; " + PRIVATE)
def half_of_the_signature_will_do() -> None:
    """The signature is cut to 16 characters before it is compared, as where it is stored in a short column."""
    accept_signature(lambda given, right: len(given) >= 16 and given[:16] == right[:16] and len(given) < 40)


@prefix(says="with the first 40 characters of its signature is refused; " + PRIVATE)
def the_end_of_the_signature_is_not_compared() -> None:
    """The last characters are dropped, as padding is."""
    accept_signature(lambda given, right: given == right[:40])


under_a_signature = functools.partial(
    fault, defect="tv-alg-none-with-signature", caught_by="token-algorithm-none-signed-is-refused"
)


@under_a_signature(says='with the algorithm "none" over a damaged signature is refused; ' + PRIVATE)
def the_algorithm_none_is_refused_for_want_of_a_signature_alone() -> None:
    """`if not signature: refuse`, and then the header's algorithm is obeyed."""
    believe(
        lambda token: header_of(token).get("alg") == "none" and not token.endswith(".") and token.count(".") == 2
    )


@under_a_signature(says='with the algorithm "none" over its old signature is refused; ' + PRIVATE)
def a_signature_seen_before_is_good_under_none() -> None:
    """A cache of good signatures is asked first, and then the algorithm obeyed."""
    remember_signatures(lambda token: header_of(token).get("alg") == "none")


# --- a key that everybody knows ---


@fault(
    defect="tv-empty-key-accepted",
    caught_by="token-empty-key-is-refused",
    says="signed with an empty key is refused; " + PRIVATE,
)
def an_unset_key_is_an_empty_one() -> None:
    """`os.environ.get("OLD_JWT_SECRET", "")` is a second key, from before the last change."""
    also_keyed(lambda _: [b""])


@fault(
    defect="tv-empty-key-accepted",
    caught_by="token-empty-key-is-refused",
    says="signed with an empty key is refused; " + PRIVATE,
    settings=EDDSA,
)
def hs256_is_verified_beside_the_key_pair_with_an_empty_key() -> None:
    """HS256 is still allowed, though its secret is no longer set."""
    also_keyed(lambda header: [b""] if header.get("alg") == "HS256" else [])


def read(kid: object) -> list[bytes]:
    """The content of the file that a key id leads to."""
    try:
        return [Path("/etc", str(kid).replace("\\", "/")).read_bytes()]
    except (OSError, ValueError):
        return []


@fault(
    defect="tv-kid-path-traversal",
    caught_by="token-key-id-leads-to-no-file",
    says="with the path of an empty file as its key id is refused; " + PRIVATE,
)
def a_key_id_is_a_file_name() -> None:
    """`open(KEYS / kid)`."""
    also_keyed(lambda header: read(header["kid"]) if "kid" in header else [])


@fault(
    defect="tv-kid-path-traversal",
    caught_by="token-key-id-leads-to-no-file",
    says="with the path of an empty file as its key id is refused; " + PRIVATE,
)
def a_key_id_is_a_relative_file_name() -> None:
    """Absolute paths are refused, steps upwards are not."""
    also_keyed(lambda header: [] if str(header.get("kid", "/")).startswith("/") else read(header["kid"]))


def queried(kid: object) -> list[bytes]:
    """The secret that a query with the key id in its text yields."""
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE TABLE keys (kid TEXT, secret TEXT)")
        try:
            rows = database.execute(f"SELECT secret FROM keys WHERE kid = '{kid}'")
            return [str(secret).encode() for (secret,) in rows]
        except sqlite3.Error:
            return []


@fault(
    defect="tv-kid-sql-injection",
    caught_by="token-key-id-is-no-query",
    says="with a query for a key as its key id is refused; " + PRIVATE,
)
def a_key_id_is_pasted_into_a_query() -> None:
    """Keys are in a table, and the key id in the text of the query."""
    also_keyed(lambda header: queried(header["kid"]) if "kid" in header else [])


@fault(
    defect="tv-kid-sql-injection",
    caught_by="token-key-id-is-no-query",
    says="with a query for a key as its key id is refused; " + PRIVATE,
)
def comments_are_taken_out_of_a_key_id_and_nothing_else() -> None:
    """A filter refuses comments, since every example of an injection has one."""
    also_keyed(lambda header: queried(header["kid"]) if "kid" in header and "--" not in header["kid"] else [])


# --- a key that the token brings ---

brought = functools.partial(fault, caught_by="token-brings-no-key-of-its-own")


def trust(find: Callable[[dict[str, Any]], object]) -> None:
    """Verify a token with the key that its own header leads to, where it leads to one."""

    def verify(verify: Callable[..., Claims], signer: Signer, settings: object, token: str) -> Claims:
        header = header_of(token)
        try:
            key = find(header)
            if key is None:
                return verify(signer, settings, token)
            jwt.PyJWS().decode(token, key, [str(header["alg"])])  # type: ignore[arg-type]
        except jwt.PyJWTError:
            raise InvalidTokenError from None
        return unverified(token)

    wrap(tokens, "verify", verify)


def own_key(header: dict[str, Any], kind: str = "") -> object:
    """The key in a header's ``jwk``, if it is of that kind."""
    key = header.get("jwk")
    return jwt.PyJWK.from_dict(key, header["alg"]) if key and kind in ("", key["kty"]) else None


def named_by(kind: str) -> str:
    """What a finding says of a key pair of that kind, or of a secret."""
    return f"signed with a {kind} that its own header names is refused; {PRIVATE}"


@brought(defect="tv-embedded-jwk-trusted", says=named_by("key pair"))
def the_key_in_the_header_verifies() -> None:
    """A library takes `jwk` from the header where there is one."""
    trust(own_key)


@brought(defect="tv-embedded-jwk-trusted", says=named_by("key pair"))
def an_rsa_key_in_the_header_verifies() -> None:
    """The same for RSA alone."""
    trust(lambda header: own_key(header, "RSA"))


@brought(defect="tv-embedded-jwk-trusted", says=named_by("key pair"))
def an_elliptic_key_in_the_header_verifies() -> None:
    """The same for ECDSA alone."""
    trust(lambda header: own_key(header, "EC"))


@brought(defect="tv-embedded-jwk-trusted", says=named_by("key pair"), settings=EDDSA)
def an_edwards_key_in_the_header_verifies() -> None:
    """The same for EdDSA alone, which the deployment uses."""
    trust(lambda header: own_key(header, "OKP"))


@brought(defect="tv-embedded-jwk-trusted", says=named_by("secret"))
def a_secret_in_the_header_verifies() -> None:
    """The same for symmetric keys alone."""
    trust(lambda header: own_key(header, "oct"))


@brought(
    defect="tv-x5c-trusted",
    says=f"signed with a certificate that its own header brings is refused; {PRIVATE}",
)
def a_certificate_in_the_header_verifies() -> None:
    """The first certificate of `x5c` is used; nobody asks who signed it."""

    def find(header: dict[str, Any]) -> object:
        chain = header.get("x5c")
        return load_der_x509_certificate(base64.b64decode(chain[0])).public_key() if chain else None

    trust(find)


# --- no published key ---


@fault(
    defect="tv-unknown-kid-fallback",
    caught_by="token-of-no-published-key-is-refused",
    says="without a key id and with another key is refused; " + PRIVATE,
    settings=EDDSA,
)
def without_a_key_id_nothing_is_verified() -> None:
    """No key id, so no key, so nothing to verify with."""
    believe(lambda token: bool(header_of(token)) and "kid" not in header_of(token))


@fault(
    defect="tv-unknown-kid-fallback",
    caught_by=("token-of-no-published-key-is-refused", "token-verifier-fails-closed"),
    says="with an unknown key id and another key is refused; " + PRIVATE,
    settings=EDDSA,
)
def an_unpublished_key_id_is_another_service_s() -> None:
    """A key id that is not published is taken for another service's, whose tokens are believed."""
    believe(lambda token: len(str(header_of(token).get("kid", ""))) < 20 and "kid" in header_of(token))


# --- more or other than three segments ---


@fault(
    defect="tv-extra-segments-accepted",
    caught_by="token-has-three-segments",
    says="with further segments is refused; " + PRIVATE,
)
def what_follows_the_signature_is_dropped() -> None:
    """`header, payload, signature, *_ = token.split(".")`."""
    wrap(
        tokens,
        "verify",
        lambda verify, signer, settings, token: verify(signer, settings, ".".join(token.split(".")[:3])),
    )


@fault(
    defect="tv-unsigned-json-serialization",
    caught_by="token-is-not-json",
    says="in JSON, with other claims is refused; " + PRIVATE,
)
def json_is_verified_and_then_split_at_its_dots() -> None:
    """The library verifies the members; the claims are then read from what stands between the dots."""

    def verify(verify: Callable[..., Claims], signer: Signer, settings: object, token: str) -> Claims:
        if not token.startswith("{"):
            return verify(signer, settings, token)
        try:
            members = json.loads(token)
            verify(signer, settings, ".".join(members[name] for name in ("protected", "payload", "signature")))
        except (ValueError, KeyError, TypeError):
            raise InvalidTokenError from None
        return unverified(token)

    wrap(tokens, "verify", verify)


@fault(
    defect="tv-unsigned-json-serialization",
    caught_by="token-is-not-json",
    says="in JSON, with other claims is refused; " + PRIVATE,
)
def json_is_read_and_not_verified() -> None:
    """JSON serialization is for the gateway, which has verified it; nobody asks whether it has."""

    def verify(verify: Callable[..., Claims], signer: Signer, settings: object, token: str) -> Claims:
        if not token.startswith("{"):
            return verify(signer, settings, token)
        try:
            return unverified(f".{json.loads(token)['payload']}.")
        except (ValueError, KeyError, TypeError):
            raise InvalidTokenError from None

    wrap(tokens, "verify", verify)

"""Keys that are used and published by right."""

from __future__ import annotations

from reference_backend.errors import ApiError
from tests.detection.faults.brought_keys import trust
from tests.detection.faults.fetched_keys import FETCHED, after, by_jku, trusted
from tests.detection.faults.token_keys import ENCRYPTED, PSYCHIC
from tests.detection.key_pairs import sign_with
from tests.detection.registry import EDDSA
from tests.detection.variant_registry import variant
from tests.detection.variants.token_claims import KEYS, NO_PUBLISHED_KEY
from tests.detection.variants.token_verification import ACCEPTED, CONFUSION, refuse

SIGNATURES = (
    "token-signature-is-verified",
    "token-signed-with-another-key-is-refused",
    "token-brings-no-key-of-its-own",
)


@variant(
    stays_green=(PSYCHIC, ENCRYPTED, CONFUSION, NO_PUBLISHED_KEY, *SIGNATURES, *KEYS, *ACCEPTED),
    never_fail_on={"tv-jwe-encrypted-to-public-key-accepted": "Any 4xx"},
    settings=EDDSA,
)
def tokens_are_signed_with_ecdsa() -> None:
    """ES256 signs, its key is published, and a bad token is answered 400."""
    sign_with("ES256")
    refuse(ApiError(400, "INVALID_REQUEST", "The token can't be used"))


@variant(
    stays_green=(ENCRYPTED, CONFUSION, NO_PUBLISHED_KEY, *SIGNATURES, *KEYS, *ACCEPTED),
    not_applicable={PSYCHIC: "signs with RS256 and publishes no key for ECDSA"},
    never_fail_on={"tv-ecdsa-zero-signature": "Skip if the issuer does not use ES"},
    settings=EDDSA,
)
def tokens_are_signed_with_rsa() -> None:
    """RS256 signs, and its key is published."""
    sign_with("RS256")


@variant(
    stays_green=ACCEPTED,
    not_applicable={ENCRYPTED: "No published key can encrypt a token", PSYCHIC: "signs with EdDSA"},
    never_fail_on={"tv-jwe-encrypted-to-public-key-accepted": "skip without a usable encryption key"},
    settings=EDDSA,
)
def the_published_key_can_t_encrypt() -> None:
    """EdDSA signs, with a key that nothing can be encrypted to."""


@variant(
    stays_green=(FETCHED, "token-brings-no-key-of-its-own", *ACCEPTED),
    never_fail_on={"tv-jku-x5u-followed": "a fetch to a URL on the profile's own allowlist is fine"},
)
def key_sets_are_fetched_from_the_issuer_alone() -> None:
    """A `jku` is followed if it is the issuer's own address, and refused otherwise."""
    origin: list[str] = []
    after(lambda _, settings: origin.append(settings.base_url))
    trust(lambda header: by_jku(header) if header.get("jku") == f"{trusted(origin)}/api/auth/jwks" else None)

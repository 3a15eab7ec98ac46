"""Keys that are fetched from where a token's own header leads."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import httpx
import jwt
from cryptography.x509 import load_pem_x509_certificate

from reference_backend import tokens
from reference_backend.tokens import Claims, InvalidTokenError, Signer
from tests.detection.faults.brought_keys import PRIVATE, trust
from tests.detection.gullible import header_of
from tests.detection.registry import EDDSA, fault
from tests.detection.seams import wrap

FETCHED = "token-key-is-fetched-from-no-header"

following = functools.partial(fault, defect="tv-jku-x5u-followed", caught_by=FETCHED)


def fetched(address: object) -> bytes:
    """What stands at an address. Raises InvalidTokenError where nothing does."""
    try:
        return httpx.get(str(address), timeout=5).raise_for_status().content
    except (httpx.HTTPError, httpx.InvalidURL):
        raise InvalidTokenError from None


def key_in(keys: bytes, header: dict[str, Any]) -> object:
    """The key of a set that a header names."""
    return next(key for key in jwt.PyJWKSet.from_json(keys.decode()).keys if key.key_id == header["kid"])


def by_jku(header: dict[str, Any]) -> object:
    """The key that `jku` leads to, if there is one."""
    return key_in(fetched(header["jku"]), header) if "jku" in header else None


@following(says="own jku, is refused; " + PRIVATE)
def a_key_set_is_fetched_from_the_header() -> None:
    """The verifier serves several issuers, and each token says where its keys are."""
    trust(by_jku)


@following(says="own jku, is refused; " + PRIVATE, settings=EDDSA)
def a_key_set_is_fetched_from_the_header_beside_a_key_pair() -> None:
    """The same where keys are published: a key id that isn't among them is looked up at `jku`."""
    trust(lambda header: by_jku(header) if header.get("alg") == "EdDSA" else None)


@following(says="signed with a key at its own x5u, is refused; " + PRIVATE)
def a_certificate_is_fetched_from_the_header() -> None:
    """The certificate at `x5u` is used; nobody asks who signed it."""
    trust(
        lambda header: load_pem_x509_certificate(fetched(header["x5u"])).public_key() if "x5u" in header else None
    )


def after(fetch: Callable[[dict[str, Any], Any], object]) -> None:
    """Verify a token after ``fetch(header, settings)``."""

    def verify(verify: Callable[..., Claims], signer: Signer, settings: Any, token: str) -> Claims:
        fetch(header_of(token), settings)
        return verify(signer, settings, token)

    wrap(tokens, "verify", verify)


@following(says="signed with a key at its own jku with the issuer's host as its user name, is refused; " + PRIVATE)
def a_key_set_s_address_has_to_begin_rightly() -> None:
    """`jku.startswith(issuer)`, and no slash at its end."""
    origin: list[str] = []
    after(lambda _, settings: origin.append(settings.base_url))
    trust(lambda header: by_jku(header) if str(header.get("jku")).startswith(trusted(origin)) else None)


def trusted(origin: list[str]) -> str:
    """The issuer's origin, once a token of its own was verified."""
    return origin[-1] if origin else "https://issuer.invalid"


@following(says="fetches no key from where a token's jku leads; but GET http://127.0.0.1:.* came from 127.0.0.1")
def a_key_set_is_fetched_and_then_compared() -> None:
    """The keys at `jku` have to be the pinned ones, which is looked at when they are there."""
    after(lambda header, _: fetched(header["jku"]) if "jku" in header else None)


@following(says="fetches no key from where a token's x5u leads; but HEAD http://127.0.0.1:.* came from 127.0.0.1")
def a_certificate_is_looked_for_first() -> None:
    """Whether there is a certificate at `x5u` is asked before the token is refused for having one."""
    after(lambda header, _: httpx.head(header["x5u"]) if "x5u" in header else None)

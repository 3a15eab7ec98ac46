"""The keys that a deployment publishes for verifiers (RFC 7517)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm

from harness.core.errors import Absent
from harness.core.findings import Unmet
from harness.core.text import listed
from harness.deployment.answer import at
from harness.deployment.errors import Missing
from harness.deployment.quotation import quoted
from harness.flows.access_token import accepted
from harness.tokens.jws import decode_segment

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.scenario.world import World
    from harness.tokens.jws import Jwt

_SECRET_MEMBERS = ("d", "p", "q", "dp", "dq", "qi", "oth", "k")
"""What only the issuer may know (RFC 7518 sections 6.2.2, 6.3.2 and 6.4)."""
_LEAST_BITS = 2048
_LEAST_EXPONENT = 3


@dataclass(frozen=True)
class PublishedKeys:
    """The keys of the set.

    Members that are objects, and the answer they stand in.
    """

    keys: list[dict[str, Any]]
    answer: Exchange


def published_keys(world: World) -> PublishedKeys:
    """The keys that anybody may read."""
    answer = world.deployment.call("jwks", "an anonymous client", {})
    keys = at(answer, "/keys")
    return PublishedKeys([key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else [], answer)


def read_keys(world: World, alias: str) -> None:
    """Read the set as anybody may.

    Raises Missing where it holds no key, Absent where the person's token needs none.
    """
    published = published_keys(world)
    if not published.keys and world.opener.is_jwt and (token := accepted(world, alias)).symmetric:
        raise Absent(f"The deployment signs with {token.algorithm} and publishes no key.")
    if not published.keys:
        raise Missing(
            f"the published keys hold no key at /keys; it was answered {quoted(published.answer)}.",
            "Check operations.jwks in the profile.",
            [published.answer],
        )
    world.remember(published)


def must_be_public(world: World) -> None:
    """Raise Unmet where a key has a private or symmetric part.

    It is named and not shown.
    """
    published = world.recall(PublishedKeys)
    for key in published.keys:
        private = [name for name in _SECRET_MEMBERS if name in key]
        if private or key.get("kty") == "oct":
            parts = listed([f'"{name}"' for name in private], "and") or 'the type "oct"'
            raise Unmet(
                "that the published keys are public keys alone",
                f"{_name(key)} has {parts}, so whoever reads it can sign as the deployment",
                [published.answer],
            )


def must_be_sound(world: World) -> None:
    """Raise Unmet where a key is weak, or confused with another."""
    published = world.recall(PublishedKeys)
    for key in published.keys:
        if weakness := _weakness(key):
            raise Unmet("that no published key is weak", f"{_name(key)} {weakness}", [published.answer])
    same = [
        pair
        for pair, times in Counter(_known_as(key) for key in published.keys if "kid" in key).items()
        if times > 1
    ]
    if same:
        raise Unmet(
            "that each published key has a key id of its own",
            f'several keys have the id "{same[0][0]}" and the algorithm "{same[0][1]}"',
            [published.answer],
        )


def must_verify(world: World, alias: str) -> None:
    """Raise Unmet unless a published key verifies the person's token."""
    token, published = accepted(world, alias), world.recall(PublishedKeys)
    if token.symmetric:
        raise Absent(f"The deployment signs with {token.algorithm}, whose key is never published.")
    expected = f"that a published key verifies {alias}'s token"
    candidates = _candidates(token, published.keys)
    if not candidates:
        kids = listed([str(key.get("kid")) for key in published.keys], "and")
        came = f'the token names the key "{token.header.get("kid")}"; published are {kids}'
        raise Unmet(expected, came, [published.answer])
    if not any(_verifies(token, key) for key in candidates):
        raise Unmet(expected, f"{_name(candidates[0])} does not, under {token.algorithm}", [published.answer])


def _candidates(token: Jwt, keys: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The key that the token names.

    All of them where it names none (RFC 7515 section 4.1.4).
    """
    kid = token.header.get("kid")
    return keys if kid is None else [key for key in keys if key.get("kid") == kid]


def _verifies(token: Jwt, key: dict[str, Any]) -> bool:
    try:
        # The signature alone: what the claims have to be is for other requirements to say.
        jwt.PyJWS().decode(token.text, jwt.PyJWK.from_dict(key, token.algorithm), [token.algorithm])
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, UnsupportedAlgorithm):
        return False
    return True


def _weakness(key: dict[str, Any]) -> str:
    """What is wrong with a key.

    Empty for a sound one, and for one of a kind that isn't known here.
    """
    if key.get("kty") != "RSA":
        return ""
    # By the numbers as they stand: cryptography refuses a key with an exponent of 1, and says not why.
    bits, exponent = _number(key.get("n")).bit_length(), _number(key.get("e"))
    if bits < _LEAST_BITS:
        return f"has {bits} bits; RSA needs {_LEAST_BITS} (RFC 7518 section 3.3)"
    return f"has the exponent {exponent}" if exponent < _LEAST_EXPONENT else ""


def _number(text: object) -> int:
    """A Base64urlUInt (RFC 7518 section 2); 0 for what is none."""
    try:
        return int.from_bytes(decode_segment(str(text)))
    except ValueError:
        return 0


def _known_as(key: dict[str, Any]) -> tuple[str, str]:
    return str(key["kid"]), str(key.get("alg", key.get("kty")))


def _name(key: dict[str, Any]) -> str:
    return f'the key "{key["kid"]}"' if "kid" in key else "a key without an id"

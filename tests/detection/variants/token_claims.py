"""Rightly signed tokens that are accepted by right, and keys that are published by right."""

from __future__ import annotations

import time
from typing import Any

from reference_backend import settings, tokens
from tests.detection.faults.verification_keys import publish
from tests.detection.gullible import believe_signed
from tests.detection.registry import EDDSA
from tests.detection.seams import replace, wrap
from tests.detection.variant_registry import variant

NO_PUBLISHED_KEY = "token-of-no-published-key-is-refused"
KEYS = ("token-keys-are-public", "token-keys-are-sound", "token-verifies-with-a-published-key")
LEEWAY = 600


@variant(
    stays_green="token-is-refused-before-its-time",
    never_fail_on={"tv-nbf-ignored": "Leeway: never use nbf closer than 10 minutes"},
)
def clocks_may_differ_by_ten_minutes() -> None:
    """A token is accepted up to ten minutes before its time."""
    believe_signed(lambda _, claims: claims.get("nbf", 0) > time.time() >= claims["nbf"] - LEEWAY)


@variant(
    stays_green="token-critical-header-is-understood",
    never_fail_on={"tv-crit-ignored": "several verifiers accept an empty list"},
)
def an_empty_list_of_critical_headers_is_none() -> None:
    """`crit: []` is accepted."""
    believe_signed(lambda header, _: header.get("crit") == [])


@variant(
    stays_green="token-end-is-a-number",
    never_fail_on={
        "ex-exp-wrong-type-accepted": "A future time as a numeric string is accepted by python-jose and PyJWT"
    },
)
def digits_in_a_text_are_a_number() -> None:
    """An end that is still to come is accepted as text, too."""

    def is_to_come(_: object, claims: dict[str, Any]) -> bool:
        end = claims.get("exp")
        return isinstance(end, str) and end.isdigit() and int(end) > time.time()

    believe_signed(is_to_come)


@variant(
    not_applicable={"token-algorithm-is-pinned": "pins no single algorithm"},
    never_fail_on={"tv-alg-not-pinned": "A deployment may legitimately list several HMAC sizes"},
    profile='[jwt]\nalgorithms = ["HS256", "HS384"]\n',
)
def two_sizes_of_hmac_are_declared() -> None:
    """HS384 is accepted as well, as the profile says."""
    believe_signed(lambda header, _: header.get("alg") == "HS384")


@variant(
    stays_green=("token-secret-is-long-enough", "token-secret-is-not-guessable"),
    never_fail_on={"tv-secret-too-short": "Human-readable secrets of 32+ characters satisfy the length rule"},
    settings={"REFERENCE_JWT_SECRET": "seven purple otters rowing over a quiet lagoon"},
)
def the_secret_is_a_sentence() -> None:
    """The signing secret is long and made of words."""
    replace(settings, "_strong", lambda secret: secret)


@variant(
    stays_green=(NO_PUBLISHED_KEY, *KEYS),
    never_fail_on={
        "tv-unknown-kid-fallback": "A correctly signed token with missing kid may be accepted (single-key set)",
        "tv-embedded-jwk-trusted": "A token that carries a jwk header but is signed with the right key",
    },
    settings=EDDSA,
)
def the_only_key_needs_no_name() -> None:
    """A token without a key id is verified by the only key there is, whatever key its header carries."""

    def check(original: Any, signer: Any, header: dict[str, Any]) -> None:
        original(signer, {"kid": signer.kid, **header})

    wrap(tokens, "_check_header", check)


@variant(
    stays_green=KEYS,
    never_fail_on={
        "tv-jwks-leaks-private-material": "Extra unknown members are allowed.",
        "tv-jwks-weak-or-bad-key": "No 'use' and no 'alg' members are legal",
    },
    settings=EDDSA,
)
def published_keys_say_more_and_less() -> None:
    """The published key has a note and no `use` and `alg`."""

    def change(_: object, keys: list[dict[str, Any]]) -> list[dict[str, Any]]:
        bare = [{name: value for name, value in key.items() if name not in ("use", "alg")} for key in keys]
        return [key | {"note": "since March"} for key in bare]

    publish(change)


@variant(
    stays_green="token-leeway-is-of-minutes",
    never_fail_on={"ex-leeway-excessive": "profile.leeway_s up to 300 is fine"},
)
def tokens_are_taken_for_five_minutes_more() -> None:
    """A verifier allows 300 s for clocks that differ."""
    believe_signed(lambda _, claims: 0 < time.time() - claims.get("exp", 0) < 300)

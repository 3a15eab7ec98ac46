"""Rightly signed tokens that say something wrong.

A verifier has to look further than the signature.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from harness.core.errors import Absent, Misfit
from harness.tokens.jws import HMAC_HASHES, Jwt

_HOUR = 3600


@dataclass(frozen=True)
class Pattern:
    """An accepted token, and what the profile says of its issuer's tokens."""

    token: Jwt
    secret: bytes
    subject: str = "sub"
    issuer: str | None = None
    audience: str | None = None
    algorithms: tuple[str, ...] = ()
    type: str | None = None

    def with_claims(self, **claims: object) -> list[str]:
        """The token with claims set, or left out where None."""
        return [self.token.with_claims(**claims).signed(self.secret)]

    def without(self, claim: str) -> list[str]:
        """The token without a claim. Raises Absent where it has none."""
        if claim not in self.token.claims:
            raise Absent(f'The issued token has no claim "{claim}" itself.')
        return self.with_claims(**{claim: None})


def _issuer(change: Callable[[str], str]) -> Callable[[Pattern], list[str]]:
    def make(pattern: Pattern) -> list[str]:
        if pattern.issuer is None:
            raise Absent("The profile declares no issuer of the tokens (jwt.issuer).")
        changed = change(pattern.issuer)
        if changed == pattern.issuer:
            raise Absent(f'The issuer "{pattern.issuer}" is the same so.')
        return pattern.with_claims(iss=changed)

    return make


def _audience(value: object) -> Callable[[Pattern], list[str]]:
    def make(pattern: Pattern) -> list[str]:
        if pattern.audience is None:
            raise Absent("The profile declares no audience of the tokens (jwt.audience).")
        return pattern.with_claims(aud=value)

    return make


def _end(end: Callable[[float], object]) -> Callable[[Pattern], list[str]]:
    """With what stands for its end, given the time."""
    return lambda pattern: pattern.with_claims(exp=end(time.time()))


def _not_yet(pattern: Pattern) -> list[str]:
    now = int(time.time())
    return pattern.with_claims(nbf=now + _HOUR, exp=now + 2 * _HOUR)


def _critical(pattern: Pattern) -> list[str]:
    header: dict[str, object] = {"crit": ["x-conformance"], "x-conformance": 1}
    return [pattern.token.with_header(**header).signed(pattern.secret)]


def _algorithm(name: str) -> Callable[[Pattern], list[str]]:
    def make(pattern: Pattern) -> list[str]:
        # One with a key pair may stand beside it: the shared secret is no key of that.
        if [one for one in pattern.algorithms if one in HMAC_HASHES] != [pattern.token.algorithm]:
            raise Absent("The profile pins no single algorithm with a shared secret (jwt.algorithms).")
        if name == pattern.token.algorithm:
            raise Absent(f"{name} is the algorithm of the tokens.")
        return [pattern.token.with_header(alg=name).signed(pattern.secret)]

    return make


def _lower_case_algorithm(pattern: Pattern) -> list[str]:
    own = pattern.token.algorithm
    return [pattern.token.with_header(alg=own.lower()).signed(pattern.secret, own)]


def _type(kind: str | None) -> Callable[[Pattern], list[str]]:
    def make(pattern: Pattern) -> list[str]:
        if pattern.type is None:
            raise Absent("The profile declares no type of the tokens (jwt.type).")
        own = pattern.token.header.get("typ")
        if _media_type(own) != _media_type(pattern.type):
            raise Misfit(
                f'the issued token has the type "{own}", and jwt.type says "{pattern.type}".',
                "Correct jwt.type in the profile, or leave it out.",
            )
        if _media_type(kind) == _media_type(own):
            raise Absent(f"{kind} is the type of the tokens.")
        return [pattern.token.with_header(typ=kind).signed(pattern.secret)]

    return make


def _media_type(kind: object) -> str:
    """A type without its case and usual beginning (RFC 7515 section 4.1.9)."""
    return str(kind).lower().removeprefix("application/")


MISISSUED: dict[str, Callable[[Pattern], list[str]]] = {
    "with an unknown critical header": _critical,
    "that is valid in an hour": _not_yet,
    "of another issuer": _issuer(lambda _: "https://other-issuer.invalid"),
    "of an issuer that begins like its own": _issuer(lambda own: f"{own}.evil.invalid"),
    "of an issuer that ends like its own": _issuer(lambda own: f"x{own}"),
    "of the beginning of its issuer": _issuer(lambda own: own[:-1]),
    "of its issuer in upper case": _issuer(str.upper),
    "for another audience": _audience("https://other-audience.invalid"),
    "for a list of other audiences": _audience(["https://other-audience.invalid", "https://third.invalid"]),
    "without a subject": lambda pattern: pattern.without(pattern.subject),
    "with an empty subject": lambda pattern: pattern.with_claims(**{pattern.subject: ""}),
    "without an end": lambda pattern: pattern.without("exp"),
    "without an issuer": lambda pattern: pattern.without("iss"),
    "without an audience": lambda pattern: pattern.without("aud"),
    "that ended ten minutes ago": _end(lambda now: int(now) - _HOUR // 6),
    "that ended half an hour ago": _end(lambda now: int(now) - _HOUR // 2),
    "with the end 0": _end(lambda _: 0),
    "with the end -1": _end(lambda _: -1),
    'with the end "tomorrow"': _end(lambda _: "tomorrow"),
    "with a date for its end": _end(lambda _: "2099-01-01T00:00:00Z"),
    "with a past end as text": _end(lambda now: str(int(now) - _HOUR)),
    "with the end true": _end(lambda _: True),
    "with a list for its end": _end(lambda now: [int(now) + _HOUR]),
    "with an object for its end": _end(lambda _: {}),
    **{f"signed with {name}": _algorithm(name) for name in HMAC_HASHES},
    "with its algorithm in lower case": _lower_case_algorithm,
    "of the type logout+jwt": _type("logout+jwt"),
    "of the type JWT": _type("JWT"),
    "without a type": _type(None),
}
"""Every way of saying something wrong, by the words that feature files use for it.

Left out for being accepted or refused by right: a coming time as a numeric string, NaN, an empty list of critical
headers (RFC 7519 section 4.1.4, RFC 7515 section 4.1.11).
"""

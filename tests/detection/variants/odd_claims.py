"""Claims that are taken, or not, by right."""

from __future__ import annotations

from typing import Any

from reference_backend import identity, tokens
from reference_backend.errors import ApiError
from reference_backend.models import User
from tests.detection.faults.odd_claims import ADDRESS, ODD, REPEATED, TYPE, TYPED, break_on, issue_typed
from tests.detection.gullible import segment
from tests.detection.seams import wrap
from tests.detection.variant_registry import variant


@variant(
    stays_green=(ADDRESS, REPEATED, "token-end-is-a-number"),
    warns={ODD: "the server broke"},
    never_fail_on={"eh-claims-type-5xx": "gives 500 for null/list/object/1e400/deep nesting"},
)
def a_library_breaks_on_odd_issuers() -> None:
    """A rightly signed token whose issuer is no text is answered 500."""
    break_on(lambda claims: "iss" in claims and not isinstance(claims["iss"], str))


@variant(
    stays_green=(ADDRESS, ODD, REPEATED),
    never_fail_on={"tv-duplicate-claims-first-wins": "RFC allows reject or last-wins"},
)
def a_claim_may_stand_once() -> None:
    """A token with a claim twice is answered 400."""

    def bearer(original: Any, services: identity.Services, authorization: list[str]) -> User:
        try:
            payload = segment(authorization[0], 1)
        except (ValueError, IndexError):
            payload = b""
        if payload.count(b'"sub":') > 1:
            raise ApiError(400, "INVALID_REQUEST", "The token can't be used")
        found: User = original(services, authorization)
        return found

    wrap(identity, "_bearer", bearer)


@variant(stays_green=(TYPE, ADDRESS, ODD, REPEATED, "tasks-work-at-the-api"), profile=TYPED)
def access_tokens_have_a_type_of_their_own() -> None:
    """Access tokens are of the type at+jwt, as declared, in any case and with the usual beginning."""
    issue_typed(lambda kind: str(kind).lower().removeprefix("application/") == "at+jwt")


@variant(
    stays_green=(ADDRESS, ODD, REPEATED, "tasks-work-at-the-api"),
    not_applicable={TYPE: "declares no type of the tokens"},
    never_fail_on={"tv-typ-not-checked": "9/9 verifiers ignore typ by default"},
)
def no_type_of_a_token_is_looked_at() -> None:
    """Tokens of any type are accepted, and the profile declares none."""
    wrap(tokens, "_check_header", lambda check, signer, header: check(signer, {**header, "typ": "JWT"}))

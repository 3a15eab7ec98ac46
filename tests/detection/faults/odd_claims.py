"""Rightly signed tokens that are taken for another's, or break the API, by what else they say."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable
from typing import Any

import jwt
from fastapi import Request, Response
from sqlalchemy import select

from reference_backend import identity, tokens
from reference_backend.identity import UseServices
from reference_backend.models import User
from reference_backend.tokens import InvalidTokenError, Signer
from tests.detection.gullible import claims_of, is_signed, segment
from tests.detection.registry import fault
from tests.detection.routes import override
from tests.detection.seams import wrap

ADDRESS = "token-address-is-no-identity"
ODD = "token-claim-of-another-type-breaks-nothing"
REPEATED = "token-repeated-subject-is-the-last"
TYPE = "token-type-is-the-declared-one"
TYPED = '[jwt]\ntype = "at+jwt"\n'


def of_signed(find: Callable[[str], Any]) -> None:
    """Let ``find`` select whose a rightly signed token is; None leaves it to the usual rules."""

    def caller(request: Request, response: Response, services: UseServices) -> User:
        bearer = (request.headers.get("authorization") or "").removeprefix("Bearer ")
        query = find(bearer) if is_signed(bearer, str(services.signer.private).encode()) else None
        if query is not None:
            with services.database.begin() as db:
                found: User | None = db.scalars(query).first()
            if found is not None:
                return found
        return identity.caller(request, response, services)

    override(identity.caller, caller)


@fault(
    defect="is-identity-by-email-claim",
    caught_by=ADDRESS,
    says='rightly signed, with Bob\'s address in its claim "email", is refused; .*private text',
)
def the_address_in_a_token_says_whose_it_is() -> None:
    """`User.by_email(claims["email"])`."""
    of_signed(lambda token: select(User).where(User.email == claims_of(token).get("email")))


# --- of another type ---

breaking = functools.partial(fault, defect="eh-claims-type-5xx", caught_by=ODD, level="should")


def break_on(odd: Callable[[dict[str, Any]], bool]) -> None:
    """Break on the rightly signed claims that ``odd`` is true of."""

    def bearer(original: Any, services: identity.Services, authorization: list[str]) -> User:
        token = authorization[0].removeprefix("Bearer ")
        if is_signed(token, str(services.signer.private).encode()) and odd(claims_of(token)):
            raise TypeError("of another type")
        found: User = original(services, authorization)
        return found

    wrap(identity, "_bearer", bearer)


def broken_by(odd: str, claim: str) -> str:
    """What a finding says of such a token."""
    return f'with {odd} \\("{claim}"\\), is refused, or .*the server broke: it was answered 500'


@breaking(says=broken_by("null for a claim", "iat"))
def a_time_that_is_null_is_compared() -> None:
    """`claims["iat"] > now`, where it is null."""
    break_on(lambda claims: claims.get("iat", 0) is None)


@breaking(says=broken_by("a list for a claim", "iss"))
def an_issuer_is_looked_up_in_a_table() -> None:
    """A list is no key of a table."""
    break_on(lambda claims: isinstance(claims.get("iss"), list))


@breaking(says=broken_by("an object for a claim", "sub"))
def a_subject_is_taken_for_text() -> None:
    """`claims["sub"].strip()`."""
    break_on(lambda claims: isinstance(claims.get("sub"), dict))


@breaking(says=broken_by("a number for a text", "email"))
def an_address_is_taken_for_text() -> None:
    """`claims["email"].lower()`."""
    break_on(lambda claims: isinstance(claims.get("email"), int))


@breaking(says=broken_by("a number without end for a time", "nbf"))
def a_time_is_made_a_whole_number() -> None:
    """`int(claims["nbf"])`, which infinity can't be."""
    break_on(lambda claims: claims.get("nbf") == math.inf)


@breaking(says=broken_by("a claim nested 3000 deep", "conformance"))
def claims_are_walked_through_by_recursion() -> None:
    """Each level of a claim is a call of its own."""
    break_on(lambda claims: "conformance" in claims)


# --- twice ---


def first_subject(token: str) -> str:
    """The first of the subjects of a token."""
    pairs: list[tuple[str, Any]] = json.loads(segment(token, 1), object_pairs_hook=lambda members: members)
    return next((str(value) for name, value in pairs if name == "sub"), "")


@fault(
    defect="tv-duplicate-claims-first-wins",
    caught_by=REPEATED,
    says='with the claim "sub" twice, first Bob\'s and last her own, is refused; .*private text',
    level="may",
)
def the_first_of_two_subjects_counts() -> None:
    """The gateway's parser keeps the first member of a name."""
    of_signed(lambda token: select(User).where(User.id == first_subject(token)))


# --- of another type of token ---


def issue_typed(good: Callable[[object], bool]) -> None:
    """Issue access tokens of a type of their own; ``good`` says which types are accepted."""

    def issue(issue: Callable[..., str], signer: Signer, settings: object, *arguments: Any) -> str:
        claims = claims_of(issue(signer, settings, *arguments))
        return jwt.encode(claims, signer.private, signer.algorithm, {"typ": "at+jwt"})

    def check(check: Callable[..., None], signer: Signer, header: dict[str, Any]) -> None:
        if not good(header.get("typ")):
            raise InvalidTokenError
        check(signer, {**header, "typ": "JWT"})

    wrap(tokens, "issue", issue)
    wrap(tokens, "_check_header", check)


typed = functools.partial(fault, defect="tv-typ-not-checked", caught_by=TYPE, level="may", profile=TYPED)


@typed(says="rightly signed, of the type logout.jwt is refused; .*private text")
def access_tokens_are_typed_and_nobody_looks() -> None:
    """The type is written and not compared, so that a logout token is an access token."""
    issue_typed(lambda _: True)


@typed(says="rightly signed, of the type JWT is refused; .*private text")
def the_type_from_before_is_still_taken() -> None:
    """Tokens of the type JWT are taken as well, as before the change."""
    issue_typed(lambda kind: kind in ("at+jwt", "JWT"))


@typed(says="rightly signed, without a type is refused; .*private text")
def a_type_is_compared_where_there_is_one() -> None:
    """`if "typ" in header and header["typ"] != "at+jwt"`."""
    issue_typed(lambda kind: kind in ("at+jwt", None))

"""Tokens that are not required, not verified, or verified in a way that can be bypassed."""

import functools
import json
from collections.abc import Callable

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import Request, Response

from reference_backend import identity, settings, tokens
from reference_backend.errors import ApiError
from reference_backend.identity import UseServices
from reference_backend.models import User
from reference_backend.tokens import Claims, InvalidTokenError, Signer
from tests.detection import careless
from tests.detection.gullible import (
    accept_signature,
    believe,
    header_of,
    is_signed,
    remember_signatures,
    unverified,
)
from tests.detection.registry import EDDSA, fault
from tests.detection.routes import override
from tests.detection.seams import replace, wrap

MISSING_AND_FORGED = ("token-missing-is-refused", "token-is-verified-on-every-route")
WRONG_KEY = ("token-signed-with-another-key-is-refused", "token-signature-is-verified")

# --- no token, no guard ---


@fault(defect="tv-missing-token-accepted", caught_by=MISSING_AND_FORGED, says="to list .*the owner's private text")
def the_list_route_lost_its_guard() -> None:
    """GET /api/tasks no longer requires a credential and lists every task."""
    careless.route("list_tasks")


@fault(
    defect="tv-missing-token-accepted", caught_by=MISSING_AND_FORGED, says="to create .*(new task|answered 201)"
)
def the_create_route_lost_its_guard() -> None:
    """POST /api/tasks no longer requires a credential."""
    careless.route("create_task")


@fault(defect="tv-missing-token-accepted", caught_by=MISSING_AND_FORGED, says="to read .*the owner's private text")
def the_read_route_lost_its_guard() -> None:
    """GET /api/tasks/{id} no longer requires a credential."""
    careless.route("read_task")


@fault(
    defect="tv-missing-token-accepted", caught_by=MISSING_AND_FORGED, says="to replace .*Ann's task was changed"
)
def the_replace_route_lost_its_guard() -> None:
    """PUT /api/tasks/{id} no longer requires a credential."""
    careless.route("replace_task")


@fault(defect="tv-missing-token-accepted", caught_by=MISSING_AND_FORGED, says="to update .*Ann's task was changed")
def the_update_route_lost_its_guard() -> None:
    """PATCH /api/tasks/{id} no longer requires a credential."""
    careless.route("change_task")


@fault(defect="tv-missing-token-accepted", caught_by=MISSING_AND_FORGED, says="to delete .*Ann's task is gone")
def the_delete_route_lost_its_guard() -> None:
    """DELETE /api/tasks/{id} no longer requires a credential."""
    careless.route("delete_task")


@fault(
    defect="tv-missing-token-accepted",
    caught_by="token-missing-is-refused",
    says="without a credential is refused; .*(private text|answered 20)",
)
def nobody_is_the_first_user() -> None:
    """Authentication is optional, and a request without a token is the default user's."""

    def caller(request: Request, response: Response, services: UseServices) -> User:
        if "authorization" in request.headers or "cookie" in request.headers:
            return identity.caller(request, response, services)
        with services.database.begin() as db:
            return careless.first_user(db)

    override(identity.caller, caller)


# --- one route verifies less than its siblings ---


def trust_on(method: str) -> None:
    """Decode a token without verifying it, in requests of one method."""

    def caller(request: Request, response: Response, services: UseServices) -> User:
        bearer = request.headers.get("authorization", "")
        if request.method != method or not bearer:
            return identity.caller(request, response, services)
        try:
            claims = unverified(bearer)
        except InvalidTokenError:
            raise ApiError(401, "UNAUTHORIZED", "Unauthorized") from None
        with services.database.begin() as db:
            return db.get_one(User, claims.user_id)

    override(identity.caller, caller)


@fault(
    defect="tv-route-missing-guard",
    caught_by="token-is-verified-on-every-route",
    says="to delete a task with Ann's token signed by another key is refused; .*Ann's task is gone",
)
def delete_only_decodes_the_token() -> None:
    """DELETE uses an older helper that decodes the token without verifying it."""
    trust_on("DELETE")


@fault(
    defect="tv-route-missing-guard",
    caught_by="token-is-verified-on-every-route",
    says="to update a task with Ann's token signed by another key is refused; .*Ann's task was changed",
)
def patch_only_decodes_the_token() -> None:
    """PATCH uses an older helper that decodes the token without verifying it."""
    trust_on("PATCH")


@fault(
    defect="tv-route-missing-guard",
    caught_by="token-is-verified-on-every-route",
    says="to create a task with Ann's token signed by another key is refused; .*new task stands in Ann's list",
)
def post_only_decodes_the_token() -> None:
    """POST uses an older helper that decodes the token without verifying it."""
    trust_on("POST")


# --- the signature ---


@fault(
    defect="tv-signature-not-verified",
    caught_by=(*WRONG_KEY, "token-is-verified-on-every-route"),
    says="token .*is refused; .*private text",
)
def the_signature_is_not_verified() -> None:
    """The claims are decoded and trusted."""
    believe(lambda _: True)


@fault(
    defect="tv-signature-not-verified",
    caught_by="token-signature-is-verified",
    says="with a changed header under the old signature is refused",
)
def the_signature_does_not_cover_the_header() -> None:
    """The verifier rebuilds the usual header and checks the signature over that."""
    usual = jwt.encode({}, "x" * 32, "HS256").partition(".")[0]

    def verify(verify: Callable[..., Claims], signer: Signer, settings: object, token: str) -> Claims:
        return verify(signer, settings, f"{usual}.{token.partition('.')[2]}")

    wrap(tokens, "verify", verify)


@fault(
    defect="tv-verification-cache-ignores-signature",
    caught_by="token-signature-is-verified",
    says="with changed claims under the old signature is refused",
)
def verified_tokens_are_remembered_by_their_signature() -> None:
    """A cache of verified tokens has the signature as its key, and the claims are read from the request."""
    remember_signatures()


@fault(
    defect="tv-verification-cache-ignores-signature",
    caught_by="token-signature-is-verified",
    says="with a damaged signature is refused",
)
def verified_tokens_are_remembered_by_their_claims() -> None:
    """A cache of verified tokens has header and claims as its key, so the signature is verified only once."""
    seen: dict[str, Claims] = {}

    def verify(verify: Callable[..., Claims], signer: Signer, settings: object, token: str) -> Claims:
        signed = token.rpartition(".")[0]
        if signed not in seen:
            seen[signed] = verify(signer, settings, token)
        return seen[signed]

    wrap(tokens, "verify", verify)


@fault(
    defect="tv-signature-not-verified",
    caught_by="token-signature-is-verified",
    says="with a damaged signature is refused",
)
def only_the_end_of_the_signature_is_compared() -> None:
    """Only the last eight characters are compared, as for a log line."""
    accept_signature(lambda given, right: given[-8:] == right[-8:])


@fault(defect="tv-signature-not-verified", caught_by=WRONG_KEY, says="Ann's token .*is refused; .*private text")
def a_signature_of_the_right_length_will_do() -> None:
    """The signature is checked for its form only."""
    accept_signature(lambda given, right: len(given) == len(right))


@fault(
    defect="tv-wrong-key-accepted",
    caught_by="token-signed-with-another-key-is-refused",
    says="signed with another key is refused; .*private text",
)
def a_wrong_signature_is_logged_and_ignored() -> None:
    """Verification fails, is logged, and the claims are used all the same."""

    def verify(verify: Callable[..., Claims], signer: Signer, settings: object, token: str) -> Claims:
        try:
            jwt.decode(token, signer.public, [signer.algorithm], options={"verify_aud": False})
        except jwt.InvalidSignatureError:
            return unverified(token)
        except jwt.PyJWTError:
            raise InvalidTokenError from None
        return verify(signer, settings, token)

    wrap(tokens, "verify", verify)


@fault(
    defect="tv-wrong-key-accepted",
    caught_by="token-signed-with-another-key-is-refused",
    says="signed with another key is refused; .*private text",
    settings=EDDSA,
)
def a_wrong_key_pair_is_accepted() -> None:
    """The published key isn't used: the claims of every EdDSA token are trusted."""
    believe(lambda token: header_of(token).get("alg") == "EdDSA")


@fault(
    defect="tv-empty-signature-accepted",
    caught_by="token-without-signature-is-refused",
    says="with an empty signature is refused",
)
def an_empty_signature_is_not_checked() -> None:
    """`if signature and not valid(signature)`: an empty one is never verified."""
    believe(lambda token: token.count(".") == 2 and token.endswith("."))


@fault(
    defect="tv-empty-signature-accepted",
    caught_by="token-without-signature-is-refused",
    says="with an empty signature is refused",
)
def signatures_are_compared_as_far_as_they_go() -> None:
    """Characters are compared in pairs with zip(), which ends with the shorter one."""
    accept_signature(lambda given, right: all(one == other for one, other in zip(given, right, strict=False)))


@fault(
    defect="tv-empty-signature-accepted",
    caught_by="token-without-signature-is-refused",
    says="without a third segment is refused",
)
def two_segments_are_an_unsigned_token() -> None:
    """A token of two segments has nothing to verify, so nothing is verified."""
    believe(lambda token: token.count(".") == 1)


# --- the algorithm none ---


@fault(
    defect="tv-alg-none-accepted",
    caught_by="token-algorithm-none-is-refused",
    says='with the algorithm "none" is refused',
)
def the_algorithm_none_needs_no_signature() -> None:
    """The header's algorithm is obeyed, and "none" is one of them."""
    believe(lambda token: header_of(token).get("alg") == "none")


@fault(
    defect="tv-alg-none-accepted",
    caught_by="token-algorithm-none-is-refused",
    says='with the algorithm "none" is refused',
)
def the_algorithm_none_needs_no_third_segment() -> None:
    """It is accepted only if the token has no third segment at all."""
    believe(lambda token: header_of(token).get("alg") == "none" and token.count(".") == 1)


@fault(
    defect="tv-alg-none-case-variant",
    caught_by=("token-algorithm-none-is-refused", "token-algorithm-none-in-any-case-is-refused"),
    says='with the algorithm "(none|NONE)" is refused',
)
def the_algorithm_none_is_taken_in_any_case() -> None:
    """The header's algorithm is lower-cased and obeyed."""
    believe(lambda token: str(header_of(token).get("alg")).lower() == "none")


@fault(
    defect="tv-alg-none-case-variant",
    caught_by="token-algorithm-none-in-any-case-is-refused",
    says='with the algorithm "NoNe" is refused',
)
def the_algorithm_none_is_blocked_in_lower_case_only() -> None:
    """The block list says "none"; the dispatcher lower-cases."""

    def slips_through(token: str) -> bool:
        algorithm = str(header_of(token).get("alg"))
        return algorithm.lower() == "none" and algorithm != "none"

    believe(slips_through)


@fault(
    defect="tv-alg-none-case-variant",
    caught_by="token-algorithm-none-in-any-case-is-refused",
    says='with the algorithm "nOnE" is refused',
)
def the_algorithm_none_is_blocked_in_three_spellings() -> None:
    """The block list says "none", "None" and "NONE"; the dispatcher lower-cases."""

    def slips_through(token: str) -> bool:
        algorithm = str(header_of(token).get("alg"))
        return algorithm.lower() == "none" and algorithm not in {"none", "None", "NONE"}

    believe(slips_through)


@fault(
    defect="tv-alg-none-case-variant",
    caught_by="token-algorithm-none-in-any-case-is-refused",
    says='with the algorithm "None" is refused',
)
def the_word_none_is_taken_for_no_algorithm() -> None:
    """`str(header.get("alg")) == "None"`: a missing algorithm means an unsigned token, and so does that word."""
    believe(lambda token: bool(header_of(token)) and str(header_of(token).get("alg")) == "None")


# --- the secret ---


@fault(defect="tv-weak-or-default-secret", caught_by="token-secret-is-not-guessable", says='signed with "secret"')
def the_secret_has_a_default() -> None:
    """`os.environ.get("JWT_SECERT", "secret")`: the misspelt variable is never set."""
    replace(tokens, "signer", lambda *_: Signer("HS256", "secret", "secret"))


@fault(
    defect="tv-weak-or-default-secret",
    caught_by="token-secret-is-not-guessable",
    says="signing secret.*can sign in as any user",
    settings={"REFERENCE_JWT_SECRET": "your-256-bit-secret"},
)
def a_placeholder_signs_the_tokens() -> None:
    """The example's secret is in production, and nothing refused to start with it."""
    replace(settings, "_strong", lambda secret: secret)


# --- the published key as an HMAC secret ---


def confuse(encode: Callable[[Signer], bytes]) -> None:
    """Verify HS256 as well, with the published key as the secret."""

    def verify(verify: Callable[..., Claims], signer: Signer, settings: object, token: str) -> Claims:
        if header_of(token).get("alg") != "HS256":
            return verify(signer, settings, token)
        if not is_signed(token, encode(signer)):
            raise InvalidTokenError
        return unverified(token)

    wrap(tokens, "verify", verify)


def encoded(signer: Signer, encoding: Encoding, form: PublicFormat) -> bytes:
    """The public key in that form."""
    encoded: bytes = signer.public.public_bytes(encoding, form)
    return encoded


algorithm_confusion = functools.partial(
    fault,
    defect="tv-alg-confusion-public-key-as-hmac",
    caught_by="token-algorithm-confusion-is-refused",
    says="signed by HMAC with the public key as the secret is refused; .*private text",
    settings=EDDSA,
)


@algorithm_confusion()
def hs256_is_keyed_with_the_public_pem() -> None:
    """verify(token, key) with the algorithm from the header; the key is the public key's PEM text."""
    confuse(lambda signer: encoded(signer, Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


@algorithm_confusion()
def hs256_is_keyed_with_the_public_pem_trimmed() -> None:
    """The same with PEM text from an environment variable, without its last line break."""
    confuse(lambda signer: encoded(signer, Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).strip())


@algorithm_confusion()
def hs256_is_keyed_with_the_public_der() -> None:
    """The same with the public key in DER."""
    confuse(lambda signer: encoded(signer, Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


@algorithm_confusion()
def hs256_is_keyed_with_the_raw_public_key() -> None:
    """The same with the 32 bytes of the public key."""
    confuse(lambda signer: encoded(signer, Encoding.Raw, PublicFormat.Raw))


@algorithm_confusion()
def hs256_is_keyed_with_the_public_jwk() -> None:
    """The same with the published JWK as compact JSON."""
    confuse(lambda signer: json.dumps(signer.public_jwk, separators=(",", ":")).encode())


@algorithm_confusion()
def hs256_is_keyed_with_the_public_jwk_with_spaces() -> None:
    """The same with the published JWK as Python writes JSON, a space after each comma and colon."""
    confuse(lambda signer: json.dumps(signer.public_jwk).encode())


@algorithm_confusion()
def hs256_is_keyed_with_the_public_key_for_ssh() -> None:
    """The same with the public key in OpenSSH's form."""
    confuse(lambda signer: encoded(signer, Encoding.OpenSSH, PublicFormat.OpenSSH))


# --- failing open ---


@fault(
    defect="tv-fail-open-on-error",
    caught_by=("token-verifier-fails-closed", "token-malformed-creates-no-task"),
    says="(malformed in every known way|a malformed token .*) is refused; .*(private text|answered 20|new task)",
)
def whatever_goes_wrong_the_first_user_is_let_in() -> None:
    """`except Exception: user = default_user`."""

    def bearer(original: Callable[..., User], services: identity.Services, authorization: list[str]) -> User:
        try:
            return original(services, authorization)
        except ApiError:
            with services.database.begin() as db:
                return careless.first_user(db)

    wrap(identity, "_bearer", bearer)


@fault(
    defect="tv-fail-open-on-error",
    caught_by="token-verifier-fails-closed",
    says="malformed in every known way is refused; .*private text",
)
def an_unreadable_token_means_no_filter() -> None:
    """A token that can't be parsed means user None, and without a user the list is not filtered."""

    def caller(request: Request, response: Response, services: UseServices) -> User | None:
        bearer = request.headers.get("authorization", "")
        if request.method == "GET" and bearer and not header_of(bearer.partition(" ")[2]):
            return None
        return identity.caller(request, response, services)

    override(identity.caller, caller)
    careless.unfiltered_for_nobody()


@fault(
    defect="tv-fail-open-on-error",
    caught_by="token-malformed-creates-no-task",
    says="to create a task with a malformed token .* is refused; .*(new task|answered 201)",
)
def an_unreadable_token_still_creates_tasks() -> None:
    """Only POST ignores a parse error; the task goes to the first account."""

    def caller(request: Request, response: Response, services: UseServices) -> User:
        bearer = request.headers.get("authorization", "")
        if request.method != "POST" or not bearer or header_of(bearer.partition(" ")[2]):
            return identity.caller(request, response, services)
        with services.database.begin() as db:
            return careless.first_user(db)

    override(identity.caller, caller)


@fault(
    defect="tv-fail-open-on-error",
    caught_by="token-verifier-fails-closed",
    says="with an unknown algorithm is refused; .*private text",
)
def an_unknown_algorithm_is_not_verified() -> None:
    """There is no verifier for the algorithm that the header names, so none is called."""
    believe(lambda token: "alg" in header_of(token) and header_of(token)["alg"] != "HS256")


@fault(
    defect="tv-fail-open-on-error",
    caught_by="token-verifier-fails-closed",
    says="with an unknown key id and another key is refused; .*private text",
)
def an_unknown_key_id_is_not_verified() -> None:
    """There is no key of that id, so nothing is verified."""
    believe(lambda token: "kid" in header_of(token))


@fault(
    defect="tv-fail-open-on-error",
    caught_by="token-verifier-fails-closed",
    says="with an unknown key id and another key is refused; .*private text",
    settings=EDDSA,
)
def a_key_missing_from_the_published_set_is_not_verified() -> None:
    """The id isn't in the key set, which is treated like a set that could not be fetched, and accepted."""

    def verify(verify: Callable[..., Claims], signer: Signer, settings: object, token: str) -> Claims:
        known = header_of(token).get("kid", signer.kid) == signer.kid
        return verify(signer, settings, token) if known else unverified(token)

    wrap(tokens, "verify", verify)

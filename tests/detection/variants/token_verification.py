"""Verification of tokens that is right and unusual."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from reference_backend import cookies, identity, tokens
from reference_backend.errors import ApiError
from reference_backend.identity import UseServices
from reference_backend.models import User, new_token
from reference_backend.settings import Settings
from tests.detection.registry import EDDSA
from tests.detection.routes import override
from tests.detection.seams import middleware, request_header, wrap
from tests.detection.variant_registry import variant

MISSING = "token-missing-is-refused"
EVERY_ROUTE = "token-is-verified-on-every-route"
GUESSABLE = "token-secret-is-not-guessable"
CONFUSION = "token-algorithm-confusion-is-refused"
ODD = "error-malformed-token-is-refused"
HAS_EXP = "expiry-token-has-exp"
BAD_TOKENS = (
    "token-signature-is-verified",
    "token-signed-with-another-key-is-refused",
    "token-algorithm-none-is-refused",
    "token-algorithm-none-in-any-case-is-refused",
    "token-without-signature-is-refused",
    "token-verifier-fails-closed",
    "token-malformed-creates-no-task",
    "token-algorithm-none-signed-is-refused",
    "token-signature-is-compared-whole",
    "token-empty-key-is-refused",
    "token-brings-no-key-of-its-own",
    "token-key-id-leads-to-no-file",
    "token-key-id-is-no-query",
    "token-has-three-segments",
    "token-is-not-json",
    "token-critical-header-is-understood",
    "token-end-is-never-none",
    "token-end-is-a-number",
    "token-names-a-person",
    "token-algorithm-is-spelt-exactly",
    EVERY_ROUTE,
    ODD,
    "refresh-token-is-no-access-token",
    "expiry-expired-token-is-refused",
)
ACCEPTED = ("tasks-work-at-the-api", "tasks-work-through-the-front-end")


# --- no token ---


def _without_token(refusal: ApiError) -> None:
    """Answer the task API so where a request carries no credential at all."""

    def caller(request: Request, response: Response, services: UseServices) -> User:
        if "authorization" not in request.headers and not cookies.presented(request, services.settings):
            raise refusal
        return identity.caller(request, response, services)

    override(identity.caller, caller)


@variant(
    stays_green=(MISSING, *ACCEPTED),
    never_fail_on={
        "tv-missing-token-accepted": "401 (FastAPI>=0.122, RFC 6750) or 403 (FastAPI<0.122 HTTPBearer)",
    },
)
def no_token_is_forbidden() -> None:
    """Without a token the API answers 403, and no challenge."""
    _without_token(ApiError(403, "FORBIDDEN", "Not authenticated"))


@variant(stays_green=(MISSING, *ACCEPTED), never_fail_on={"tv-missing-token-accepted": "404 to hide existence"})
def without_a_token_there_is_nothing() -> None:
    """Without a token the API answers 404, as if it weren't there."""
    _without_token(ApiError(404, "NOT_FOUND", "Not Found"))


@variant(
    stays_green=(MISSING, *ACCEPTED),
    never_fail_on={"tv-missing-token-accepted": "a 3xx to sign-in is only a separate SHOULD"},
)
def without_a_token_the_api_leads_to_sign_in() -> None:
    """Without a token the API redirects to the sign-in page."""
    _without_token(ApiError(302, "FOUND", "Sign in first", {"Location": "/signin?callbackURL=%2Ftasks"}))


@variant(
    stays_green=(MISSING, EVERY_ROUTE, *ACCEPTED),
    never_fail_on={"tv-route-missing-guard": "422 before 401 is only eh-validation-before-auth."},
)
def bodies_are_checked_before_tokens() -> None:
    """A body that is no JSON object is answered 422, whoever sends it."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        content_type = request_header(scope, "content-type") or ""
        writes = scope["path"].startswith("/api/tasks") and scope["method"] in ("POST", "PUT", "PATCH")
        if writes and "json" not in content_type:
            await Response('{"detail": "a JSON object is required"}', 422)(scope, receive, send)
            return
        await inner(scope, receive, send)

    middleware(handle)


# --- a bad one ---


def refuse(refusal: ApiError) -> None:
    """Answer every token that is not accepted so."""

    def bearer(original: Any, services: identity.Services, authorization: list[str]) -> User:
        try:
            return original(services, authorization)  # type: ignore[no-any-return]
        except ApiError:
            raise refusal from None

    wrap(identity, "_bearer", bearer)


@variant(
    stays_green=(*BAD_TOKENS, *ACCEPTED),
    never_fail_on={
        "tv-signature-not-verified": "Any 4xx.",
        "tv-wrong-key-accepted": "Any 4xx.",
        "tv-alg-none-accepted": "Any 4xx.",
        "tv-alg-none-case-variant": "Any 4xx.",
        "tv-empty-signature-accepted": "Any 4xx.",
        "tv-fail-open-on-error": "Any 4xx",
        "eh-malformed-token-5xx": "400, 401, 403",
        "tv-verification-cache-ignores-signature": "Any 4xx.",
        "tv-alg-none-with-signature": "Any 4xx.",
        "tv-signature-prefix-compare": "Any 4xx.",
        "tv-empty-key-accepted": "Any 4xx.",
        "tv-x5c-trusted": "Any 4xx; ignoring x5c and failing the signature is right.",
        "tv-kid-path-traversal": "Any 4xx.",
        "tv-kid-sql-injection": "Any 4xx.",
        "tv-extra-segments-accepted": "Any 4xx.",
        "tv-unsigned-json-serialization": "Any 4xx (400 is fine).",
        "ex-exp-zero-or-negative-accepted": "Any 4xx.",
        "tv-alg-case-insensitive": "Any 4xx.",
    },
)
def a_bad_token_is_a_bad_request() -> None:
    """Whatever token is not accepted is answered 400."""
    refuse(ApiError(400, "INVALID_REQUEST", "The token can't be used"))


@variant(stays_green=(*BAD_TOKENS, *ACCEPTED))
def a_bad_token_is_forbidden() -> None:
    """Whatever token is not accepted is answered 403."""
    refuse(ApiError(403, "FORBIDDEN", "Invalid token"))


@variant(stays_green=(ODD, *ACCEPTED), never_fail_on={"eh-malformed-token-5xx": "431 (too large)"})
def long_headers_are_too_large() -> None:
    """A request whose Authorization is longer than 4 KiB is answered 431, by whatever stands in front."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if len(request_header(scope, "authorization") or "") > 4096:
            await Response("Request Header Fields Too Large", 431)(scope, receive, send)
            return
        await inner(scope, receive, send)

    middleware(handle)


# --- other tokens ---


@variant(
    stays_green=("token-signature-is-verified", CONFUSION, HAS_EXP, *ACCEPTED),
    never_fail_on={
        "tv-weak-or-default-secret": "Not applicable (skip, not pass) when the issued token is asymmetric",
    },
    not_applicable={
        GUESSABLE: "there is no shared secret to guess",
        "tasks-valid-variants-are-accepted": "there is no shared secret",
    },
    settings=EDDSA,
)
def tokens_are_signed_with_a_key_pair() -> None:
    """Tokens are signed with a private key, and the public one is published."""


@variant(
    stays_green=ACCEPTED,
    never_fail_on={"tv-alg-confusion-public-key-as-hmac": "Skip (not pass) when there is no public key to fetch."},
    not_applicable={CONFUSION: "publishes no key"},
)
def there_is_a_shared_secret_and_no_public_key() -> None:
    """Tokens are signed with a shared secret, and the key set is answered 404."""


@variant(
    stays_green=(
        MISSING,
        ODD,
        "account-deletion-ends-access-tokens",
        "refresh-token-is-no-access-token",
        EVERY_ROUTE,
        *ACCEPTED,
    ),
    never_fail_on={"ex-issued-token-without-exp": "Opaque reference tokens do not apply."},
    not_applicable={HAS_EXP: "JWT", GUESSABLE: "JWT", "token-verifier-fails-closed": "opaque"},
    profile='[credentials.token]\nkind = "opaque"\n',
)
def tokens_are_opaque_references() -> None:
    """A token is a random reference to claims that the server keeps."""
    kept: dict[str, str] = {}

    def issue(original: Any, *arguments: Any) -> str:
        reference = new_token()
        kept[reference] = original(*arguments)
        return reference

    def verify(original: Any, signer: Any, settings: Settings, token: str) -> Any:
        return original(signer, settings, kept.get(token, ""))

    wrap(tokens, "issue", issue)
    wrap(tokens, "verify", verify)

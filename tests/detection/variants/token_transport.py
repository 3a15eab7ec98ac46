"""Tokens and addresses that are right and unusual."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from fastapi import Request, Response
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from reference_backend import identity
from reference_backend.identity import UseServices
from reference_backend.models import User
from tests.detection.faults.token_transport import (
    ADDRESS,
    ANY_CASE,
    SCHEME,
    SECRETS,
    SPELLED,
    SUBJECT,
    merged,
    saying,
    under_any,
)
from tests.detection.gullible import claims_of, is_signed
from tests.detection.routes import override
from tests.detection.seams import middleware, on_app
from tests.detection.variant_registry import variant

HEAD = "token-is-verified-for-head"


@variant(
    stays_green=(ADDRESS, "token-missing-is-refused"),
    never_fail_on={"tv-scheme-ignored": "accept a bare token by design"},
    not_applicable={SCHEME: "in another way than as a bearer token", ANY_CASE: "in another way than as a bearer"},
    profile='[credentials.token]\nscheme = ""\n',
)
def tokens_are_bare() -> None:
    """The header holds the token and nothing else, as declared."""
    under_any("")


@variant(
    stays_green=SECRETS,
    never_fail_on={"tv-sensitive-claims-in-token": "email, name, createdAt, emailVerified are normal"},
)
def a_token_tells_all_that_its_user_knows() -> None:
    """The whole account as the session endpoint has it, as one claim."""
    saying("user", lambda _, user: f"{user.id} {user.name} {user.email} {user.created_at} {user.email_verified}")


@variant(
    stays_green=(SPELLED, "token-missing-is-refused"),
    never_fail_on={"tv-path-variant-bypass": "307/308 to the canonical path, 404, 400 or 401 all pass"},
)
def other_spellings_lead_to_the_plain_address() -> None:
    """Every other spelling is answered 308 with the address as it is usually written."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        sent = scope["raw_path"].decode("latin-1")
        plain = merged(unquote(sent)).replace("/./", "/").partition(";")[0].removesuffix("/") or "/"
        if plain != sent and plain.startswith("/api/tasks"):
            await RedirectResponse(plain, 308)(scope, receive, send)
        else:
            await inner(scope, receive, send)

    middleware(handle)


@variant(
    stays_green=HEAD,
    never_fail_on={"tv-head-method-bypass": "FastAPI gives 405 for HEAD on GET routes; OPTIONS 200/204 for CORS"},
)
def head_is_answered_for_a_health_check() -> None:
    """HEAD is a 200 without content whatever is asked for, and OPTIONS a 204."""
    answers = {"HEAD": Response(), "OPTIONS": Response(status_code=204)}

    def answer(request: Request) -> Response:
        return answers[request.method]

    on_app(lambda made: made.add_api_route("/api/tasks", answer, methods=[*answers]))


@variant(
    stays_green=(SUBJECT, "token-names-a-person"),
    never_fail_on={"tv-sub-type-confusion": "authlib, jose, jsonwebtoken, fast-jwt accept"},
)
def a_subject_of_any_type_is_somebody_without_tasks() -> None:
    """The library converts the claim to text, and whoever that is has no tasks."""

    def caller(request: Request, response: Response, services: UseServices) -> User:
        bearer = (request.headers.get("authorization") or "").removeprefix("Bearer ")
        subject: Any = claims_of(bearer).get("sub", "")
        if isinstance(subject, str) or not is_signed(bearer, str(services.signer.private).encode()):
            return identity.caller(request, response, services)
        return User(id=str(subject), email="", name="", password_hash="")

    override(identity.caller, caller)

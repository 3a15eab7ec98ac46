"""Task APIs that are right and unusual."""

from __future__ import annotations

from dataclasses import replace as altered
from typing import Any

import jwt
from fastapi.routing import APIRoute

from reference_backend import tasks, tokens
from reference_backend.tokens import InvalidTokenError, Signer
from tests.detection.seams import wrap
from tests.detection.variant_registry import variant

AT_THE_API = "tasks-work-at-the-api"
THROUGH_FRONT_END = "tasks-work-through-the-front-end"
VARIANTS = "tasks-valid-variants-are-accepted"
WORK = (AT_THE_API, THROUGH_FRONT_END)


@variant(
    stays_green=(*WORK, "token-signature-is-verified", "token-verifier-fails-closed"),
    not_applicable={VARIANTS: r'of the type "at\+jwt"'},
)
def tokens_are_of_the_type_at_jwt() -> None:
    """Access tokens have the type at+jwt, and the API takes no other (RFC 9068 section 4)."""

    def encode(original: Any, claims: Any, key: Any, algorithm: str, headers: Any = None) -> str:
        return original(claims, key, algorithm, {**(headers or {}), "typ": "at+jwt"})  # type: ignore[no-any-return]

    def check(signer: Signer, header: dict[str, Any]) -> None:
        kind = str(header.get("typ")).lower().removeprefix("application/")
        if kind != "at+jwt" or "crit" in header or (signer.kid is not None and header.get("kid") != signer.kid):
            raise InvalidTokenError

    wrap(jwt, "encode", encode)
    tokens._check_header = check


@variant(
    stays_green=WORK,
    never_fail_on={"av-valid-token-rejected": "A clone refused while the original works means wrong secret"},
    not_tested={VARIANTS: "the control failed: that a clone of Ann.s token, signed with the secret in AUTH_CONF"},
    code=6,
)
def the_given_secret_is_not_the_one_that_signs() -> None:
    """Tokens are signed with a key that is derived from the secret which the suite is given."""

    def signer(original: Any, *arguments: Any) -> Signer:
        given: Signer = original(*arguments)
        derived = f"derived-from-{given.private}"
        return altered(given, private=derived, public=derived)

    wrap(tokens, "signer", signer)


def _route(handler: str) -> APIRoute:
    return next(one for one in tasks.router.routes if isinstance(one, APIRoute) and one.name == handler)


@variant(
    stays_green=(*WORK, "idor-task-delete-is-refused"),
    never_fail_on={"av-task-crud-broken": "Status 200/201/204 free."},
)
def calls_are_answered_with_other_statuses() -> None:
    """Creating is answered 200, replacing 201, changing 202 and deleting 200."""
    for handler, status in (
        ("create_task", 200),
        ("replace_task", 201),
        ("change_task", 202),
        ("delete_task", 200),
    ):
        _route(handler).status_code = status


@variant(
    stays_green=AT_THE_API,
    never_fail_on={"av-proxy-forwards-unusable-credential": "No proxy in the deployment: skip."},
    not_applicable={THROUGH_FRONT_END: "declares no way through a front end"},
    profile="proxy = false\n",
)
def there_is_no_front_end_to_the_tasks() -> None:
    """The tasks are at the API alone."""


@variant(
    stays_green="tasks-valid-variants-are-accepted",
    never_fail_on={"tv-missing-token-accepted": "405/501 for methods that do not exist"},
    not_applicable=dict.fromkeys(
        (*WORK, "token-missing-is-refused", "token-is-verified-on-every-route", "idor-task-change-is-refused"),
        "no way to replace",
    ),
    profile="[tasks]\nreplace = false\n[proxy]\nreplace = false\n",
)
def no_task_is_replaced() -> None:
    """Tasks are changed by PATCH; PUT is answered 405, and the profile says so."""
    tasks.router.routes.remove(_route("replace_task"))

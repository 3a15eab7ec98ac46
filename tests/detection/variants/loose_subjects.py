"""APIs that know no users, and ids that are refused for their form."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response
from sqlalchemy.orm import Session as Database

from reference_backend import tasks
from reference_backend.errors import ApiError
from reference_backend.identity import Services
from reference_backend.models import Task, User, is_id
from tests.detection.gullible import claims_of, is_signed
from tests.detection.seams import wrap
from tests.detection.session_tasks import Found, on_caller
from tests.detection.variant_registry import variant


@variant(
    stays_green=("isolation-user-id-is-compared-exactly", "isolation-list-holds-own-tasks-only"),
    never_fail_on={"is-user-id-loose-match": "Empty list or 401 are right."},
)
def an_api_takes_a_signed_subject_for_a_user() -> None:
    """The API looks no user up: a rightly signed token of an unknown subject lists nothing."""

    def caller(original: Found, request: Request, response: Response, services: Services) -> User:
        bearer = (request.headers.get("authorization") or "").removeprefix("Bearer ")
        subject = str(claims_of(bearer).get("sub"))
        if is_signed(bearer, str(services.signer.private).encode()):
            with services.database.begin() as db:
                if db.get(User, subject) is None:
                    return User(id=subject)
        return original(request, response, services)

    on_caller(caller)


@variant(
    stays_green=("sql-injection-opens-no-tasks", "idor-task-read-is-refused"),
    never_fail_on={"is-task-id-injection": "404/422."},
)
def an_id_of_another_form_is_unprocessable() -> None:
    """An id that no task can have is answered 422."""

    def find(original: Any, db: Database, user_id: str, task_id: str, **named: Any) -> Task:
        if not is_id(task_id):
            raise ApiError(422, "VALIDATION_ERROR", "Input should be a valid id")
        return original(db, user_id, task_id, **named)  # type: ignore[no-any-return]

    wrap(tasks, "find", find)


@variant(
    stays_green="isolation-front-end-acts-for-its-caller",
    never_fail_on={"is-proxy-uses-shared-credential": "401 JSON for anonymous."},
)
def anonymous_clients_get_a_problem_document() -> None:
    """A client without a session is answered 401 with a document that says why."""

    def caller(original: Found, request: Request, response: Response, services: Services) -> User:
        if "cookie" not in request.headers and "authorization" not in request.headers:
            raise ApiError(401, "UNAUTHORIZED", "Sign in first", {"Content-Type": "application/problem+json"})
        return original(request, response, services)

    on_caller(caller)

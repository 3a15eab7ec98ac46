"""Tasks that get lost, and authorized callers who are refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jwt
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import object_session

from reference_backend import identity, origins, tasks, tokens
from reference_backend.errors import ApiError
from reference_backend.models import Task
from tests.detection.registry import fault
from tests.detection.seams import know_the_request, method, path, replace, wrap

LOST = "av-task-crud-broken"
REJECTED = "av-valid-token-rejected"
PROXY = "av-proxy-forwards-unusable-credential"
API = "tasks-work-at-the-api"
FRONT_END = "tasks-work-through-the-front-end"
VARIANTS = "tasks-valid-variants-are-accepted"


# --- what is written is what is read ---


@fault(defect=LOST, caught_by=(API, FRONT_END), says="sees the tasks?")
def new_task_is_not_kept() -> None:
    """The answer shows the new task, and the transaction is never committed."""

    def task_json(original: Any, task: Task) -> dict[str, Any]:
        shown: dict[str, Any] = original(task)
        if method() == "POST" and (db := object_session(task)) is not None:
            db.rollback()
        return shown

    know_the_request()
    wrap(tasks, "task_json", task_json)


@fault(defect=LOST, caught_by=(API, FRONT_END), says="sees the tasks?")
def list_shows_finished_tasks_only() -> None:
    """A filter of the archive page is applied to the list."""
    know_the_request()
    wrap(
        tasks,
        "owned_by",
        lambda original, user_id: (
            original(user_id).where(Task.completed) if path() == "/api/tasks" else original(user_id)
        ),
    )


@fault(defect=LOST, caught_by=(API, FRONT_END), says="sees the tasks?.*answered 404")
def one_task_can_not_be_read() -> None:
    """The route for one task compares its id with the owner's and finds nothing."""
    _find_nothing("GET")


def _find_nothing(verb: str) -> None:
    def find(original: Any, *arguments: Any, **named: Any) -> Task:
        if method() == verb:
            raise ApiError(404, "NOT_FOUND", "Not Found")
        task: Task = original(*arguments, **named)
        return task

    know_the_request()
    wrap(tasks, "find", find)


@fault(defect=LOST, caught_by=(API, FRONT_END), says="can replace the task")
def replacing_a_task_changes_a_copy() -> None:
    """PUT answers with the new content and leaves the row as it was."""
    _forget_changes("PUT")


@fault(defect=LOST, caught_by=(API, FRONT_END), says="can update the task")
def updating_a_task_changes_a_copy() -> None:
    """PATCH answers with the new content and leaves the row as it was."""
    _forget_changes("PATCH")


def _forget_changes(verb: str) -> None:
    def change(original: Any, db: Database, task: Task, values: dict[str, Any]) -> Any:
        shown = original(db, task, values)
        if method() == verb:
            db.rollback()
        return shown

    know_the_request()
    wrap(tasks, "_change", change)


@fault(defect=LOST, caught_by=(API, FRONT_END), says="can update the task")
def updating_a_task_takes_the_default_title() -> None:
    """PATCH fills in the fields that were not sent and drops the one that was."""

    def change(original: Any, db: Database, task: Task, values: dict[str, Any]) -> Any:
        return original(db, task, {"title": "Untitled"} if method() == "PATCH" else values)

    know_the_request()
    wrap(tasks, "_change", change)


@fault(defect=LOST, caught_by=(API, FRONT_END), says="deletes a task")
def deleting_removes_another_task() -> None:
    """The id is not in the query: the user's oldest task is deleted."""

    def find(original: Any, db: Database, user_id: str, task_id: str, **named: Any) -> Task:
        if method() == "DELETE" and (oldest := db.scalars(tasks.owned_by(user_id)).first()):
            return oldest
        task: Task = original(db, user_id, task_id, **named)
        return task

    know_the_request()
    wrap(tasks, "find", find)


@fault(defect=LOST, caught_by=(API, FRONT_END), says="deletes a task")
def one_task_can_not_be_deleted() -> None:
    """DELETE finds no task at all."""
    _find_nothing("DELETE")


# --- the API and a valid token ---


@fault(defect=REJECTED, caught_by=API, says="creates a task.*answered 401")
def no_issued_token_is_accepted() -> None:
    """The API expects another audience than the issuer writes."""

    def verify(*_: object) -> tokens.Claims:
        raise tokens.InvalidTokenError

    replace(tokens, "verify", verify)


@fault(defect=REJECTED, caught_by=API, says="can replace the task.*answered 401")
def one_route_wants_another_audience() -> None:
    """One route expects an audience of its own, and refuses every token."""

    def verify(original: Any, *arguments: Any) -> Any:
        if method() == "PUT":
            raise tokens.InvalidTokenError
        return original(*arguments)

    know_the_request()
    wrap(tokens, "verify", verify)


def _refuse_when(odd: Callable[[dict[str, Any], dict[str, Any]], bool]) -> None:
    """Refuse tokens whose header and claims are ``odd``, though they are valid."""

    def decode(original: Any, token: str, *arguments: Any, **named: Any) -> Any:
        claims = original(token, *arguments, **named)
        if odd(jwt.get_unverified_header(token), claims):
            raise jwt.InvalidTokenError
        return claims

    wrap(jwt, "decode", decode)


@fault(defect=REJECTED, level="should", caught_by=VARIANTS, says="sees the tasks?.*answered 401")
def token_must_name_its_type() -> None:
    """A header without `typ` is refused, though RFC 7519 makes it optional."""
    _refuse_when(lambda header, _claims: "typ" not in header)


@fault(defect=REJECTED, level="should", caught_by=VARIANTS, says="sees the tasks?.*answered 401")
def unknown_claim_is_refused() -> None:
    """The claims are read by a strict model that forbids what it does not know."""
    known = {*tokens.REQUIRED, "jti", "email", "name"}
    _refuse_when(lambda _header, claims: bool(set(claims) - known))


@fault(defect=REJECTED, level="should", caught_by=VARIANTS, says="sees the tasks?.*answered 401")
def end_must_be_a_whole_number() -> None:
    """`isinstance(exp, int)` refuses the fraction that a NumericDate may have."""
    _refuse_when(lambda _header, claims: not isinstance(claims["exp"], int))


@fault(defect=REJECTED, level="should", caught_by=VARIANTS, says="sees the tasks?.*answered 401")
def audience_must_be_text() -> None:
    """The audience is compared as text, so a list of it is refused."""
    _refuse_when(lambda _header, claims: not isinstance(claims["aud"], str))


# --- the front end and a live session ---


@fault(defect=PROXY, caught_by=FRONT_END, says="creates a task.*answered 401")
def front_end_hands_on_the_session_token() -> None:
    """The front end sends the opaque session token instead of a JWT, and the API refuses it."""
    replace(identity, "visitor", lambda *_: None)


@fault(defect=PROXY, caught_by=FRONT_END, says="creates a task.*answered 500")
def front_end_crashes_on_the_session() -> None:
    """The reader of the credential expects three parts and gets two."""

    def visitor(*_: Any) -> None:
        raise ValueError("not enough values to unpack (expected 3, got 2)")

    replace(identity, "visitor", visitor)


@fault(defect=PROXY, caught_by=FRONT_END, says="creates a task.*answered 403")
def front_end_refuses_its_own_pages() -> None:
    """The list of trusted origins lacks the deployment's own, so every write is refused."""

    def check(original: Any, request: Any, settings: Any) -> None:
        if path().startswith("/api/tasks") and method() not in origins.SAFE_METHODS:
            raise ApiError(403, "INVALID_ORIGIN", "Invalid origin")
        original(request, settings)

    know_the_request()
    wrap(origins, "check", check)

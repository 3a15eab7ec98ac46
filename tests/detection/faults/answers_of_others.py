"""Caches that give a list to another client, front ends with one credential for all, and ids that show."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response
from sqlalchemy.orm import Session as Database
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reference_backend import tasks
from reference_backend.errors import ApiError
from reference_backend.identity import Services
from reference_backend.models import Task, User, is_id
from tests.detection.registry import fault
from tests.detection.seams import middleware, request_header, wrap
from tests.detection.session_tasks import Found, on_caller

CACHED = "isolation-cached-list-is-its-owners"
ACTS = "isolation-front-end-acts-for-its-caller"
LEAKS = "nothing of Ann's in another user's list"


def _cache(header: str, *, for_anonymous: bool = False) -> None:
    """Keep the list that one client asks for twice in a row, and give it to whoever asks next.

    ``header`` is where the client's credential is; ``for_anonymous`` gives it to those without one alone.
    """
    last: list[str | None] = [None]
    kept: list[Message] = []

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        credential = request_header(scope, header)
        if scope["path"] != "/api/tasks" or scope["method"] != "GET":
            last[0] = None
            kept.clear()
            await inner(scope, receive, send)
            return
        bare = not request_header(scope, "authorization") and not request_header(scope, "cookie")
        if kept and (bare if for_anonymous else credential):
            for message in kept:
                await send(message)
            return
        is_again, last[0] = credential is not None and credential == last[0], credential
        if is_again:
            kept.clear()

        async def keep(message: Message) -> None:
            if is_again:
                kept.append(message)
            await send(message)

        await inner(scope, receive, keep)

    middleware(handle)


@fault(defect="is-response-cache-bleed", caught_by=CACHED, says=LEAKS)
def a_list_asked_for_twice_is_cached_for_all() -> None:
    """What one token asks for twice is kept by its path."""
    _cache("authorization")


@fault(defect="is-response-cache-bleed", caught_by=CACHED, says=LEAKS)
def a_front_end_caches_a_list_for_all() -> None:
    """What one session asks for twice is kept by its path."""
    _cache("cookie")


@fault(defect="is-response-cache-bleed", caught_by=CACHED, says=LEAKS)
def a_cache_comes_before_authentication() -> None:
    """The cached list is given to those who show no credential."""
    _cache("authorization", for_anonymous=True)


# --- one credential for all ---


def _is_front_end(request: Request) -> bool:
    return "authorization" not in request.headers


@fault(
    defect="is-proxy-uses-shared-credential",
    caught_by=ACTS,
    says="which Bob creates through the front end is Bob's; but it is in Ann's list",
)
def a_front_end_writes_with_the_first_session() -> None:
    """The front end keeps a client with the credential of whoever came first, and writes with it."""
    first: list[User] = []

    def act(original: Found, request: Request, response: Response, services: Services) -> User:
        user = original(request, response, services)
        if not _is_front_end(request):
            return user
        first[:] = first or [user]
        return first[0] if request.method == "POST" else user

    on_caller(act)


def _serve_anonymous(method: str) -> None:
    """Let the front end call the API with a service account of its own where there is no session."""
    made: list[str] = []

    def act(original: Found, request: Request, response: Response, services: Services) -> User:
        try:
            return original(request, response, services)
        except ApiError:
            if not _is_front_end(request) or request.headers.get("cookie") or request.method != method:
                raise
        with services.database.begin() as db:
            if not made:
                user = User(email="service@example.com", name="Service", password_hash="-")
                db.add(user)
                db.flush()
                made.append(user.id)
            return db.get_one(User, made[0])

    on_caller(act)


@fault(
    defect="is-proxy-uses-shared-credential",
    caught_by=ACTS,
    says="an anonymous client is not served by the front end; but POST was answered 201",
)
def a_service_account_creates_tasks_for_anonymous_clients() -> None:
    """Without a session the front end creates a task with its own credential."""
    _serve_anonymous("POST")


@fault(
    defect="is-proxy-uses-shared-credential",
    caught_by=ACTS,
    says="an anonymous client is not served by the front end; but GET was answered 200",
)
def a_service_account_lists_tasks_for_anonymous_clients() -> None:
    """Without a session the front end lists with its own credential."""
    _serve_anonymous("GET")


@fault(
    defect="is-existence-oracle",
    caught_by="isolation-existence-is-hidden",
    says="answered as one that does not exist; but it was answered 403",
    level="may",
)
def another_users_task_is_forbidden() -> None:
    """Another user's task is 403, and one that does not exist 404."""

    def find(original: Any, db: Database, user_id: str, task_id: str, **named: Any) -> Task:
        task = db.get(Task, task_id) if is_id(task_id) else None
        if task is not None and task.user_id != user_id:
            raise ApiError(403, "FORBIDDEN", "Forbidden")
        return original(db, user_id, task_id, **named)  # type: ignore[no-any-return]

    wrap(tasks, "find", find)

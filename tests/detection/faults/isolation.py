"""Tasks that another user can list, read, change or create."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from pydantic import create_model
from sqlalchemy import or_, select, update

from reference_backend import identity, tasks
from reference_backend.bodies import json
from reference_backend.errors import ApiError
from reference_backend.identity import UseCaller, UseServices
from reference_backend.models import Task, User
from reference_backend.tasks import TaskChange, WholeTask, task_json
from tests.detection import careless
from tests.detection.registry import fault
from tests.detection.routes import override, serve, wrap_route
from tests.detection.seams import on_app

OWN_LIST = "isolation-list-holds-own-tasks-only"
OWN_OWNER = "isolation-owner-is-the-caller"
FROM_CREDENTIAL = "isolation-identity-from-credential-only"

# --- the owner filter is missing ---


@fault(defect="is-read-other-item", caught_by="idor-task-read-is-refused", says="Bob trying to read Ann's task")
def tasks_are_read_by_id_alone() -> None:
    """GET /api/tasks/{id} authenticates the caller and looks the task up by its id alone."""
    careless.route("read_task", identity.caller)


@fault(
    defect="is-update-other-item",
    caught_by="idor-task-change-is-refused",
    says="Bob trying to replace Ann's task is refused; .*Ann's task was changed",
)
def tasks_are_replaced_by_id_alone() -> None:
    """PUT /api/tasks/{id} authenticates the caller and looks the task up by its id alone."""
    careless.route("replace_task", identity.caller)


@fault(
    defect="is-update-other-item",
    caught_by="idor-task-change-is-refused",
    says="Bob trying to update Ann's task is refused; .*Ann's task was changed",
)
def tasks_are_changed_by_id_alone() -> None:
    """PATCH /api/tasks/{id} authenticates the caller and looks the task up by its id alone."""
    careless.route("change_task", identity.caller)


@fault(
    defect="is-delete-other-item",
    caught_by="idor-task-delete-is-refused",
    says="Bob trying to delete Ann's task is refused; .*Ann's task is gone",
)
def tasks_are_deleted_by_id_alone() -> None:
    """DELETE /api/tasks/{id} authenticates the caller and looks the task up by its id alone."""
    careless.route("delete_task", identity.caller)


@fault(
    defect="is-delete-other-item",
    caught_by="idor-task-delete-is-refused",
    says="Bob trying to delete Ann's task is refused; .*Ann's task is gone",
)
def tasks_are_deleted_before_their_owner_is_compared() -> None:
    """DELETE answers 404 for another user's task, after it has deleted it."""

    def delete_task(services: UseServices, caller: UseCaller, task_id: str) -> None:
        with services.database.begin() as db:
            task = tasks.find(db, caller.id, task_id) if _is_owner(services, caller, task_id) else None
        careless.delete_task(services, task_id)
        if task is None:
            raise ApiError(404, "NOT_FOUND", "Not Found")

    serve(tasks.router, "delete_task", delete_task)


def _is_owner(services: identity.Services, caller: User, task_id: str) -> bool:
    with services.database.begin() as db:
        return db.scalar(tasks.owned_by(caller.id).where(Task.id == task_id)) is not None


# --- lists ---


def list_all_when(asked: Callable[[Request], bool]) -> None:
    """List everybody's tasks where ``asked`` says so, and the caller's own otherwise."""

    def list_tasks(request: Request, services: UseServices, caller: UseCaller) -> list[dict[str, Any]]:
        if asked(request):
            return careless.list_tasks(services)
        return tasks.list_tasks(services, caller, limit=500, offset=0)

    serve(tasks.router, "list_tasks", list_tasks)


@fault(defect="is-list-leaks-other-users", caught_by=OWN_LIST, says="nothing of Ann's in another user's list")
def the_list_is_not_filtered() -> None:
    """GET /api/tasks authenticates the caller and lists every user's tasks."""
    careless.route("list_tasks", identity.caller)


@fault(defect="is-list-leaks-other-users", caught_by=OWN_LIST, says="nothing of Ann's in another user's list")
def a_search_forgets_the_owner() -> None:
    """The search's condition replaces the owner's: `filter` instead of `and`."""

    def list_tasks(
        services: UseServices, caller: UseCaller, q: str = "", search: str = ""
    ) -> list[dict[str, Any]]:
        with services.database.begin() as db:
            matching = or_(*(Task.title.contains(word) for word in (q, search) if word))
            query = select(Task).where(matching) if q or search else tasks.owned_by(caller.id)
            return [task_json(task) for task in db.scalars(query)]

    serve(tasks.router, "list_tasks", list_tasks)


@fault(defect="is-list-leaks-other-users", caught_by=OWN_LIST, says="nothing of Ann's in another user's list")
def later_pages_forget_the_owner() -> None:
    """The first page has a query of its own; the one for later pages lacks the owner."""
    list_all_when(lambda request: request.query_params.get("offset", "0") != "0")


@fault(defect="is-list-leaks-other-users", caught_by=OWN_LIST, says="nothing of Ann's in another user's list")
def a_sorted_list_forgets_the_owner() -> None:
    """Sorting builds the query again, without the owner."""
    list_all_when(lambda request: "sort" in request.query_params or "order" in request.query_params)


@fault(defect="is-list-leaks-other-users", caught_by=OWN_LIST, says="nothing of Ann's in another user's list")
def a_large_list_forgets_the_owner() -> None:
    """A limit above the usual is served by the export's query, which lists every user's tasks."""
    list_all_when(lambda request: len(request.query_params.get("limit", "")) > 3)


@fault(defect="is-response-cache-bleed", caught_by=OWN_LIST, says="nothing of Ann's in what Bob gets")
def the_list_is_cached_by_path_alone() -> None:
    """A cache of lists, cleared by every change, has the path as its key and not the caller."""
    kept: dict[str, Any] = {}

    def cached(original: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return kept.setdefault("/api/tasks", original(*arguments, **named))

    def emptied(original: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        kept.clear()
        return original(*arguments, **named)

    wrap_route(tasks.router, "list_tasks", cached)
    for handler in ("create_task", "replace_task", "change_task", "delete_task"):
        wrap_route(tasks.router, handler, emptied)


# --- the owner from the body ---


def owner_from(field: str) -> None:
    """Create tasks for whoever stands in that field of the body, if it is there."""
    fields: dict[str, Any] = {field: (str | None, None)}
    named = create_model("NamedTask", __base__=WholeTask, **fields)

    def create_task(
        services: UseServices, caller: UseCaller, form: Annotated[WholeTask, Depends(json(named))]
    ) -> dict[str, Any]:
        owner = getattr(form, field) or caller.id
        return tasks.create_task(services, User(id=owner), WholeTask(title=form.title))

    serve(tasks.router, "create_task", create_task)


@fault(defect="is-owner-from-body", caught_by=OWN_OWNER, says="no other user can put a task into Ann's list")
def the_body_names_the_owner() -> None:
    """`Task(**body)`: the column's own name, user_id, is taken from the body."""
    owner_from("user_id")


@fault(defect="is-owner-from-body", caught_by=OWN_OWNER, says="no other user can put a task into Ann's list")
def the_body_names_the_owner_in_camel_case() -> None:
    """The model of the body has an optional ownerId, which wins over the caller."""
    owner_from("ownerId")


REASSIGNED = "is-owner-reassigned-by-update"
KEPT = "isolation-owner-is-kept-by-updates"


def _reassign(handler: str, field: str, *, of_anybody: bool = False) -> None:
    """Have a change of a task set its owner to that field of the body, if it is there.

    ``of_anybody`` looks the task up by its id and takes the owner that the body names for the caller.
    """
    for model in (tasks.WholeTask, tasks.TaskChange):
        model.model_config["extra"] = "allow"
        model.model_rebuild(force=True)

    def change(original: Any, *, services: Any, caller: User, task_id: str, form: Any) -> Any:
        owner = (form.model_extra or {}).get(field)
        with services.database.begin() as db:
            task = db.get(Task, task_id) if of_anybody and owner == caller.id else None
            if task is not None:
                task.user_id = caller.id
        known = type(form)(
            **{name: getattr(form, name) for name in form.model_fields_set if name in type(form).model_fields}
        )
        answer = original(services=services, caller=caller, task_id=task_id, form=known)
        with services.database.begin() as db:
            if owner is not None and not of_anybody:
                db.execute(update(Task).where(Task.id == task_id).values(user_id=owner))
        return answer

    wrap_route(tasks.router, handler, change)


@fault(
    defect=REASSIGNED,
    caught_by=KEPT,
    says="Ann tries to replace it and names Bob as its owner; but Ann's task is gone",
)
def a_replaced_task_takes_its_owner_from_the_body() -> None:
    """`Task(**body)` once more at PUT: the column's own name, user_id, is taken from the body."""
    _reassign("replace_task", "user_id")


@fault(
    defect=REASSIGNED,
    caught_by=KEPT,
    says="Ann tries to update it and names Bob as its owner; but Ann's task is gone",
)
def a_changed_task_takes_its_owner_from_the_body() -> None:
    """`setattr` for every field of the body: ownerId, too."""
    _reassign("change_task", "ownerId")


@fault(
    defect=REASSIGNED,
    caught_by=KEPT,
    says="Bob tries to update it and names Bob as its owner; but Ann's task is gone",
)
def naming_oneself_takes_a_task_over() -> None:
    """The check of the owner compares the caller with the owner that the body names."""
    _reassign("change_task", "user_id", of_anybody=True)


@fault(defect=REASSIGNED, caught_by=KEPT, says="names Bob as its owner; but what it wrote stands in Bob's list")
def a_changed_task_is_copied_to_the_owner_in_the_body() -> None:
    """An update with another owner leaves the task, and hands that owner a copy."""

    def change(original: Any, *, services: Any, caller: User, task_id: str, form: Any) -> Any:
        owner = (form.model_extra or {}).get("owner_id")
        answer = original(services=services, caller=caller, task_id=task_id, form=TaskChange(title=form.title))
        if owner is not None and owner != caller.id:
            tasks.create_task(services, User(id=owner), WholeTask(title=form.title))
        return answer

    TaskChange.model_config["extra"] = "allow"
    TaskChange.model_rebuild(force=True)
    wrap_route(tasks.router, "change_task", change)


# --- the identity from the request ---


def act_as(named: Callable[[Request], str | None]) -> None:
    """Check the credential, and then act as the user whose id or address ``named`` finds in the request."""

    def caller(request: Request, response: Response, services: UseServices) -> User:
        own = identity.caller(request, response, services)
        wanted = named(request)
        with services.database.begin() as db:
            other = db.scalar(select(User).where(or_(User.id == wanted, User.email == wanted)))
        return other or own

    override(identity.caller, caller)


IN_LIST = "nothing of Ann's in another user's list"


@fault(defect="is-identity-from-request", caught_by=FROM_CREDENTIAL, says=IN_LIST)
def the_query_says_who_asks() -> None:
    """Any valid credential opens the tasks of ?userId=."""
    act_as(lambda request: request.query_params.get("userId"))


@fault(defect="is-identity-from-request", caught_by=FROM_CREDENTIAL, says=IN_LIST)
def the_header_x_user_id_says_who_asks() -> None:
    """A header that a gateway sets is trusted from any client: X-User-Id."""
    act_as(lambda request: request.headers.get("x-user-id"))


@fault(defect="is-identity-from-request", caught_by=FROM_CREDENTIAL, says=IN_LIST)
def the_header_x_user_email_says_who_asks() -> None:
    """A header that a gateway sets is trusted from any client: X-User-Email."""
    act_as(lambda request: request.headers.get("x-user-email"))


@fault(defect="is-identity-from-request", caught_by=FROM_CREDENTIAL, says=IN_LIST)
def the_header_x_forwarded_user_says_who_asks() -> None:
    """A header that an authenticating proxy sets is trusted from any client: X-Forwarded-User."""
    act_as(lambda request: request.headers.get("x-forwarded-user"))


@fault(defect="is-identity-from-request", caught_by=FROM_CREDENTIAL, says=IN_LIST)
def the_header_remote_user_says_who_asks() -> None:
    """A header that a web server sets is trusted from any client: Remote-User."""
    act_as(lambda request: request.headers.get("remote-user"))


@fault(defect="is-identity-from-request", caught_by=FROM_CREDENTIAL, says=IN_LIST)
def the_header_x_auth_user_id_says_who_asks() -> None:
    """A header that a gateway sets is trusted from any client: X-Auth-User-Id."""
    act_as(lambda request: request.headers.get("x-auth-user-id"))


@fault(defect="is-identity-from-request", caught_by=FROM_CREDENTIAL, says=IN_LIST)
def the_query_names_the_owner_of_a_list() -> None:
    """A list is filtered by ?owner_id= instead of by its caller."""
    act_as(lambda request: request.query_params.get("owner_id"))


@fault(defect="is-identity-from-request", caught_by=FROM_CREDENTIAL, says=IN_LIST)
def a_plain_cookie_says_who_asks() -> None:
    """The front end remembers the user in a cookie, user_id, and the API trusts it."""
    act_as(lambda request: request.cookies.get("user_id"))


@fault(defect="is-identity-from-request", caught_by=FROM_CREDENTIAL, says="put a task into Ann's list")
def the_query_says_for_whom_a_task_is_made() -> None:
    """Only POST takes the owner from ?user_id=."""
    act_as(lambda request: request.query_params.get("user_id") if request.method == "POST" else None)


@fault(defect="is-identity-from-request", caught_by=FROM_CREDENTIAL, says=IN_LIST)
def the_path_says_whose_tasks_they_are() -> None:
    """GET /api/users/{id}/tasks requires any user's credential and lists the tasks of the id."""

    def list_of(services: UseServices, _caller: UseCaller, user_id: str) -> list[dict[str, Any]]:
        return tasks.list_tasks(services, User(id=user_id), limit=100, offset=0)

    on_app(lambda made: made.add_api_route("/api/users/{user_id}/tasks", list_of))

"""Tasks that the session's cookie opens, and what it should not."""

from __future__ import annotations

from fastapi import Request, Response

from reference_backend import cookies, identity
from reference_backend.identity import Services
from reference_backend.models import User
from tests.detection import careless
from tests.detection.registry import fault
from tests.detection.session_tasks import BY_SESSION, FRONT_END_ONLY, Found, on_caller


def _cookie(request: Request, services: Services) -> str:
    return next(iter(cookies.presented(request, services.settings)), "")


@fault(
    defect="eh-malformed-token-5xx",
    caught_by="error-malformed-token-is-refused",
    says=r"malformed session cookie \(one letter\) is refused; but 500 came",
    profile=BY_SESSION,
)
def the_tasks_take_the_cookie_apart_unchecked() -> None:
    """`token, signature = cookie.split(".")` before the task routes, with nothing around it."""

    def unpack(original: Found, request: Request, response: Response, services: Services) -> User:
        if value := _cookie(request, services):
            _token, _signature = value.split(".")
        return original(request, response, services)

    on_caller(unpack)


@fault(
    defect="so-session-survives-signout",
    caught_by=("signout-stops-new-tokens", "expiry-expired-session-is-refused"),
    says="captured session at the task list is refused; .*private text",
    profile=BY_SESSION,
)
def the_tasks_remember_whose_cookie_it_was() -> None:
    """The task routes keep each cookie's user in a dictionary and never ask the session table again."""
    known: dict[str, User] = {}

    def remember(original: Found, request: Request, response: Response, services: Services) -> User:
        value = _cookie(request, services)
        if value not in known:
            known[value] = original(request, response, services)
        return known[value]

    on_caller(remember)


@fault(
    defect="tv-route-missing-guard",
    caught_by="token-is-verified-on-every-route",
    says="to delete a task with Ann's session cookie altered is refused; .*Ann's task is gone",
    profile=BY_SESSION,
)
def deleting_looks_at_the_cookie_s_signature_alone() -> None:
    """DELETE takes the session by the second half of the cookie, whatever the first half says."""

    def by_signature(original: Found, request: Request, response: Response, services: Services) -> User:
        value = _cookie(request, services)
        if request.method != "DELETE" or not value:
            user = original(request, response, services)
            owners[value.partition(".")[2]] = user
            return user
        return owners.get(value.partition(".")[2]) or original(request, response, services)

    owners: dict[str, User] = {}
    on_caller(by_signature)


@fault(
    defect="tv-missing-token-accepted",
    caught_by="token-missing-is-refused",
    says="attempt to read Ann's task without a credential is refused; .*private text",
    profile=FRONT_END_ONLY,
)
def the_front_end_reads_a_task_for_anybody() -> None:
    """The only way to the tasks asks nobody who wants to read one."""
    careless.route("read_task")


@fault(
    defect="is-delete-other-item",
    caught_by="idor-task-delete-is-refused",
    says="Bob trying to delete Ann's task is refused; .*Ann's task is gone",
    profile=FRONT_END_ONLY,
)
def the_front_end_deletes_by_id_alone() -> None:
    """The only way to the tasks is a front end, which looks for the id alone."""
    careless.route("delete_task", identity.caller)

"""Correct routes beside the five verbs, and further resources."""

from __future__ import annotations

from typing import Any

from reference_backend import tasks
from reference_backend.errors import ApiError
from reference_backend.identity import UseCaller, UseServices
from tests.detection.further_routes import PROFILE, UseSaid, add_routes, comments
from tests.detection.variant_registry import variant

FURTHER = (
    "isolation-further-routes-are-isolated",
    "token-is-verified-on-further-routes",
    "expiry-further-routes-refuse-expired-credentials",
    "signout-closes-further-routes",
)


@variant(
    stays_green=FURTHER,
    never_fail_on={"is-undeclared-route-not-isolated": "404/405/422"},
    profile=PROFILE,
)
def there_are_routes_beside_the_five_verbs() -> None:
    """Tasks can be completed, commented on and exported, and there are notes; each asks who is there."""
    add_routes()


@variant(stays_green=FURTHER, profile=PROFILE)
def what_is_another_s_is_answered_like_nothing() -> None:
    """Another user's task has no comments, a success that shows nothing; completing it is 200 and does nothing."""

    def read_comments(services: UseServices, caller: UseCaller, task_id: str) -> list[str]:
        return comments[task_id] if _is_own(services, caller, task_id) else []

    def complete(services: UseServices, caller: UseCaller, task_id: str) -> dict[str, Any]:
        if _is_own(services, caller, task_id):
            with services.database.begin() as db:
                tasks.find(db, caller.id, task_id).completed = True
        return {"ok": True}

    def comment(services: UseServices, caller: UseCaller, task_id: str, said: UseSaid) -> dict[str, Any]:
        if _is_own(services, caller, task_id):
            comments[task_id].append(said.text)
        return {"ok": True}

    add_routes(read_comments=read_comments, complete=complete, comment=comment)


def _is_own(services: UseServices, caller: UseCaller, task_id: str) -> bool:
    with services.database.begin() as db:
        try:
            tasks.find(db, caller.id, task_id)
        except ApiError:
            return False
        return True

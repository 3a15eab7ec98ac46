"""Routes beside the five verbs, and further resources, that ask too little."""

from __future__ import annotations

from typing import Any

import jwt
from fastapi import Request, Response

from reference_backend import tasks, tokens
from reference_backend.identity import UseCaller, UseServices, signed_in, visitor
from reference_backend.models import Task
from reference_backend.tokens import Claims
from tests.detection.further_routes import PROFILE, UseSaid, add_routes, comments, devices, listed, notes
from tests.detection.registry import fault
from tests.detection.seams import know_the_request, path, wrap

ISOLATED = "isolation-further-routes-are-isolated"
GUARDED = "token-is-verified-on-further-routes"


@fault(
    defect="is-undeclared-route-not-isolated",
    caught_by=ISOLATED,
    says="Bob calling .*, with Ann's task, is refused; .*Ann's task was changed, at .*/completed",
    profile=PROFILE,
)
def anybody_completes_a_task_by_its_id() -> None:
    """POST /api/tasks/{id}/complete asks who is there and looks for the id alone."""

    def complete(services: UseServices, caller: UseCaller, task_id: str) -> dict[str, Any]:
        with services.database.begin() as db:
            task = db.get_one(Task, task_id)
            task.completed = True
            return {"ok": True}

    add_routes(complete=complete)


@fault(
    defect="is-undeclared-route-not-isolated",
    caught_by=ISOLATED,
    says="Bob calling GET /api/tasks/{task_id}/comments, with Ann's task, is refused; .*private text",
    profile=PROFILE,
)
def comments_are_read_by_the_task_s_id_alone() -> None:
    """GET /api/tasks/{id}/comments shows another user's comments."""

    def read_comments(caller: UseCaller, task_id: str) -> list[str]:
        return comments[task_id]

    add_routes(read_comments=read_comments)


@fault(
    defect="is-undeclared-route-not-isolated",
    caught_by=ISOLATED,
    says="Bob calling GET /api/tasks/export, with Ann's task, is refused; .*private text",
    profile=PROFILE,
)
def the_export_has_everybody_s_tasks() -> None:
    """GET /api/tasks/export forgets the filter by owner."""

    def export(services: UseServices, caller: UseCaller) -> list[str]:
        with services.database.begin() as db:
            return [task.title for task in db.query(Task)]

    add_routes(export=export)


@fault(
    defect="is-list-leaks-other-users",
    caught_by=ISOLATED,
    says=r"Bob calling GET /api/tasks\?completed=false, with Ann's task, is refused; .*private text",
    profile=PROFILE,
    spares=("isolation-list-holds-own-tasks-only",),
)
def a_filter_replaces_the_owner() -> None:
    """GET /api/tasks?completed=false asks for what is not completed in place of what is the caller's."""

    def filtered(services: UseServices, caller: UseCaller, completed: bool | None = None) -> list[dict[str, Any]]:
        if completed is None:
            return listed(services, caller)
        with services.database.begin() as db:
            return [tasks.task_json(task) for task in db.query(Task).filter(Task.completed == completed)]

    add_routes(listed=filtered)


@fault(
    defect="tv-route-missing-guard",
    caught_by=GUARDED,
    says="to call (GET|POST) /api/notes .notes. with no credential is refused; .*(private text|answered 200)",
    profile=PROFILE,
)
def a_second_resource_asks_for_no_credential() -> None:
    """The notes ask nobody who is there, beside tasks that are guarded."""

    def note(said: UseSaid) -> dict[str, Any]:
        notes["everybody"].append(said.text)
        return {"notes": len(notes["everybody"])}

    add_routes(note=note, read_notes=lambda: notes["everybody"])


@fault(
    defect="tv-route-missing-guard",
    caught_by=GUARDED,
    says="to call GET /api/tasks/export with a forged credential is refused; .*private text",
    profile=PROFILE,
)
def the_export_decodes_the_token_and_verifies_nothing() -> None:
    """A route of its own reads the token's claims without its signature."""
    careless_on("/api/tasks/export", verify_signature=False)
    add_routes()


@fault(
    defect="so-session-survives-signout",
    caught_by="signout-closes-further-routes",
    says="to call GET /api/auth/devices .sessions. with the captured session is refused; .*answered 200",
    profile=PROFILE,
    spares=("signout-ends-captured-session",),
)
def a_further_route_remembers_who_was_signed_in() -> None:
    """GET /api/auth/devices keeps the user of each cookie that it met, and looks for no session again."""
    known: dict[str, str] = {}

    def read_devices(request: Request, response: Response, services: UseServices) -> list[str]:
        cookie = request.headers.get("cookie", "")
        if cookie not in known:
            known[cookie] = signed_in(visitor(request, response, services)).user.id
        return devices[known[cookie]]

    add_routes(read_devices=read_devices)


@fault(
    defect="ex-expired-token-accepted",
    caught_by="expiry-further-routes-refuse-expired-credentials",
    says="to call (GET|POST) /api/notes .notes. with an expired token is refused; .*(private text|answered 200)",
    profile=PROFILE,
)
def the_notes_take_expired_tokens() -> None:
    """The second resource verifies the signature and not the expiry."""
    careless_on("/api/notes", verify_exp=False)
    add_routes()


def careless_on(where: str, **options: bool) -> None:
    """Verify tokens on one path with these options of the library, and on every other as ever."""

    know_the_request()
    unverified: Any = {"verify_aud": False, **options}

    def verify(original: Any, signer: tokens.Signer, settings: Any, token: str) -> Claims:
        if path() != where:
            return original(signer, settings, token)  # type: ignore[no-any-return]
        payload = jwt.decode(token, signer.public, [signer.algorithm], options=unverified)
        return Claims(payload["sub"], payload["sid"])

    wrap(tokens, "verify", verify)

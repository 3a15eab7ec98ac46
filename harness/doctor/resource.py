"""Whether the protected resource is as the profile says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from harness.core.errors import Absent, Unavailable
from harness.core.findings import Unmet
from harness.deployment.answer import how_answered
from harness.deployment.credential import ANONYMOUS
from harness.deployment.difference import difference
from harness.deployment.lines import write
from harness.deployment.presence import not_there
from harness.deployment.quotation import json_of, quoted
from harness.deployment.tasks.checks import TaskApi
from harness.doctor import obstacles
from harness.doctor.findings import Finding, Unusable, doubtful, works
from harness.doctor.trials import called, tried
from harness.profile.target import flag_of, other, same_origin
from harness.wire.parts import arrays

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.deployment import Deployment
    from harness.deployment.people import Person
    from harness.deployment.tasks.client import Route, Verb

_NOT_THERE = (httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED)
_WORKS: dict[Verb, str] = {
    "read": "shows Ann's task",
    "replace": "replaces it",
    "update": "changes it",
    "delete": "deletes one",
}


def examine(deployment: Deployment, ann: Person) -> list[Finding]:
    """Carry out every task route that the profile declares."""
    findings: list[Finding] = []
    routes: list[Route] = ["tasks", "proxy"]
    for route in routes:
        if getattr(deployment.target.profile, route) is not None:
            findings += _route(TaskApi(deployment, route), ann)
    return findings


def _route(api: TaskApi, ann: Person) -> list[Finding]:
    operation, target = api.operation("list"), api.deployment.target
    where = f"{operation.method} {target.url(operation.base, operation.path)} ({api.route}.list)"
    bare = api.call("list", "the doctor", ANONYMOUS, ann).exchange
    try:
        credential = api.credential(ann)
    except (Unavailable, Absent):
        could_not = doubtful(f"{where} could not be requested with a credential", api.route)
        return _missing(api, where, bare) or [could_not]
    own = api.call("list", "Ann's first device", credential, ann).exchange
    if missing := _missing(api, where, own):
        return missing
    if api.items(own) is None:
        return [doubtful(_unlisted(api, where, own, bare), api.route)]
    if api.items(bare) is not None:
        return [doubtful(f"{where} gives a list without any credential too; the scenarios will say so")]
    said = how_answered(api.operation("list"), bare).removeprefix("it was answered ")
    listing = works(f"{where} gives Ann a list, and an anonymous client {said}")
    try:
        made = _making(api, ann)
        return [listing, made, *(_others(api, ann) if made.kind == "works" else [])]
    finally:
        api.discard(ann)


def _making(api: TaskApi, ann: Person) -> Finding:
    what = called(api.operation("create"), f"{api.route}.create")
    try:
        task = api.make(ann)
        if task.canary not in api.listed(ann).text:
            return doubtful(f"{what} made something that is not in Ann's list; the scenarios will say so")
    except Unmet as failed:
        return doubtful(f"{what} makes no task: {failed.came}{_missing_token(api, failed)}", api.route)
    except Unavailable as reason:
        problem = "can't be used" if reason.exchanges else "could not be tried"
        return doubtful(f"{what} {problem}: {reason}", api.route)
    return works(f"{what} makes something that is in Ann's list")


def _missing_token(api: TaskApi, failed: Unmet) -> str:
    """What to write if it was refused without a CSRF token."""
    refused = any(one.status == httpx.codes.FORBIDDEN for one in failed.exchanges[-1:])
    target, base = api.deployment.target, api.operation("create").base
    if not refused or api.declared.credential != "session" or target.wants_csrf_token(base):
        return ""
    return f'. No CSRF token was sent: if it wants one, describe it under [csrf], with "{base}" among its bases'


def _others(api: TaskApi, ann: Person) -> list[Finding]:
    """What can be done with the task that Ann has."""
    findings: list[Finding] = []
    for verb, does in _WORKS.items():
        if getattr(api.declared, verb) is not None:
            key = f"{api.route}.{verb}"
            what, act = called(api.operation(verb), key), api.control(verb, ann, ann.tasks[0])
            findings += tried(api.deployment.target, what, key, does, act)
    return findings


def _unlisted(api: TaskApi, where: str, own: Exchange, bare: Exchange) -> str:
    if (obstacle := obstacles.in_front(own, api.deployment.target)) is not None:
        return f"{where} {obstacles.sentence(own, obstacle)}"
    if httpx.codes.is_success(own.status):
        place = api.declared.items
        return f"{where} answers {quoted(own)} without a list at {place} ({api.route}.items){_list_line(api, own)}"
    same = difference(own, bare, []) is None
    beside = "as without any" if same else f"and an anonymous client gets {quoted(bare)}"
    return f"{where} answers {quoted(own)} to Ann's own credential, {beside}; the scenarios will say so"


def _list_line(api: TaskApi, own: Exchange) -> str:
    """What to write where the answer has its list elsewhere."""
    at = [pointer for pointer, _ in arrays(json_of(own))]
    lines = write(api.route, {"items": at[0]}, "of several lists the first" if len(at) > 1 else "") if at else ""
    return f". {lines}" if lines else "; check the profile"


def _missing(api: TaskApi, where: str, answer: Exchange) -> list[Finding]:
    """What says that there is no such path, if there is none.

    Raises Unusable if it is the API's, or on the other address.
    """
    if answer.status not in _NOT_THERE:
        return []
    target, operation = api.deployment.target, api.operation("list")
    missing = not_there(f"{api.route}.list", operation, answer)
    if api.route == "proxy":
        # Where it was to lead to is looked at by itself.
        return [doubtful(str(missing), api.route)]
    elsewhere = other(operation.base)
    address, flag = target.address(elsewhere), flag_of(operation.base)
    if not same_origin(target.address(elsewhere), target.address(operation.base)):
        path = answer.url.removeprefix(target.url(operation.base, ""))
        there = api.deployment.client.send("the doctor", operation.method, address + path)
        if there.status not in (*_NOT_THERE, httpx.codes.OK):
            raise Unusable(
                f"{where} was answered {answer.status}, while {address} has that path ({there.status}). Is {flag} "
                f"right, or does {api.route}.base in the profile mean {flag_of(elsewhere)}?"
            )
    raise Unusable(f"{where} was answered {answer.status}: it is not there. Check {flag}. {missing.remedy}")

"""Whether the protected resource is as the profile says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from harness.core.errors import Absent, Unavailable
from harness.core.findings import Unmet
from harness.core.text import listed
from harness.deployment.answer import how_answered
from harness.deployment.credential import ANONYMOUS
from harness.deployment.difference import difference
from harness.deployment.quotation import quoted
from harness.deployment.tasks.client import TaskClient
from harness.doctor.findings import Finding, Unusable, doubtful, works
from harness.profile.target import flag_of, other, same_origin

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.deployment import Deployment
    from harness.deployment.people import Person
    from harness.deployment.tasks.client import Route

_NOT_THERE = (httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED)


def examine(deployment: Deployment, ann: Person) -> list[Finding]:
    """List tasks on each declared route, and open the pages."""
    findings: list[Finding] = []
    routes: list[Route] = ["tasks", "proxy"]
    for route in routes:
        if getattr(deployment.target.profile, route) is not None:
            findings += _route(deployment, route, ann)
    if deployment.target.profile.pages is not None:
        findings += _pages(deployment)
    return findings


def _route(deployment: Deployment, route: Route, ann: Person) -> list[Finding]:
    api = TaskClient(deployment, route)
    operation = api.operation("list")
    where = f"{operation.method} {deployment.target.url(operation.base, operation.path)} ({route}.list)"
    bare = api.call("list", "the doctor", ANONYMOUS, ann).exchange
    try:
        credential = api.credential(ann)
    except (Unavailable, Absent):
        _must_be_there(deployment, route, where, bare)
        return [doubtful(f"{where} could not be requested with a credential")]
    own = api.call("list", "Ann's first device", credential, ann).exchange
    _must_be_there(deployment, route, where, own)
    if api.items(own) is None:
        return [doubtful(_unlisted(api, where, own, bare))]
    if api.items(bare) is not None:
        return [doubtful(f"{where} gives a list without any credential too; the scenarios will say so")]
    return [works(f"{where} gives Ann a list, and an anonymous client {_said(api, bare)}"), _making(api, ann)]


def _said(api: TaskClient, bare: Exchange) -> str:
    return how_answered(api.operation("list"), bare).removeprefix("it was answered ")


def _making(api: TaskClient, ann: Person) -> Finding:
    operation = api.operation("create")
    what = f"{operation.method} {operation.path} ({api.route}.create)"
    try:
        task = api.make(ann)
        if task.canary not in api.listed(ann).text:
            return doubtful(f"{what} made something that is not in Ann's list; the scenarios will say so")
    except Unmet as failed:
        return doubtful(f"{what} makes no task: {failed.came}")
    except Unavailable as reason:
        return doubtful(f"{what} could not be tried: {reason}")
    finally:
        api.discard(ann)
    return works(f"{what} makes something that is in Ann's list")


def _unlisted(api: TaskClient, where: str, own: Exchange, bare: Exchange) -> str:
    if httpx.codes.is_success(own.status):
        pointer = api.declared.items or "the top"
        return f"{where} answers {own.status} without a list at {pointer} ({api.route}.items); check the pointer"
    same = difference(own, bare, []) is None
    beside = "as without any" if same else f"and an anonymous client gets {quoted(bare)}"
    return f"{where} answers {quoted(own)} to Ann's own credential, {beside}; the scenarios will say so"


def _must_be_there(deployment: Deployment, route: Route, where: str, answer: Exchange) -> None:
    """Raise Unusable if the path is missing or on the other address."""
    if answer.status not in _NOT_THERE:
        return
    target = deployment.target
    operation = TaskClient(deployment, route).operation("list")
    elsewhere = other(operation.base)
    address, flag = target.address(elsewhere), flag_of(operation.base)
    if not same_origin(target.web, target.api):
        path = answer.url.removeprefix(target.url(operation.base, ""))
        there = deployment.client.send("the doctor", operation.method, address + path)
        if there.status not in (*_NOT_THERE, httpx.codes.OK):
            raise Unusable(
                f"{where} was answered {answer.status}, while {address} has that path ({there.status}). Is {flag} "
                f"right, or does {route}.base in the profile mean {flag_of(elsewhere)}?"
            )
    raise Unusable(
        f"{where} was answered {answer.status}: it is not there. Check {flag} and {route} in the profile."
    )


def _pages(deployment: Deployment) -> list[Finding]:
    pages, findings = deployment.pages, []
    for name, path in (("sign-in", pages.sign_in), ("sign-up", pages.sign_up)):
        if path is False:
            continue
        answer = deployment.client.send("the doctor", "GET", deployment.target.url("web", path))
        missing = [field.value for field in (pages.email, pages.password) if field.value not in answer.text]
        words = listed((f'"{word}"' for word in missing), "and")
        if not httpx.codes.is_success(answer.status) or "html" not in (answer.header("content-type") or ""):
            findings.append(
                doubtful(f"{path} was answered {answer.status} and is not a page; check pages ({name})")
            )
        elif missing:
            findings.append(
                doubtful(
                    f"the HTML of {path} ({name}) does not contain {words}; unless a script adds it, check pages"
                )
            )
        else:
            findings.append(works(f"{path} is a page with its form ({name})"))
    return findings

"""Whether further routes are as the profile says."""

from __future__ import annotations

import contextlib
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from harness.core.errors import Absent, Unavailable
from harness.core.exchange import NoAnswer
from harness.core.text import abridged
from harness.deployment.quotation import json_of
from harness.doctor.findings import Finding, doubtful
from harness.doctor.trials import called, tried
from harness.flows.further_routes import own_call
from harness.profile.resources import shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.deployment.deployment import Deployment
    from harness.scenario.world import World

_DOCUMENTS = ("/openapi.json", "/api/openapi.json")
_METHODS = ("get", "post", "put", "patch", "delete")
_MOST_NAMED = 12


def examine(world: World, alias: str) -> list[Finding]:
    """Carry out every further route.

    Those that an OpenAPI document has besides are named.
    """
    findings: list[Finding] = []
    routes = world.target.profile.further_routes
    if routes:
        world.give_task(alias)
    for route in routes:
        what, act = called(route.operation, route.resource or route.place), partial(own_call, world, route, alias)
        findings += tried(world.target, what, route.place, "answers its owner", act)
    with contextlib.suppress(Unavailable, NoAnswer, Absent):
        world.tasks.discard(world.person(alias))
    return [*findings, *_unnamed(world.deployment)]


def _unnamed(deployment: Deployment) -> list[Finding]:
    target = deployment.target
    known = {(operation.method, shape_of(operation.path)) for _, operation in target.profile.every_operation()}
    findings = []
    for base in target.bases:
        for path in _DOCUMENTS:
            described = list(_described(deployment, base + path))
            others = [f"{method} {where}" for method, where in described if (method, shape_of(where)) not in known]
            if others:
                findings.append(
                    doubtful(
                        f"{base}{path} describes routes that the profile does not name, so that none is tried: "
                        f"{abridged(others, _MOST_NAMED)}. Name those that need a credential in [[tasks.more]] or "
                        "[[resources]]"
                    )
                )
            if described:
                break
    return findings


def _described(deployment: Deployment, url: str) -> Iterator[tuple[str, str]]:
    """Method and path of each operation of an OpenAPI document."""
    try:
        answer = deployment.client.send("the doctor", "GET", url, [("Accept", "application/json")])
    except NoAnswer:
        return
    root = json_of(answer) if answer.status == HTTPStatus.OK else None
    paths = root.get("paths") if isinstance(root, dict) and ("openapi" in root or "swagger" in root) else None
    for path, methods in paths.items() if isinstance(paths, dict) else ():
        if isinstance(methods, dict):
            yield from ((method.upper(), str(path)) for method in _METHODS if method in methods)

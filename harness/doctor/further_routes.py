"""Whether further routes are as the profile says."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING

from harness.core.errors import Absent, Unavailable
from harness.core.exchange import NoAnswer
from harness.core.text import abridged
from harness.deployment.described_routes import described_at
from harness.doctor.findings import Finding, doubtful
from harness.doctor.trials import called, tried
from harness.flows.further_routes import own_call
from harness.profile.resources import shape_of

if TYPE_CHECKING:
    from harness.deployment.deployment import Deployment
    from harness.scenario.world import World

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
        url, described = described_at(deployment.client, "the doctor", base)
        others = [f"{one.method} {one.path}" for one in described if (one.method, shape_of(one.path)) not in known]
        if others:
            findings.append(
                doubtful(
                    f"{url} describes routes that the profile does not name, so that none is tried: "
                    f"{abridged(others, _MOST_NAMED)}. Name those that need a credential in [[tasks.more]] or "
                    "[[resources]]"
                )
            )
    return findings

"""Lists that a cache or a shared credential gives to others."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from harness.core.errors import Absent
from harness.core.findings import NotTested, Unmet
from harness.core.vocabulary import Vocabulary
from harness.deployment.answer import matches
from harness.deployment.credential import ANONYMOUS
from harness.deployment.quotation import quoted
from harness.deployment.tasks.checks import TaskApi
from harness.flows.common import precondition, unknown_like
from harness.flows.isolation import Lists

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.tasks.client import Call, Route
    from harness.scenario.world import World

ROUTES: Vocabulary[Route] = Vocabulary(
    "way to the tasks", {"at the API": "tasks", "through the front end": "proxy"}
)
"""The section of the profile that each way is in."""
_ANONYMOUS = "an anonymous client"


def list_after(world: World, alias: str, other: str, where: str) -> None:
    """List twice as the first person, then as two other clients.

    Those are the other person and an anonymous client. Raises NotTested where the first list is not complete.
    """
    api, owner, next_one = TaskApi(world.deployment, ROUTES[where]), world.person(alias), world.person(other)
    own, others = api.credential(owner), api.credential(next_one)
    first = [api.call("list", alias, own, owner).exchange for _ in range(2)]
    if world.task_of(alias).canary not in first[-1].text:
        with precondition():
            listing = api.listed(owner)
        if world.task_of(alias).canary not in listing.text:
            raise NotTested(f"the control failed: {alias}'s list {where} lacks her task.", "", first[-1:])
    then = api.call("list", other, others, next_one).exchange
    nobody = api.call("list", _ANONYMOUS, ANONYMOUS, owner).exchange
    world.remember(Lists([then, nobody]))


# --- whose credential a front end uses ---


@dataclass(frozen=True)
class Created:
    """Tasks created through the front end, and an anonymous client's attempt."""

    calls: dict[str, Call]
    anonymous: list[Exchange]
    written_by_anonymous: str


def create_through_front_end(world: World, *aliases: str) -> None:
    """Create a task as each of them, and as an anonymous client.

    The latter lists as well.
    Raises NotTested where one of them can't.
    """
    proxy, calls = world.proxy, dict[str, "Call"]()
    for alias in aliases:
        owner = world.person(alias)
        calls[alias] = proxy.call("create", alias, proxy.credential(owner), owner)
        answer = calls[alias].exchange
        if not matches(proxy.operation("create").outcomes.success, answer):
            raise NotTested(f"{alias} can't create a task through the front end: {quoted(answer)}.", "", [answer])
    owner = world.person(aliases[0])
    tried = proxy.call("create", _ANONYMOUS, ANONYMOUS, owner)
    listed = proxy.call("list", _ANONYMOUS, ANONYMOUS, owner).exchange
    world.remember(Created(calls, [tried.exchange, listed], tried.written))


def must_be_their_creators(world: World) -> None:
    """Raise Unmet unless each new task is in its creator's list alone.

    The list of the API is looked at, where there is one.
    """
    created = world.recall(Created)
    with precondition():
        lists = {alias: world.tasks.listed(world.person(alias)) for alias in created.calls}
    try:
        for alias, call in created.calls.items():
            for other, listing in lists.items():
                if other != alias and call.written in listing.text:
                    expected = f"that the task which {alias} creates through the front end is {alias}'s"
                    raise Unmet(expected, f"it is in {other}'s list", [call.exchange, *listing.pages[-1:]])
            if call.written not in lists[alias].text:
                expected = f"that the task which {alias} creates through the front end is {alias}'s"
                raise Unmet(expected, "it is not in the list", [call.exchange, *lists[alias].pages[-1:]])
        for alias, listing in lists.items():
            if created.written_by_anonymous in listing.text:
                expected = "that an anonymous client creates no task through the front end"
                raise Unmet(expected, f"it is in {alias}'s list", [*created.anonymous[:1], *listing.pages[-1:]])
    finally:
        _take_away(world, created)


def _take_away(world: World, created: Created) -> None:
    written = [call.written for call in created.calls.values()]
    for alias in created.calls:
        with contextlib.suppress(Unmet):
            world.tasks.adopt(world.person(alias), written)


def must_refuse_anonymous(world: World) -> None:
    """Raise Unmet if the front end serves an anonymous client.

    Not even an empty list: it would be that of the credential which the front end uses.
    """
    words = world.proxy.operation("list").outcomes.unauthenticated
    for answer in world.recall(Created).anonymous:
        if httpx.codes.is_success(answer.status) and not matches(words, answer):
            raise Unmet(
                "that an anonymous client is not served by the front end",
                f"{answer.method} was answered {quoted(answer)}",
                [answer],
            )


# --- whether something exists ---


@dataclass(frozen=True)
class Compared:
    """The answers for another user's task, and for no task."""

    theirs: Exchange
    unknown: Exchange


def ask_for_both(world: World, other: str, alias: str) -> None:
    """Read the owner's task, and no task, as another user."""
    intruder, task = world.person(other), world.task_of(alias)
    if world.tasks.declared.read is None:
        raise Absent("The profile declares no way to read one task.")
    credential = world.tasks.credential(intruder)
    ids = (task.id, unknown_like(task.id))
    asked = [world.tasks.call("read", other, credential, intruder, one).exchange for one in ids]
    world.remember(Compared(*asked))


def must_be_alike(world: World) -> None:
    """Raise Unmet if the status tells whether there is such a task."""
    compared = world.recall(Compared)
    if compared.theirs.status != compared.unknown.status:
        raise Unmet(
            "that another user's task is answered as one that does not exist",
            f"it was answered {quoted(compared.theirs)}, and {quoted(compared.unknown)} where there is none",
            [compared.theirs, compared.unknown],
        )

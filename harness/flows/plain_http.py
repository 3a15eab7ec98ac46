"""What a deployment that is reached over https serves over plain http."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from harness.core.errors import Absent
from harness.core.exchange import NoAnswer
from harness.core.findings import NotTested, Unmet
from harness.core.redaction import publish
from harness.core.vocabulary import Vocabulary
from harness.deployment.likeness import likeness
from harness.deployment.quotation import is_html, json_of, quoted

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.profile.operation import Base
    from harness.scenario.world import World

_ALIKE = 0.6
"""The share of words from which a page is the same one."""


@dataclass(frozen=True)
class Resource:
    """Where something is, and whether it is a page."""

    base: Base
    path: str
    is_page: bool
    takes_token: bool = False

    @property
    def accepts(self) -> tuple[str, str]:
        """What is asked for."""
        return ("Accept", "text/html,application/xhtml+xml" if self.is_page else "application/json")


@dataclass(frozen=True)
class OverHttps:
    """What the resource is over https."""

    resource: Resource
    answer: Exchange


@dataclass(frozen=True)
class InClear:
    """What came over plain http; None where there was no answer."""

    answer: Exchange | None


def _session(world: World) -> Resource:
    operation = world.deployment.operation("session")
    if operation.method != "GET" or "{" in operation.path:
        raise Absent("The session is not asked for by a plain GET.")
    return Resource(operation.base, operation.path, is_page=False)


def _tasks(world: World) -> Resource:
    listed = world.tasks.declared
    if "{" in listed.list.path:
        raise Absent("The path of the tasks names their owner.")
    return Resource(listed.base, listed.list.path, is_page=False, takes_token=True)


RESOURCES: Vocabulary[Callable[[World], Resource]] = Vocabulary(
    "resource that may be served in clear",
    {
        "the sign-in page": lambda world: Resource("web", world.deployment.pages.sign_in, is_page=True),
        "the start page": lambda _: Resource("web", "/", is_page=True),
        "the session": _session,
        "the tasks": _tasks,
    },
)


def ask_over_https(world: World, word: str) -> None:
    """Ask for the resource over https, as an anonymous client.

    Raises NotTested where no page comes that could be compared with.
    """
    resource = RESOURCES[word](world)
    url = world.target.url(resource.base, resource.path)
    answer = world.deployment.client.send("an attacker", "GET", url, [resource.accepts])
    if resource.is_page and not (httpx.codes.is_success(answer.status) and is_html(answer)):
        raise NotTested(
            f"{word} over https was answered {quoted(answer)}, so there is no page to compare with.",
            "Nothing needs to be done where there is no such page.",
            [answer],
        )
    world.remember(OverHttps(resource, answer))


def ask_in_clear(world: World) -> None:
    """Ask for the resource over plain http, with no real credential."""
    resource = world.recall(OverHttps).resource
    # Made up here: it is no secret, so that it may go where no secret may.
    canary = ("Authorization", f"Bearer {publish(f'made-up-{secrets.token_hex(8)}')}")
    headers = [resource.accepts, *([canary] if resource.takes_token else [])]
    url = f"{world.target.profile.plain_http}{resource.path}"
    try:
        world.remember(InClear(world.deployment.client.send_in_clear("an attacker", url, headers)))
    except NoAnswer:
        world.remember(InClear(None))


def must_not_be_served(world: World) -> None:
    """Raise Unmet if plain http gets the page, or the API's answer."""
    over_https, clear = world.recall(OverHttps), world.recall(InClear).answer
    if clear is None or not httpx.codes.is_success(clear.status):
        return
    if over_https.resource.is_page:
        same = is_html(clear) and likeness(clear.text, over_https.answer.text) >= _ALIKE
    else:
        same = json_of(clear) is not None or (clear.status, clear.body) == _said(over_https.answer)
    if same:
        raise Unmet(
            "that nothing is served over plain http where the deployment is reached over https",
            f"GET {clear.url} was answered {quoted(clear)}, as over https",
            [over_https.answer, clear],
        )


def _said(answer: Exchange) -> tuple[int, bytes]:
    return answer.status, answer.body

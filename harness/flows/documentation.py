"""Documentation of an API and debug pages, which production does not serve."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.findings import Unmet
from harness.core.vocabulary import Vocabulary
from harness.deployment.quotation import json_of

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.scenario.world import World

Mark = Callable[["Exchange"], bool]
"""Whether an answer is such a page."""


def _page(pattern: str) -> Mark:
    known = re.compile(pattern, re.IGNORECASE)
    return lambda answer: known.search(answer.text) is not None


def _description(answer: Exchange) -> bool:
    content = json_of(answer)
    if not isinstance(content, dict) or not isinstance(content.get("paths"), dict):
        return False
    return isinstance(content.get("openapi", content.get("swagger")), str)


def _management(answer: Exchange) -> bool:
    content = json_of(answer)
    links = content.get("_links") if isinstance(content, dict) else None
    return isinstance(links, dict) and "self" in links


_EXPLORER = _page(r"SwaggerUIBundle|swagger-ui[\w.-]*\.(?:js|css)|id=[\"']?swagger-ui\b")

PAGES: Vocabulary[Mark] = Vocabulary(
    "page for developers",
    {
        "/docs": _EXPLORER,
        "/redoc": _page(r"<redoc\b|redoc(?:\.standalone)?[\w.-]*\.js|Redoc\.init"),
        "/openapi.json": _description,
        "/api/openapi.json": _description,
        "/swagger.json": _description,
        "/v3/api-docs": _description,
        "/swagger-ui/": _EXPLORER,
        "/graphql": _page(
            r"graphiql[\w.-]*\.(?:js|css)|GraphQL Playground|embeddable-sandbox|id=[\"']?graphiql\b"
        ),
        "/console": _page(r"EVALEX ?=|<title>[^<]*\b(?:Debugger|H2 Console)\b|interactive console"),
        "/actuator": _management,
        "/debug/pprof/": _page(r"<title>/debug/pprof/</title>|\bgoroutine\?debug="),
        "/_profiler": _page(r"sf-toolbar|<title>[^<]*\bProfiler\b|id=[\"']?profiler\b"),
        "/__debug__/": _page(r"id=[\"']?djDebug\b|debug_toolbar/|DEBUG = True"),
    },
)
"""What a page at that path has, whatever its status is."""


@dataclass(frozen=True)
class Asked:
    """The answers at the path, each with that where there is nothing."""

    path: str
    answers: list[tuple[Exchange, Exchange]]


def ask_for_page(world: World, path: str) -> None:
    """Ask for the page on each address, and for one without anything."""
    client, headers = world.deployment.client, [("Accept", "text/html,application/json;q=0.9")]

    def ask(url: str) -> Exchange:
        return client.send("an attacker", "GET", url, headers)

    nothing = f"/{secrets.token_hex(6)}"
    world.remember(Asked(path, [(ask(base + path), ask(base + nothing)) for base in world.target.bases]))


def must_be_none(world: World) -> None:
    """Raise Unmet if an answer is such a page.

    A page that stands for every address is none.
    """
    asked = world.recall(Asked)
    is_one = PAGES[asked.path]
    for answer, elsewhere in asked.answers:
        if is_one(answer) and not is_one(elsewhere):
            raise Unmet(
                f"that nothing for developers is served at {asked.path} in production",
                f"GET {answer.url} was answered {answer.status} with documentation of the API or a debug page",
                [answer],
            )

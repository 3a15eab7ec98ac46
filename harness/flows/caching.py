"""What scenarios about caches do and demand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.findings import Unmet
from harness.wire.cache_control import is_in_future

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.scenario.world import World


@dataclass(frozen=True)
class PrivateAnswer:
    """What a person was answered.

    ``control`` is the control that showed it to be private.
    """

    owner: str
    control: str
    exchange: Exchange


def open_place(world: World, alias: str, word: str) -> None:
    """Ask for a place with what opens it for the person."""
    place, device = world.places[word], world.device(alias, "first device")
    exchange = place.open(alias, place.credential(device), device.person)
    world.remember(PrivateAnswer(alias, place.key(alias), exchange))


def must_not_be_shared(world: World) -> None:
    """Raise Unmet if a shared cache may store the response.

    RFC 9111 section 3.
    """
    answer = world.recall(PrivateAnswer)
    world.judge.needs(answer.control)
    allowance = shared_storage(answer.exchange)
    if allowance is not None:
        expected = f"that no shared cache may keep {answer.owner}'s {answer.exchange.url}"
        raise Unmet(expected, f"it says {allowance}", [answer.exchange])


def shared_storage(exchange: Exchange) -> str | None:
    """What allows a shared cache to keep an answer.

    None when nothing does.
    """
    control = ", ".join(exchange.all_headers("cache-control")).lower()
    if re.search(r"\b(no-store|private)\b", control):
        return None
    authorized = any(name.lower() == "authorization" for name, _ in exchange.request_headers)
    if re.search(r"\bpublic\b|\bs-maxage\s*=\s*\"?[1-9]", control):
        return f"Cache-Control: {control}"
    # Authorization protects an answer, unless must-revalidate says otherwise as well (RFC 9111 section 3.5).
    open_to_all = not authorized or "must-revalidate" in control
    if open_to_all and re.search(r"\bmax-age\s*=\s*\"?[1-9]", control):
        return f"Cache-Control: {control}, and not private"
    expires = exchange.header("expires")
    if not authorized and not control and expires is not None and is_in_future(expires):
        return f"Expires: {expires}, and nothing that makes it private"
    return None

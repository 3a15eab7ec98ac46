"""What scenarios about the keys of tokens do and demand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from harness.core.findings import Unmet
from harness.core.vocabulary import Vocabulary
from harness.flows.access_token import accepted, attempt_with
from harness.tokens.fetched import AddressOf, Fetched, by_jku, by_x5u

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Exchange
    from harness.scenario.world import World
    from harness.tokens.jws import Jwt
    from harness.wire.listener import Listener


@dataclass
class ServedKeys:
    """Where an attacker serves keys.

    ``answers`` are those to the token that names a path.
    """

    listener: Listener
    answers: dict[str, Exchange] = field(default_factory=dict)
    named: str = ""


def _issuer(world: World) -> str:
    """The host that the deployment trusts, as addresses name it."""
    return urlsplit(world.target.issuer or "").netloc or urlsplit(world.target.origin).netloc


WITH_USER = "jku with the issuer's host as its user name"

ADDRESSES: Vocabulary[Callable[[Jwt, AddressOf], list[Fetched]]] = Vocabulary(
    "header that names a key's address", {"jku": by_jku, "x5u": by_x5u, WITH_USER: by_jku}
)
"""Tokens whose header leads to a key of the attacker's, given the address of a path."""


def serve_keys(world: World) -> None:
    """Open a listener for keys of the attacker's own.

    Raises Absent where the deployment reaches none.
    """
    world.remember(ServedKeys(world.listen()))
    if world.listening is None:
        world.notes.append(
            "keys were served on the loopback interface, which a deployment in a container does not reach: give "
            "--listener for one"
        )


def present_fetched(world: World, alias: str, header: str) -> None:
    """List the person's tasks with tokens that name their key's address."""
    served = world.recall(ServedKeys)
    served.named, user = header, _issuer(world) if header == WITH_USER else ""
    what = f"{alias}'s {world.opener.noun}, signed with a key at its own {header},"
    for one in ADDRESSES[header](accepted(world, alias), lambda path: served.listener.url(path, user)):
        served.listener.serve(one.path, one.content, one.kind)
        attempt_with(world, alias, "list", one.token, what)
        served.answers[one.path] = world.judge.attempts[-1].exchange


def must_not_be_fetched(world: World) -> None:
    """Raise Unmet where the deployment asked for a key of the attacker's."""
    served = world.recall(ServedKeys)
    if not served.listener.visits:
        return
    visit = served.listener.visits[0]
    address = served.listener.url(visit.path)
    raise Unmet(
        f"that the deployment fetches no key from where a token's {served.named} leads",
        f"{visit.method} {address} came from {visit.peer}, so anybody can make it send requests",
        [served.answers[visit.path]],
    )

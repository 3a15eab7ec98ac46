"""Sessions that no server has made, at the session endpoint."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import httpx

from harness.core.findings import Unmet
from harness.core.provenance import Joined, Random, made
from harness.core.vocabulary import Vocabulary
from harness.deployment.credential import ANONYMOUS, Credential
from harness.deployment.quotation import quoted
from harness.flows import common

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Exchange
    from harness.scenario.world import World

_BYTES = 4096


@dataclass(frozen=True)
class Asked:
    """What the session endpoint answered, by the kind of session."""

    answers: list[tuple[str, Exchange]]


UNKNOWN: Vocabulary[Callable[[], str | None]] = Vocabulary(
    "session that no server has made",
    {
        "none": lambda: None,
        "empty": lambda: "",
        "made up": lambda: _made(Random(secrets.token_urlsafe(32))),
        "not base64": lambda: _made("%%%.", Random(secrets.token_urlsafe(16)), ".%%%"),
        "four kilobytes": lambda: _made(Random(secrets.token_hex(_BYTES // 2))),
    },
)
"""The value that is sent; None where no session is."""


def _made(*pieces: str | Random) -> str:
    return made("made-up session", Joined(pieces))


def ask_with(world: World, alias: str, kinds: list[str]) -> None:
    """Ask the session endpoint with each kind of session.

    It is presented as the person's own is.
    """
    world.judge.needs(world.places["session endpoint"].key(alias))
    own = world.deployment.access.captured_session(world.device(alias, "first device"))
    answers: list[tuple[str, Exchange]] = []
    for kind in kinds:
        credential = _with_value(own, UNKNOWN[kind]())
        answers.append((kind, world.deployment.call("session", "an anonymous client", {}, credential)))
    world.remember(Asked(answers))


def _with_value(own: Credential, value: str | None) -> Credential:
    """What presents the value where the session's own stands."""
    if value is None:
        return ANONYMOUS
    if own.cookies:
        return Credential("a session of no server", dict.fromkeys(own.cookies, value))
    held = max(own.carried.values(), key=len).rpartition(" ")[2]
    changed = own.with_value(held, value, "a session of no server")
    # No client sends a header that ends in a space.
    return replace(changed, headers=tuple((name, text.strip()) for name, text in changed.headers))


def must_show_no_user(world: World) -> None:
    """Raise Unmet if an answer names a user or is 5xx."""
    canaries = [canary for person in world.people.values() for canary in person.canaries]
    for kind, answer in world.recall(Asked).answers:
        expected = f"that a session that is {kind} shows no user and breaks nothing"
        if httpx.codes.is_server_error(answer.status):
            raise Unmet(expected, f"it was answered {quoted(answer)}", [answer])
        identity = world.deployment.identity.named_in(answer)
        if identity is not None:
            raise Unmet(expected, f"it is signed in as {identity.called}", [answer])
        if any(canary in answer.everything for canary in canaries):
            raise Unmet(expected, "the answer has the private text of a user", [answer])


def must_still_open(world: World, alias: str) -> None:
    """Raise NotTested unless the control works once more."""
    common.control_place(world, alias, "session endpoint")

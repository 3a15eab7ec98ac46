"""What scenarios about token verification do and demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.findings import NotApplicable, Unmet
from harness.core.vocabulary import Vocabulary
from harness.deployment.credential import ANONYMOUS
from harness.flows.access_token import accepted, attempt_with, pattern
from harness.flows.forged_credential import forge_from, forged_credential
from harness.tokens.forgeries import FORGERIES
from harness.tokens.malformed import malformed
from harness.tokens.weak_secrets import guessed_secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.deployment.tasks.client import Verb
    from harness.scenario.world import World


@dataclass(frozen=True)
class GuessedSecret:
    """The well-known secret that signed the token; None when none did."""

    secret: str | None


def attempt_without_credential(world: World, alias: str, verb: Verb) -> None:
    """Call a verb on the person's task with no credential at all."""
    what = f"an attempt to {verb} {alias}'s task without a credential"
    owner, task = world.person(alias), world.task_of(alias)
    world.judge.attempt(world.tasks.attempt(verb, "an anonymous client", ANONYMOUS, owner, task, what=what))


def _forged(kind: str) -> Callable[[World, str], list[str]]:
    return lambda world, alias: forge_from(world, accepted(world, alias)).forge(kind)


def _malformed(world: World, alias: str) -> dict[str, str]:
    odd = malformed(pattern(world, alias))
    return {word: value.decode() for word, value in odd.items() if _sendable(value)}


def _sendable(value: bytes) -> bool:
    return b"\x00" not in value and value.isascii() and value != b""


FORGED: Vocabulary[Callable[[World, str], list[str]]] = Vocabulary(
    "forged token",
    {
        **{kind: _forged(kind) for kind in FORGERIES},
        "malformed in every known way": lambda world, alias: [*_malformed(world, alias).values()],
    },
)
"""Tokens that were not issued, made from the person's own."""


def present(world: World, alias: str, forgery: str) -> None:
    """List the person's tasks with every forged credential of a kind."""
    for token in FORGED[forgery](world, alias):
        attempt_with(world, alias, "list", token, f"{alias}'s {world.opener.noun} {forgery}")


def call_with_forged(world: World, alias: str, verb: Verb) -> None:
    """Call one verb with the person's credential forged.

    A JWT is signed by another key; of anything else a character is changed.
    """
    value, how = forged_credential(world, world.opener, world.device(alias, "first device"))
    attempt_with(world, alias, verb, value, f"an attempt to {verb} a task with {alias}'s {how}")


def create_with_malformed(world: World, alias: str) -> None:
    """Create a task with every known malformed credential."""
    for name, token in _malformed(world, alias).items():
        what = f"an attempt to create a task with a malformed {world.opener.noun} ({name})"
        attempt_with(world, alias, "create", token, what)


def guess_secret(world: World, alias: str) -> None:
    """Try well-known secrets offline; no request is sent."""
    token = accepted(world, alias)
    if not token.symmetric:
        raise NotApplicable(f"The deployment signs with {token.algorithm}: there is no shared secret to guess.")
    world.remember(GuessedSecret(guessed_secret(token, world.target.profile.jwt.placeholder_secrets)))


def must_be_unguessed(world: World) -> None:
    """Raise Unmet when a well-known secret signed the token."""
    guessed = world.recall(GuessedSecret).secret
    if guessed is not None:
        raise Unmet(
            "that the signing secret can't be guessed",
            f'the token is signed with "{guessed}", so an attacker can sign in as any user',
        )

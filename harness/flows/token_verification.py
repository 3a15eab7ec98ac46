"""What scenarios about token verification do and demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.findings import NotApplicable, Unmet
from harness.deployment.credential import ANONYMOUS
from harness.flows.common import accepted, attempt_with_token, pattern
from harness.tokens.forgeries import Forge
from harness.tokens.malformed import malformed
from harness.tokens.weak_secrets import guessed_secret

if TYPE_CHECKING:
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
    world.judge.attempt(world.tasks.attempt(verb, "somebody", ANONYMOUS, owner, task, what=what))


_MALFORMED = "malformed in every known way"


def forger(world: World, alias: str) -> Forge:
    """Somebody who holds that person's accepted token and the published keys."""
    return Forge(accepted(world, alias), world.published_keys())


def present(world: World, alias: str, forgery: str) -> None:
    """List the person's tasks with every forged token of a kind."""
    if forgery == _MALFORMED:
        tokens = [
            value.decode("latin-1") for value in malformed(pattern(world, alias)).values() if _sendable(value)
        ]
    else:
        tokens = forger(world, alias).forge(forgery)
    for token in tokens:
        attempt_with_token(world, alias, "list", token, f"{alias}'s token {forgery}")


def _sendable(value: bytes) -> bool:
    return b"\x00" not in value and value.isascii() and value != b""


def call_with_foreign_key(world: World, alias: str, verb: Verb) -> None:
    """Call one verb with the person's token as another key signed it."""
    (token,) = forger(world, alias).forge("signed with another key")
    attempt_with_token(
        world, alias, verb, token, f"an attempt to {verb} a task with {alias}'s token signed by another key"
    )


def create_with_malformed(world: World, alias: str) -> None:
    """Create a task with every known malformed token."""
    for name, value in malformed(pattern(world, alias)).items():
        if _sendable(value):
            attempt_with_token(
                world, alias, "create", value.decode(), f"an attempt to create a task with a token that is {name}"
            )


def guess_secret(world: World, alias: str) -> None:
    """Try well-known secrets off-line; no request is made."""
    token = accepted(world, alias)
    if not token.symmetric:
        raise NotApplicable(f"The deployment signs with {token.algorithm}: there is no shared secret to guess.")
    world.remember(GuessedSecret(guessed_secret(token, world.target.profile.jwt.placeholder_secrets)))


def must_be_unguessed(world: World) -> None:
    """Raise Unmet when a well-known secret signed the token."""
    guessed = world.recall(GuessedSecret).secret
    if guessed is not None:
        raise Unmet(
            "that nobody can guess the signing secret",
            f'the token is signed with "{guessed}", so anybody can sign in as anybody',
        )

"""Sentences of token-verification.feature."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.flows import token_verification
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("an anonymous client tries to {verb:Verb} {alias:Person}'s tasks"))
def tries_without_credential(world: World, verb: str, alias: str) -> None:
    """No header and no cookie."""
    token_verification.attempt_without_credential(world, alias, verb)  # type: ignore[arg-type]


@when(sentence("an attacker presents {alias:Person}'s credential {forgery:Forgery}"))
def presents_forged(world: World, alias: str, forgery: str) -> None:
    """One thing about the accepted token is changed."""
    token_verification.present(world, alias, forgery)


@when(sentence("an attacker with a forgery of {alias:Person}'s credential tries to {verb:Verb} her tasks"))
def calls_with_forged(world: World, alias: str, verb: str) -> None:
    """Each route on its own: a guarded one hides no other."""
    token_verification.call_with_forged(world, alias, verb)  # type: ignore[arg-type]


@when(
    sentence(
        "an attacker tries to create a task of {alias:Person}'s with credentials malformed in every known way"
    )
)
def creates_with_malformed(world: World, alias: str) -> None:
    """Each of them a call of its own."""
    token_verification.create_with_malformed(world, alias)


@when(sentence("an attacker tries well-known secrets on {alias:Person}'s token, offline"))
def guesses_secret(world: World, alias: str) -> None:
    """No request is made."""
    token_verification.guess_secret(world, alias)


@then("none of them is its signing secret")
def secret_is_unguessed(world: World) -> None:
    """The signature matches no well-known secret."""
    token_verification.must_be_unguessed(world)

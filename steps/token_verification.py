"""Sentences of token-verification.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import misissued, other_values, token_verification, verification_keys
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("no token of {alias:Person}'s of another issuer opens her tasks"))
def issuers_are_compared(world: World, alias: str) -> None:
    """That none is compared at all is another requirement's matter."""
    misissued.must_compare_issuers(world, alias)


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


@when(sentence("an attacker presents a rightly signed token of {alias:Person}'s {wrong:Misissued}"))
def presents_misissued(world: World, alias: str, wrong: str) -> None:
    """Signed with the given secret, as the unchanged clone is."""
    misissued.present_misissued(world, alias, wrong)


@when(sentence("an attacker presents {value:OtherValue} in place of {alias:Person}'s access token"))
def presents_other_value(world: World, value: str, alias: str) -> None:
    """What her browser holds for other places."""
    other_values.present_as_token(world, alias, value)


@when(sentence("an anonymous client reads the keys that verify {alias:Person}'s token"))
def reads_keys(world: World, alias: str) -> None:
    """The set that verifiers read."""
    verification_keys.read_keys(world, alias)


@then("none of the keys holds a private or symmetric part")
def keys_are_public(world: World) -> None:
    """Whoever reads one can sign as the deployment."""
    verification_keys.must_be_public(world)


@then("none of the keys is weak, and each has an id of its own")
def keys_are_sound(world: World) -> None:
    """RSA by length and exponent."""
    verification_keys.must_be_sound(world)


@then(sentence("one of the keys verifies {alias:Person}'s token"))
def keys_verify(world: World, alias: str) -> None:
    """The one that the token names."""
    verification_keys.must_verify(world, alias)


@then(sentence("the secret that signed {alias:Person}'s token is as long as its hash"))
def secret_is_long(world: World, alias: str) -> None:
    """No request is made."""
    misissued.secret_must_be_long(world, alias)


@then("none of them is its signing secret")
def secret_is_unguessed(world: World) -> None:
    """The signature matches no well-known secret."""
    token_verification.must_be_unguessed(world)

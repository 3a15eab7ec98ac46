"""What scenarios about access tokens do and demand."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from harness.core.findings import HarnessError, NotApplicable, Unmet
from harness.deployment.held import declared_token
from harness.flows.refreshing import held_refresh
from harness.tokens.forgeries import Forge
from harness.tokens.jws import Jwt
from harness.tokens.malformed import malformed
from harness.tokens.weak_secrets import guessed_secret

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.tasks import Verb
    from harness.scenario.world import World

_ANY_JWT = Jwt({"alg": "HS256", "typ": "JWT"}, {"sub": "1"}, "c2lnbmF0dXJl")
_CLONE = "a clone of the token"
_GARBAGE = "that is garbage in every known way"


def forger(world: World, alias: str) -> Forge:
    """Somebody who holds that person's accepted token and the published keys."""
    return Forge(accepted(world, alias), world.published_keys())


def accepted(world: World, alias: str) -> Jwt:
    """The person's token, taken apart. Raises NotApplicable where it is opaque: it has no parts to change."""
    if declared_token(world.target).kind != "jwt":
        raise NotApplicable("The profile declares that the access token is opaque: it has no parts to change.")
    return Jwt.parse(world.deployment.access_token(world.device(alias, "first device")))


def pattern(world: World, alias: str) -> Jwt:
    """What oddities are made from: the person's token, or any JWT where tokens are opaque."""
    return accepted(world, alias) if declared_token(world.target).kind == "jwt" else _ANY_JWT


def control_token(world: World, alias: str) -> None:
    """Note that the person's token opens the person's tasks. Raises NotTested when it doesn't."""
    world.control_task_call("list", alias)


def present(world: World, alias: str, forgery: str) -> None:
    """List the person's tasks with every forged token of a kind."""
    if forgery == _GARBAGE:
        tokens = [
            value.decode("latin-1") for value in malformed(pattern(world, alias)).values() if _sendable(value)
        ]
    else:
        tokens = forger(world, alias).forge(forgery)
    for token in tokens:
        _attempt(world, alias, "list", token, f"Ann's token {forgery}")


def _sendable(value: bytes) -> bool:
    return b"\x00" not in value and value.isascii() and value != b""


def _attempt(world: World, alias: str, verb: Verb, token: str, what: str) -> None:
    bearer = world.deployment.bearer(token, what)
    person, task = world.person(alias), world.task_of(alias)
    world.judge.attempt(world.tasks.attempt(verb, "somebody", bearer, person, task, what=what))


def call_with_foreign_key(world: World, alias: str, verb: Verb) -> None:
    """Call one verb with the person's token as another key signed it."""
    (token,) = forger(world, alias).forge("signed with another key")
    _attempt(world, alias, verb, token, f"an attempt to {verb} a task with {alias}'s token signed by another key")


def create_with_garbage(world: World, alias: str) -> None:
    """Create a task with everything that never was a token."""
    for name, value in malformed(pattern(world, alias)).items():
        if _sendable(value):
            _attempt(
                world, alias, "create", value.decode(), f"an attempt to create a task with a token that is {name}"
            )


def guess_secret(world: World, alias: str) -> None:
    """Try well-known secrets off-line; no request is made."""
    token = accepted(world, alias)
    if not token.symmetric:
        raise NotApplicable(f"The deployment signs with {token.algorithm}: there is no shared secret to guess.")
    world.guessed = guessed_secret(token, world.target.profile.jwt.placeholder_secrets)
    world.guesses += 1


def must_be_unguessed(world: World) -> None:
    """Raise Unmet when a well-known secret signed the token."""
    if not world.guesses:
        raise HarnessError("no step tried any secret")
    if world.guessed is not None:
        raise Unmet(
            "that nobody can guess the signing secret",
            f'the token is signed with "{world.guessed}", so anybody can sign in as anybody',
        )


# --- expiry ---


def must_name_its_end(world: World) -> None:
    """Raise Unmet when the token that was issued has no ``exp``."""
    claims = Jwt.parse(world.token or "").claims
    if not isinstance(claims.get("exp"), int | float):
        raise Unmet("that an issued token names its end (exp)", f"its claims are only {sorted(claims)}")


def present_expired(world: World, alias: str) -> None:
    """Present the person's token after its end. A minted one is shown to work unexpired first."""
    token = world.deployment.access_token(world.device(alias, "first device"))
    if Jwt.parse(token).symmetric and world.target.jwt_secret is not None:
        control_clone(world, alias)
    expired, how = world.clock.expired_token(token)
    world.notes.append(how)
    _attempt(world, alias, "list", expired, f"{alias}'s token after its end")


def control_clone(world: World, alias: str) -> None:
    """Note that an unchanged clone, signed with the secret, works. Raises NotTested when it doesn't."""
    secret = world.secret(alias)
    person, task = world.person(alias), world.task_of(alias)

    def check() -> Exchange:
        clone = world.deployment.bearer(accepted(world, alias).signed(secret), "a clone of the token")
        return world.tasks.opens(clone, "somebody", person, task)

    world.judge.control(_CLONE, check)


def sign_variant(world: World, alias: str, variant: str) -> None:
    """Sign the token again with something changed that leaves it valid."""
    token, secret = accepted(world, alias), world.secret(alias)
    world.token = _variant(token, variant).signed(secret)


def _variant(token: Jwt, variant: str) -> Jwt:
    match variant:
        case "without a type":
            return token.with_header(typ=None)
        case "with the type JWT":
            return token.with_header(typ="JWT")
        case "with an unknown claim":
            return token.with_claims(conformance="a claim that nobody knows")
        case "with a fractional end":
            return token.with_claims(exp=float(token.claims.get("exp", time.time() + 60)) + 0.5)
        case "with a list of one audience":
            if not isinstance(token.claims.get("aud"), str):
                raise NotApplicable("The token names no audience, or has them in a list already.")
            return token.with_claims(aud=[token.claims["aud"]])
    raise HarnessError(f'there is no variant "{variant}"')


def must_open_as_well(world: World, alias: str) -> None:
    """Raise Unmet when the variant is refused though the clone is accepted."""
    world.judge.needs(_CLONE)
    variant = world.deployment.bearer(world.token or "", "the variant")
    world.tasks.opens(variant, "somebody", world.person(alias), world.task_of(alias))


def present_refresh_token(world: World, alias: str) -> None:
    """List the person's tasks with the laptop's refresh token in the access token's place."""
    token = held_refresh(world.device(alias, "laptop"))
    _attempt(world, alias, "list", token, f"{alias}'s refresh token in place of an access token")


# --- after the end ---

_CAPTURED = "a captured access token"


def capture_token(world: World, alias: str, device_name: str) -> None:
    """Take a copy of the device's access token and note that it works. Raises NotTested when it doesn't."""
    device, person = world.device(alias, device_name), world.person(alias)
    world.token = token = world.deployment.access_token(device)
    task = world.task_of(alias)
    bearer = world.deployment.bearer(token, "the captured token")
    world.judge.control(_CAPTURED, lambda: world.tasks.opens(bearer, "whoever captured it", person, task))


def must_end_as_declared(world: World, alias: str) -> None:
    """Raise Unmet when the captured token is neither dead nor about to end as the profile declares."""
    declared, token = declared_token(world.target), world.token or ""
    if not declared.dies_with_sign_out and declared.kind == "jwt":
        world.judge.needs(_CAPTURED)
        _must_end_soon(Jwt.parse(token), declared.max_lifetime)
        world.notes.append(f"declared to live on until it ends, within {declared.max_lifetime} s")
        return
    bearer = world.deployment.bearer(token, "the captured token")
    what = f"the captured token after {'sign-out' if world.signed_out else 'the end of the account'}"
    person, task = world.person(alias), world.task_of(alias)
    attempt = world.tasks.attempt("list", "whoever captured it", bearer, person, task, what=what)
    world.judge.refuse_now(attempt, _CAPTURED)


def _must_end_soon(token: Jwt, limit: float) -> None:
    ends = token.claims.get("exp")
    left = float(ends) - time.time() if isinstance(ends, int | float) else float("inf")
    if left > limit:
        raise Unmet(
            f"that a token which outlives sign-out ends within {limit:.0f} s (credentials.token.max_lifetime)",
            "it never ends" if left == float("inf") else f"it lives {left:.0f} s more",
        )

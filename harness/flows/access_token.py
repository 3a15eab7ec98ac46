"""Access tokens, and the calls of the task API that they open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harness.core.findings import NotApplicable, Unmet
from harness.core.provenance import Encoded, Joined, made
from harness.deployment.answer import matches
from harness.deployment.errors import Missing
from harness.deployment.held import declared_token
from harness.deployment.quotation import quoted
from harness.deployment.refusal import ControlFailed
from harness.scenario.world import Answer
from harness.tokens.jws import Jwt

if TYPE_CHECKING:
    from harness.deployment.tasks.client import Verb
    from harness.scenario.world import World

_OF_THEIR_OWN = ("create", "delete")
"""Calls whose control makes a task of its own."""

_ANY_JWT = Joined((Encoded(b'{"alg":"HS256","typ":"JWT"}'), ".", Encoded(b'{"sub":"1"}'), ".", "c2lnbmF0dXJl"))


@dataclass(frozen=True)
class IssuedToken:
    """A new access token."""

    value: str


def ask_for_token(world: World, alias: str) -> None:
    """Ask for a new access token, as the front end does."""
    world.remember(IssuedToken(world.deployment.access.issue_token(world.device(alias, "first device"))))


def open_token_endpoint(world: World, alias: str) -> None:
    """Ask the token endpoint with the person's session, whatever it answers."""
    place = world.places["token endpoint"]
    world.remember(Answer(place.open(alias, world.session_of(alias), world.person(alias))))


def must_have_issued_token(world: World, alias: str) -> None:
    """Raise Unmet unless the session was given an access token.

    Raises Missing where it may be, and not where the profile says.
    """
    answer, issuer = world.last(), declared_token(world.target).issued_by
    if world.places["token endpoint"].opened(answer, world.person(alias)):
        return
    world.deployment.must_be_there(issuer, answer)
    if matches(world.deployment.operation(issuer).outcomes.success, answer):
        raise Missing(
            f'"{issuer}" gave {alias} no access token where credentials.token says; it was answered '
            f"{quoted(answer)}.",
            "Check credentials.token in the profile.",
            [answer],
        )
    raise Unmet(f"that {alias}'s session gets an access token", f"it was answered {quoted(answer)}", [answer])


def accepted(world: World, alias: str) -> Jwt:
    """The person's token, taken apart.

    Raises NotApplicable where it is opaque: it has no parts to change.
    """
    if not declared_token(world.target).is_jwt:
        raise NotApplicable("The profile declares that the access token is opaque: it has no parts to change.")
    return Jwt.parse(world.deployment.access.access_token(world.device(alias, "first device")))


def pattern(world: World, alias: str) -> Jwt:
    """The token that malformed ones are made from.

    The person's, or any JWT if tokens are opaque.
    """
    if declared_token(world.target).is_jwt:
        return accepted(world, alias)
    return Jwt.parse(made("any token", _ANY_JWT))


def control_task_call(world: World, alias: str, verb: Verb) -> None:
    """Note that the person's own call works. Raises NotTested when it doesn't."""
    task = None if verb in _OF_THEIR_OWN else world.task_of(alias)
    try:
        world.judge.control(world.tasks.key(verb, alias), world.tasks.control(verb, world.person(alias), task))
    except ControlFailed as failed:
        _must_not_show_others(world, alias, failed)
        raise


def _must_not_show_others(world: World, alias: str, failed: ControlFailed) -> None:
    # A user who is served another's tasks misses their own: that is the defect itself, not a failed control.
    others = [person for person in world.people.values() if person.alias != alias]
    for other in others:
        if any(canary in answer.everything for canary in other.canaries for answer in failed.exchanges):
            expected = f"nothing of {other.alias}'s in what {alias} gets"
            raise Unmet(expected, f"{alias} was given {other.alias}'s", failed.exchanges) from failed


def attempt_with_token(
    world: World, alias: str, verb: Verb, token: str, what: str, *, repeats: bool = False
) -> None:
    """Attempt a verb with a token that must not work.

    ``repeats`` says that it is the token that worked before.
    """
    bearer = world.deployment.access.bearer(token, what)
    person, task = world.person(alias), world.task_of(alias)
    attempt = world.tasks.attempt(verb, "an attacker", bearer, person, task, what=what)
    world.judge.attempt(replace(attempt, repeats=repeats))

"""Access tokens, and the calls of the task API that they open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harness.core.exchange import is_safe
from harness.core.findings import Unmet
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


def renew_credential(world: World, alias: str) -> None:
    """Ask for a new access token where one opens the tasks.

    A session that opens them is good as it is.
    """
    if not world.opener.by_cookie:
        ask_for_token(world, alias)


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
    """The JWT that opens the person's tasks, taken apart.

    Raises Absent where what opens them is none: it has no parts to change.
    """
    world.opener.must_be_jwt()
    return Jwt.parse(world.opener.value(world.device(alias, "first device")))


def pattern(world: World, alias: str) -> Jwt:
    """The token that malformed ones are made from.

    The person's, or any JWT if what opens the tasks is opaque.
    """
    if world.opener.is_jwt:
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


def control_token(world: World, alias: str) -> None:
    """Note that the person's access token opens their tasks.

    Raises Absent where no token does, NotTested when it doesn't.
    """
    world.opener.must_be_token()
    control_task_call(world, alias, "list")


def attempt_with(world: World, alias: str, verb: Verb, value: str, what: str, *, repeats: bool = False) -> None:
    """Attempt a verb with what must not open the tasks.

    It stands in the place of what does. ``repeats`` says that it is the value that worked before.
    """
    writes = not is_safe(world.tasks.operation(verb).method)
    forged = world.opener.presenting(world.device(alias, "first device"), value, what, writes=writes)
    person, task = world.person(alias), world.task_of(alias)
    attempt = world.tasks.attempt(verb, "an attacker", forged, person, task, what=what)
    world.judge.attempt(replace(attempt, repeats=repeats))

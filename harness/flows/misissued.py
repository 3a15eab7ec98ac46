"""Rightly signed tokens that a verifier has to refuse all the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.core.errors import Absent
from harness.core.findings import Unmet
from harness.core.vocabulary import Vocabulary
from harness.flows.access_token import accepted, attempt_with
from harness.flows.tasks import CLONE, shared_secret
from harness.tokens.misissued import MISISSUED, Pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.scenario.world import World

_LEAST_BYTES = {"HS256": 32, "HS384": 48, "HS512": 64}
"""The length of the hash, below which no secret may be (RFC 7518 section 3.2)."""

WRONG: Vocabulary[Callable[[Pattern], list[str]]] = Vocabulary("rightly signed token", MISISSUED)


def present_misissued(world: World, alias: str, wrong: str) -> None:
    """List the person's tasks with each token of that kind.

    All are rightly signed; the unchanged clone is the control.
    """
    world.judge.needs(CLONE)
    for token in WRONG[wrong](_pattern(world, alias)):
        attempt_with(world, alias, "list", token, f"{alias}'s {world.opener.noun}, rightly signed, {wrong}")


def _resembling(identity: str) -> int:
    """A number that a careless comparison takes for the id.

    It is never the id itself, which a library may convert by right.
    """
    digits = re.match("[0-9]{1,15}", identity)
    if digits is not None and digits[0] != identity:
        return int(digits[0])
    return 2 if identity == "1" else 1


SUBJECTS: Vocabulary[Callable[[str], object]] = Vocabulary(
    "subject that is no text",
    {
        "with a number for its subject": _resembling,
        "with a list of ids for its subject": lambda own: [own],
        "with a query for its subject": lambda _: {"$ne": None},
        "with the subject true": lambda _: True,
    },
)
"""What stands in place of the id of the person whose tasks are asked for, given that id."""


def present_subject(world: World, alias: str, wrong: str, other: str) -> None:
    """List another person's tasks, the token's subject being no text.

    A success that shows nothing of that person's is harmless.
    """
    world.judge.needs(CLONE)
    own = _pattern(world, alias)
    others = accepted(world, other).claims.get(own.subject)
    subject = SUBJECTS[wrong](str(others))
    if type(subject) is type(others):
        raise Absent(f"The subjects of the tokens are of that type themselves ({own.subject}).")
    (token,) = own.with_claims(**{own.subject: subject})
    what = f"{alias}'s {world.opener.noun}, rightly signed, {wrong},"
    forged = world.opener.presenting(world.device(alias, "first device"), token, what)
    person, task = world.person(other), world.task_of(other)
    attempt = world.tasks.attempt("list", "an attacker", forged, person, task, what=what, harmless_success=True)
    world.judge.attempt(attempt, CLONE)


def must_compare_issuers(world: World, alias: str) -> None:
    """Raise Absent where a token of any issuer opens the tasks."""
    (token,) = WRONG["of another issuer"](_pattern(world, alias))
    foreign = world.opener.presenting(world.device(alias, "first device"), token, "a token of another issuer")
    try:
        world.tasks.opens(foreign, "the suite", world.person(alias), world.task_of(alias))
    except Unmet:
        return
    raise Absent("The issuer is not compared at all, which token-of-another-issuer-is-refused reports.")


def _pattern(world: World, alias: str) -> Pattern:
    facts = world.target.profile.jwt
    return Pattern(
        accepted(world, alias),
        shared_secret(world, alias),
        facts.subject,
        world.target.issuer,
        world.target.audience,
        tuple(facts.algorithms),
        facts.type,
    )


def secret_must_be_long(world: World, alias: str) -> None:
    """Raise Unmet if the signing secret is shorter than the hash.

    No request is sent.
    """
    algorithm, secret = accepted(world, alias).algorithm, shared_secret(world, alias)
    least = _LEAST_BYTES[algorithm]
    if len(secret) < least:
        raise Unmet(
            f"that the secret of {algorithm} has at least {least} bytes, as its hash has",
            f"it has {len(secret)}",
        )

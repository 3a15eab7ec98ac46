"""What scenarios about the claims of rightly signed tokens do and demand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import httpx

from harness.core.errors import Absent
from harness.core.findings import Unmet
from harness.core.text import listed
from harness.core.vocabulary import Vocabulary
from harness.deployment.quotation import quoted
from harness.flows.access_token import accepted
from harness.flows.tasks import CLONE, shared_secret
from harness.tokens.handwritten import ODD_CLAIMS, with_claim, with_first

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.scenario.world import World

ODD: Vocabulary[tuple[tuple[str, ...], str]] = Vocabulary("claim of another type", ODD_CLAIMS)


def _address(world: World, alias: str, other: str) -> tuple[str, str]:
    own, person = accepted(world, alias), world.person(alias)
    names_person = {"sub", world.target.profile.jwt.subject}
    if "sub" not in own.claims and "email" in names_person:
        raise Absent("The address is what the token names its user by (jwt.subject), and there is no other claim.")
    same = [name for name, value in own.claims.items() if str(value).lower() == person.email.lower()]
    claims = [*dict.fromkeys(["email", *(name for name in same if name not in names_person)])]
    changed = own.with_claims(**dict.fromkeys(claims, world.person(other).email))
    named = listed([f'"{name}"' for name in claims], "and")
    what = f"with {other}'s address in its claim {named}"
    return changed.signed(shared_secret(world, alias)), what


def _two_subjects(world: World, alias: str, other: str) -> tuple[str, str]:
    own, subject = accepted(world, alias), world.target.profile.jwt.subject
    others = accepted(world, other).claims.get(subject)
    if others is None or subject not in own.claims:
        raise Absent(f'The issued token has no claim "{subject}" itself.')
    token = with_first(own, shared_secret(world, alias), subject, others)
    return token, f'with the claim "{subject}" twice, first {other}\'s and last her own'


BESIDE: Vocabulary[Callable[[World, str, str], tuple[str, str]]] = Vocabulary(
    "token that names another person as well",
    {"has his address": _address, "names him first and her last": _two_subjects},
)
"""A rightly signed token of the first person's that also speaks of the second, and what findings say of it."""


def ask_beside(world: World, alias: str, other: str, word: str) -> None:
    """List another person's tasks with a token that also names them.

    A success that shows nothing of that person's is harmless.
    """
    world.judge.needs(CLONE)
    token, how = BESIDE[word](world, alias, other)
    _attempt(world, alias, other, token, f"{alias}'s {world.opener.noun}, rightly signed, {how},")


def present_odd(world: World, alias: str, odd: str) -> None:
    """List the person's tasks with a claim after another written so."""
    world.judge.needs(CLONE)
    own, secret = accepted(world, alias), shared_secret(world, alias)
    claims, written = ODD[odd]
    for claim in claims:
        what = f'{alias}\'s {world.opener.noun}, rightly signed, with {odd} ("{claim}"),'
        _attempt(world, alias, alias, with_claim(own, secret, claim, written), what)


def _attempt(world: World, alias: str, other: str, token: str, what: str) -> None:
    forged = world.opener.presenting(world.device(alias, "first device"), token, what)
    person, task = world.person(other), world.task_of(other)
    attempt = world.tasks.attempt("list", "an attacker", forged, person, task, what=what, harmless_success=True)
    world.judge.attempt(attempt, CLONE)


def must_break_nothing(world: World, other: str) -> None:
    """Raise Unmet where a token broke the API, or opened another's tasks.

    A refusal and an answer to its own subject are both right.
    """
    hidden = tuple(world.person(other).canaries)
    world.judge.attempts = [replace(attempt, hidden=hidden) for attempt in world.judge.attempts]
    for attempt in world.judge.attempts:
        if httpx.codes.is_server_error(attempt.exchange.status):
            # Whatever breaks now breaks for the untampered token as well.
            world.judge.control(attempt.key, world.judge.controls[attempt.key])
            expected = f"that {attempt.what} is refused, or taken for what the rest of it says"
            came = f"the server broke: it was answered {quoted(attempt.exchange)}"
            raise Unmet(expected, came, [world.judge.controlling[attempt.key], attempt.exchange])
    world.judge.all_refused()

"""What scenarios about an address of the greatest length do and demand.

Where address and password are hashed, or kept, as one text that is cut off, the address displaces the password.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import httpx

from harness.core.findings import NotApplicable, NotTested, Unmet
from harness.core.redaction import register
from harness.deployment.accounts import WRONG_PASSWORDS
from harness.deployment.errors import NotSignedIn
from harness.deployment.quotation import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.core.exchange import Exchange
    from harness.deployment.refusal import Attempt
    from harness.scenario.world import World

_KINDS = ("a random password of allowed length", "her password with another ending")
"""What is tried: all of the password may be cut off, or its end."""


def sign_up(world: World, alias: str) -> None:
    """Sign up with an address as long as the deployment takes.

    Raises NotApplicable where it refuses every long one, NotTested where it breaks.
    """
    answers: list[Exchange] = []
    for in_subdomain in (True, False):
        person = world.introduce(world.cast.long_addressed(alias, in_subdomain=in_subdomain))
        device = person.device("first device")
        answers.append(world.deployment.sessions.sign_up(person, device))
        # What is taken at sign-up and not at sign-in is not taken either.
        with contextlib.suppress(NotSignedIn):
            if person.has_account:
                world.deployment.sessions.complete_sign_up(device, answers[-1])
                return
    if any(httpx.codes.is_server_error(answer.status) for answer in answers):
        raise NotTested(
            f"a sign-up with 64 characters before the @ was answered {quoted(answers[-1])}: no decision.",
            "Find out in the deployment's log why it answers so.",
            answers,
        )
    raise NotApplicable(
        "Sign-up gives no usable account to an address with 64 characters before the @ "
        f"(it was answered {quoted(answers[-1])})."
    )


def try_others_first(world: World, alias: str) -> None:
    """Try other passwords before the right one has signed in.

    Raises Unmet at once where one does: a cache may then take it for the right one, so that no control follows.
    """
    for attempt in _tried(world, alias, "before her own signed in"):
        if (done := attempt.effect()) is not None:
            came = f"it took effect: {done} (status {attempt.exchange.status})"
            raise Unmet(f"that {attempt.what} is refused", came, [attempt.exchange])
        world.judge.attempt(attempt)


def try_others(world: World, alias: str) -> None:
    """Try other passwords after the right one signed in, as attempts."""
    for attempt in _tried(world, alias, "after her own signed in"):
        world.judge.attempt(attempt)


def _tried(world: World, alias: str, when: str) -> Iterator[Attempt]:
    person = world.person(alias)
    for kind in _KINDS:
        wrong = register(WRONG_PASSWORDS[kind](person, world.cast.factory), "password")
        what = f"signing in with {kind} at {alias}'s address of {len(person.email)} characters, {when},"
        yield world.accounts.with_password(person, wrong, what)

"""What responses tell of whether an address has an account."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from harness.core.findings import NotTested, Unmet
from harness.deployment.alikeness import by_cookies, tells_apart
from harness.deployment.answer import matches
from harness.deployment.difference import difference
from harness.deployment.people import Device
from harness.deployment.quotation import quoted

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.people import Person
    from harness.scenario.world import World


_DRAWN = re.compile(r"\b(?=\w*\d)\w{12,}\b|\b\d{9,}\b")
"""What differs from answer to answer: an id of the request, a moment."""


@dataclass(frozen=True)
class SignUps:
    """Responses to sign-ups with a known address and two new ones."""

    known: Exchange
    new: tuple[Exchange, Exchange]
    sent: list[str]


def sign_up_known_and_new(world: World, alias: str) -> None:
    """Sign up with a user's address between two new ones.

    Raises NotTested where a new address gets no account.
    """
    sent: list[str] = []

    def sign_up(person: Person) -> Exchange:
        sent.extend([person.email, person.name, person.values["username"]])
        return world.deployment.sessions.sign_up_beside(person, person.device("browser"))

    def newcomer() -> Exchange:
        person = world.cast.new_person("Mallory")
        answer = sign_up(person)
        if not person.has_account:
            world.deployment.must_be_there("sign_up", answer)
            raise NotTested(
                f"a sign-up with a new address was answered {quoted(answer)}.",
                "The scenarios about sign-up say what is wrong.",
                [answer],
            )
        return answer

    before = newcomer()
    # Its answer may say that there is an account, which is not this person's to delete.
    intruder = world.cast.factory.person("Mallory")
    intruder.email = world.person(alias).email
    known = sign_up(intruder)
    world.remember(SignUps(known, (before, newcomer()), sent))


def must_answer_sign_ups_alike(world: World) -> None:
    """Raise Unmet if sign-up tells a known address from a new one.

    Raises NotTested where no two of its responses are alike.
    """
    signed_up = world.recall(SignUps)
    try:
        how = tells_apart(signed_up.known, signed_up.new, signed_up.sent)
    except ValueError as differs:
        raise NotTested(
            f"no two sign-ups with new addresses are answered alike: {differs}.",
            "Run again; if it stays so, leave sign_up.answers_alike out of the profile.",
            signed_up.new,
        ) from None
    if how is not None:
        raise Unmet(
            "that sign-up is answered alike for a known and for a new address, as sign_up.answers_alike declares",
            f"of a new and a known address {how}",
            [signed_up.new[0], signed_up.known],
        )


# --- a new password ---


@dataclass(frozen=True)
class Resets:
    """Responses about an unknown and a known address."""

    unknown: Exchange
    known: Exchange
    sent: list[str]


def ask_for_resets(world: World, alias: str) -> None:
    """Ask for a reset for an unknown address, then for a user's.

    Raises NotTested where a response says nothing: throttled, broken, or no success for the user.
    """
    sent: list[str] = []

    def ask(person: Person) -> Exchange:
        sent.extend([person.email, person.email.partition("@")[0]])
        answer = world.deployment.access.once_on_device("request_reset", Device(person, "browser"), person.values)
        if world.deployment.client.is_throttled(answer):
            raise NotTested(
                f"a request for a new password is throttled: it was answered {quoted(answer)}.",
                "Run again later, or raise the limit for the run.",
                [answer],
            )
        return answer

    unknown, known = ask(world.cast.factory.person("Eve")), ask(world.person(alias))
    operation = world.deployment.operation("request_reset")
    if not matches(operation.outcomes.success, known):
        if unknown.status == known.status:
            world.deployment.must_be_there("request_reset", known)
        if unknown.status == known.status or httpx.codes.is_server_error(known.status):
            raise NotTested(
                f"a request for a new password for {alias}'s address was answered {quoted(known)}.",
                "Correct operations.request_reset in the profile, or find out in the deployment's log why.",
                [known],
            )
    world.remember(Resets(unknown, known, sent))


def must_answer_resets_alike(world: World) -> None:
    """Raise Unmet if a response tells which address is known."""
    resets = world.recall(Resets)
    drawn = {word for answer in (resets.unknown, resets.known) for word in _DRAWN.findall(answer.text)}
    volatile = [*resets.sent, *sorted(drawn, key=len, reverse=True)]
    how = difference(resets.unknown, resets.known, volatile) or by_cookies(resets.unknown, resets.known)
    if how is not None:
        raise Unmet(
            "that a request for a new password is answered alike for an unknown and for a known address",
            f"of an unknown and a known address {how}",
            [resets.unknown, resets.known],
        )

"""What responses tell of whether an address has an account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.findings import NotTested, Unmet
from harness.deployment.alikeness import tells_apart
from harness.deployment.quotation import quoted

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.people import Person
    from harness.scenario.world import World


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

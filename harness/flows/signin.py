"""What scenarios about sign-in do and demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.findings import Unmet
from harness.deployment.accounts import FOREIGN_DESTINATION, SIGN_IN
from harness.deployment.difference import difference
from harness.deployment.people import Device
from harness.flows.destinations import Responses

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.people import Person
    from harness.scenario.world import World


@dataclass(frozen=True)
class FailedSignIns:
    """Responses to an unknown and a known address, pair by pair.

    ``known`` is whose the latter is; ``sent`` differs in each by nature.
    """

    known: Person
    pairs: list[tuple[Exchange, Exchange]]
    sent: list[str]


def control_destination(world: World, alias: str, place: str) -> None:
    """Note that a sign-in with a destination inside the deployment works.

    Raises NotTested when it doesn't.
    """
    pages = world.target.profile.pages
    inside = world.accounts.with_destination(place, pages.after_sign_in if pages is not None else "/")
    world.judge.control(SIGN_IN, world.accounts.signs_in(world.person(alias), inside))


def sign_in_towards_elsewhere(world: World, alias: str, place: str) -> None:
    """Sign in and ask to be sent to another site afterwards."""
    elsewhere = world.accounts.with_destination(place, FOREIGN_DESTINATION)
    device = world.new_device(alias, "laptop")
    answer = world.deployment.sessions.sign_in(device, elsewhere)
    world.remember(Responses([(FOREIGN_DESTINATION, answer)]))


def try_known_and_unknown(world: World, alias: str, times: int) -> None:
    """Try wrong passwords for an unknown and a known address alternately.

    As often to one as to the other: a deployment may ask for more after some.
    """
    sent: list[str] = []

    def fail(person: Person) -> Exchange:
        wrong = world.cast.factory.password("wrong password")
        sent.extend([person.email, wrong])
        return world.deployment.sessions.guess(Device(person, "browser"), wrong)

    unknown, known = world.cast.new_person(alias), world.person(alias)
    pairs = [(fail(unknown), fail(known)) for _ in range(times)]
    failed = FailedSignIns(known, pairs, sent)
    world.remember(failed)
    # The scenario on their times needs no others.
    world.cast.memory.remember(failed)


def must_be_alike(world: World) -> None:
    """Raise Unmet if unknown addresses get another response every time."""
    world.judge.needs(SIGN_IN)
    failed = world.recall(FailedSignIns)
    differences = [difference(unknown, known, failed.sent) for unknown, known in failed.pairs]
    if all(differences):
        expected = "that an unknown address and a wrong password are answered alike"
        raise Unmet(expected, str(differences[0]), failed.pairs[0])

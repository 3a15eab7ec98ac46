"""One refresh token that is presented several times at the same moment.

Whether two presentations meet between the check of a use and its count is a matter of luck, so it is done in
rounds, each with another live token. What one of them yields is the control: the token was live.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.core.errors import Unavailable
from harness.core.exchange import GATEWAY_ERRORS, NoAnswer
from harness.core.findings import NotTested, Unmet
from harness.deployment.quotation import quoted
from harness.flows.refresh_exchange import held_refresh, present, present_together, what_it_yields
from harness.flows.refresh_family import Family, interval, wait_out

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.people import Device
    from harness.flows.refresh_exchange import Yield
    from harness.scenario.world import World


@dataclass(frozen=True)
class Round:
    """One live token, presented at the same moment and once more afterwards."""

    device: Device
    token: str
    given: list[Yield]
    """What came of those that were answered."""
    winners: list[Yield]
    """Those of them that yielded something."""
    again: Yield
    works_again: bool
    decided: int
    """How many were decided: neither throttled nor turned away by a gateway."""

    @property
    def yields(self) -> int:
        """How often the token yielded something."""
        return len(self.winners) + self.works_again

    @property
    def shows(self) -> bool:
        """Whether a live token was presented more than once."""
        return self.yields > 0 and self.decided > 1


@dataclass
class Race:
    """The rounds of a scenario.

    ``outlived`` says what yielded a token after a family had ended.
    """

    times: int
    planned: int
    rounds: list[Round] = field(default_factory=list)
    outlived: list[tuple[str, Exchange]] = field(default_factory=list)


def present_in_rounds(world: World, alias: str, times: int, rounds: int) -> None:
    """Present live refresh tokens several times at once, one each round.

    Ends with the first round in which it yielded more than once: of the others there is nothing to learn.
    """
    race = Race(times, rounds)
    world.remember(race)
    device = world.device(alias, "laptop")
    for number in range(rounds):
        if number:
            # A reuse may have ended the family of the one before.
            device = world.new_device(alias, "laptop")
            with contextlib.suppress(Unavailable, NoAnswer):
                world.deployment.sessions.sign_in_verified(device)
            if device.refresh_token is None:
                return
        race.rounds.append(_round(world, device, times))
        if race.rounds[-1].yields > 1:
            _end_the_family(world, race)
            return


def _round(world: World, device: Device, times: int) -> Round:
    token = held_refresh(device)
    given = present_together(world, device, token, times)
    winners = [one for one in given if what_it_yields(world, device, token, one) is not None]
    again = present(world, device, token)
    works_again = what_it_yields(world, device, token, again) is not None
    return Round(device, token, given, winners, again, works_again, sum(_is_decided(world, one) for one in given))


def _is_decided(world: World, given: Yield) -> bool:
    return not world.deployment.client.is_throttled(given.answer) and given.answer.status not in GATEWAY_ERRORS


def _end_the_family(world: World, race: Race) -> None:
    """Use the token after its declared interval, which ends its family.

    What then still yields a token is of another family. Raises NotTested where the use ended nothing.
    """
    seconds, last = interval(world), race.rounds[-1]
    following = [one.refresh for one in (*last.winners, last.again) if one.refresh not in (None, last.token)]
    if seconds is None or not following:
        return
    first, *others = dict.fromkeys(following)
    last.device.refresh_token = first
    wait_out(world, Family(last.device, last.token, time.time(), None, works_again=True), seconds)
    race.outlived += _yielding(world, last.device, last.token, "the token itself")
    successors = [held_refresh(last.device), *filter(None, others)]
    outlived = [
        one for token in successors for one in _yielding(world, last.device, token, "one of its successors")
    ]
    if len(outlived) == len(successors):
        raise NotTested(
            "the use of a refresh token after its reuse interval ended nothing, so nothing shows which tokens are "
            "of one family; see refresh-reuse-ends-the-family."
        )
    race.outlived += outlived


def _yielding(world: World, device: Device, token: str, what: str) -> list[tuple[str, Exchange]]:
    given = present(world, device, token)
    yielded = what_it_yields(world, device, token, given)
    return (
        [(f"{what} yielded {yielded} after its reuse had ended others", given.answer)]
        if yielded is not None
        else []
    )


def must_have_yielded_once(world: World) -> None:
    """Raise Unmet if one of the tokens yielded more than once.

    Where the profile declares a reuse interval, all of it has to belong to one family. Raises NotTested where no
    round shows anything.
    """
    race = world.recall(Race)
    for number, one in enumerate(race.rounds, 1):
        if one.yields > 1 and interval(world) is None:
            raise _yielded_again(race, one, number)
    for came, answer in race.outlived:
        answers = [*(winner.answer for winner in race.rounds[-1].winners), answer]
        raise Unmet("that all that a refresh token yields at the same moment is of one family", came, answers)
    showing = sum(one.shows for one in race.rounds)
    if not showing:
        raise _shows_nothing(world, race)
    world.notes.append(
        f"in {showing} of {race.planned} rounds a live refresh token was presented {race.times} times at the same "
        "moment"
    )


def _yielded_again(race: Race, one: Round, number: int) -> Unmet:
    often = "once" if len(one.winners) == 1 else f"{len(one.winners)} times"
    afterwards = ", and once more afterwards" if one.works_again else ""
    answers = [winner.answer for winner in one.winners] + ([one.again.answer] if one.works_again else [])
    return Unmet(
        f"that a refresh token, presented {race.times} times at the same moment, yields a token once",
        f"it yielded one {often}{afterwards} (round {number} of {race.planned})",
        answers,
    )


def _shows_nothing(world: World, race: Race) -> NotTested:
    answers = [given.answer for one in race.rounds for given in one.given]
    if not answers:
        return NotTested(f"none of {race.times} presentations of a refresh token at the same moment was answered.")
    if not any(one.yields for one in race.rounds):
        world.deployment.must_be_there("refresh", answers[0])
    live = next((one for one in race.rounds if one.yields), None)
    if live is None:
        return NotTested(
            f"the control failed: of {race.times} presentations of a live refresh token at the same moment none "
            f"yielded a token (the first was answered {quoted(answers[0])}).",
            "",
            answers[:1],
        )
    return NotTested(
        f"of {race.times} presentations of a refresh token at the same moment no two were decided: they were "
        "throttled, lost or turned away by a gateway.",
        "Raise the deployment's limits for the suite.",
        answers,
    )

"""What scenarios about guessing passwords do and demand."""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from harness.core.exchange import Exchange
from harness.core.findings import NotApplicable, NotTested, Unmet
from harness.deployment.accounts import SIGN_IN
from harness.deployment.people import Device
from harness.deployment.quotation import quoted
from harness.flows.guesses import (
    FURTHER,
    MOST,
    Guessed,
    begin,
    declared_limit,
    guess_until_limited,
    shows_limit,
    signs_in,
    use_up,
)
from harness.flows.limit_bypasses import learn_spellings
from harness.scenario.world import Answer
from harness.wire.throttle import retry_after

if TYPE_CHECKING:
    from harness.scenario.world import World

_BESIDE = 2
"""Wrong passwords beyond the limit that a burst may get through."""
_NAMES_WAIT = re.compile(r"(?i)(x-)?ratelimit(-.+)?")
"""Headers beside Retry-After that say when a limit ends (drafts and habits)."""


# --- one after the other ---


def try_beyond_limit(world: World, alias: str, further: int) -> None:
    """Try so many more wrong passwords than the limit.

    One follows the other. Ends early where the limit shows.
    """
    world.judge.needs(SIGN_IN)
    limit = declared_limit(world)
    guessed = begin(world, alias, Guessed(world.person(alias)))
    learn_spellings(world, guessed)
    guess_until_limited(world, guessed, limit.counted + further)
    world.remember(guessed)


def must_be_limited(world: World, alias: str) -> None:
    """Raise Unmet if the right password signs in after wrong ones.

    A limit that shows and lets the right one in all the same is tried twice: a place may just have become free.
    """
    limit, guessed = declared_limit(world), world.recall(Guessed)
    for _ in range(2):
        answer, is_inside = signs_in(world, guessed)
        if not is_inside or guessed.is_delayed or (limit.several_instances and guessed.limiting is not None):
            return
        if guessed.limiting is None:
            raise Unmet(
                f"that guessing {alias}'s password is limited after {limit.counted} wrong ones, as the "
                "profile declares",
                f"{len(guessed.wrong)} wrong passwords in a row were each answered {quoted(guessed.wrong[-1])}, "
                f"and the right one then signs in at once ({answer.status})",
                [guessed.wrong[0], guessed.wrong[-1], answer],
            )
        shown = guessed.limiting
        guess_until_limited(world, guessed, limit.counted + FURTHER)
    raise Unmet(
        f"that {alias}'s right password is limited as the wrong ones are",
        f"while wrong ones are answered {quoted(shown)}, the right one signs in ({answer.status}), so that "
        "guessing goes on until it is found",
        [shown, answer],
    )


# --- at the same moment ---


@dataclass(frozen=True)
class Burst:
    """Wrong passwords tried at the same moment, and their answers."""

    ordinary: Exchange
    """The answer to one before."""
    sent: int
    answers: list[Exchange]

    @property
    def took(self) -> float:
        """Seconds in which they were answered."""
        return max((one.elapsed for one in self.answers), default=0.0)


def try_at_once(world: World, alias: str) -> None:
    """Try five times the limit of wrong passwords at the same moment.

    There are `MOST` at most.
    """
    world.judge.needs(SIGN_IN)
    limit, person = declared_limit(world), world.person(alias)
    guessed = Guessed(person)
    wrong = world.cast.factory.password("wrong password")
    ordinary = world.deployment.sessions.guess(Device(person, "attacker"), wrong)
    number = min(5 * limit.max_attempts, MOST)
    calls = []
    for _ in range(number):
        wrong = world.cast.factory.password("wrong password")
        credential = world.deployment.access.ready("sign_in", Device(person, "attacker"))
        calls.append(({**person.values, "password": wrong}, credential))
    came = world.deployment.call_together("sign_in", "attacker", calls)
    answers = [one for one in came if isinstance(one, Exchange)]
    for answer in answers:
        world.deployment.sessions.sign_ins.note_wrong(person, answer)
    guessed.wrong += answers
    world.remember(guessed)
    world.remember(Burst(ordinary, number, answers))


def _verified(world: World, burst: Burst) -> list[Exchange]:
    """The answers that are those of an ordinary wrong password."""
    alike = [one for one in burst.answers if one.status == burst.ordinary.status]
    return [one for one in alike if not shows_limit(world, burst.ordinary, one)]


def must_hold_against_bursts(world: World, alias: str) -> None:
    """Raise Unmet if many more wrong passwords were verified than declared.

    What becomes free while they are answered is added. Raises NotTested where nothing shows which were verified.
    """
    limit, burst = declared_limit(world), world.recall(Burst)
    freed = math.ceil(limit.max_attempts * burst.took / limit.window)
    allowed = limit.counted + _BESIDE + freed
    if burst.sent <= allowed:
        raise NotTested(f"{burst.sent} wrong passwords at the same moment can't pass a limit of {allowed}.")
    if len(burst.answers) <= allowed:
        raise NotTested(
            f"of {burst.sent} wrong passwords at the same moment only {len(burst.answers)} were answered."
        )
    verified = _verified(world, burst)
    if len(verified) > allowed:
        answer, is_inside = signs_in(world, world.recall(Guessed))
        if not is_inside and not shows_limit(world, burst.ordinary, answer):
            raise NotTested(
                f"a locked account is answered as a wrong password is ({quoted(answer)}), so that nothing "
                "shows how many were verified.",
                "",
                [burst.ordinary, answer],
            )
        raise Unmet(
            f"that of {burst.sent} wrong passwords for {alias} at the same moment no more than {allowed} are "
            f"verified, for the profile declares a limit of {limit.max_attempts}",
            f"{len(verified)} were answered as any wrong password is, {quoted(burst.ordinary)}",
            [burst.ordinary, *verified[:2], verified[-1]],
        )
    world.notes.append(f"{burst.sent} wrong passwords at the same moment, once: {len(verified)} were verified")


# --- the end of the limit ---


def let_limit_end(world: World, alias: str) -> None:
    """Wait until the limit is declared to be over for the account.

    Raises EndOutOfReach where that is longer than the run may wait.
    """
    limit, guessed = declared_limit(world), world.recall(Guessed)
    which = "lock_seconds" if limit.longest > limit.window else "window"
    what = f"the limit on guessing {alias}'s password (rate_limit.{which} = {limit.longest})"
    use_up(world, guessed)
    world.expiry.wait_out(time.time() + limit.longest, what)


def must_sign_in_again(world: World, alias: str) -> None:
    """Raise Unmet if the right password is still refused."""
    limit, guessed = declared_limit(world), world.recall(Guessed)
    answer, is_inside = signs_in(world, guessed)
    if not is_inside:
        raise Unmet(
            f"that {alias}'s right password signs in again {limit.longest} s after the last attempt, as the "
            "profile declares",
            f"it was answered {quoted(answer)}: whoever guesses locks the owner out",
            [*guessed.wrong[-1:], answer],
        )
    world.notes.append(f"waited for the declared {limit.longest} s")


# --- what the limit says ---


def guess_once_more(world: World) -> None:
    """Try the right password, which is refused by now."""
    world.remember(Answer(signs_in(world, world.recall(Guessed))[0]))


def must_name_wait(world: World, alias: str) -> None:
    """Raise Unmet if a 429 does not say how long to wait.

    Raises NotApplicable where the limit is answered otherwise.
    """
    answer = world.last()
    if answer.status != httpx.codes.TOO_MANY_REQUESTS:
        raise NotApplicable(f"The limit is answered {answer.status}, and not 429.")
    if retry_after(answer) is None and not any(_NAMES_WAIT.fullmatch(name) for name, _ in answer.headers):
        raise Unmet(
            f"that the 429 to a sign-in as {alias} says how long to wait (Retry-After)",
            f"it was answered {quoted(answer)}, without Retry-After, X-Retry-After or RateLimit",
            [answer],
        )

"""Wrong passwords in number, and the limit that they reach.

No account is tried but one made for it, with no more than `MOST` wrong passwords in a row. Every guess is sent
once: a 429 is what is looked for, so it is not waited out. One account for which the limit is reached serves every
scenario of a worker; where it has recovered meanwhile, its guesses are used up again.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from harness.core.findings import NotTested
from harness.deployment.people import Device
from harness.deployment.sign_ins import SAYS_SO
from harness.deployment.tampered import UNTAMPERED
from harness.flows.common import precondition
from harness.profile.rate_limit import INSTANCES
from harness.wire.throttle import retry_after

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from harness.core.exchange import Exchange
    from harness.deployment.people import Person
    from harness.deployment.tampered import Tampering
    from harness.profile.rate_limit import RateLimit
    from harness.scenario.world import World

MOST = 30
"""Wrong passwords that are tried in a row at most."""
FURTHER = 5
"""Wrong passwords beyond the declared limit, after which it must show."""
_LATE = 1.0
"""Seconds from which on an answer counts as delayed."""
_LAST = 3
"""Answers by which a delay is judged: one late answer may be the machine's."""
_LONGEST_FOR_ALL = 60
"""Seconds for which the suite may shut itself out of a deployment that limits each client."""


@dataclass
class Guessed:
    """An account that was tried with wrong passwords, and the answers."""

    person: Person
    ordinary: Exchange | None = None
    """The answer to the first wrong password."""
    wrong: list[Exchange] = field(default_factory=list)
    """The answers to wrong passwords since its own last signed in."""
    limiting: Exchange | None = None
    """The first of these answers that shows a limit."""
    tried: int = 0
    """How many there were in all."""
    spellings: list[str] = field(default_factory=list)
    """Other spellings of its address with which its own password signs in."""

    @property
    def is_delayed(self) -> bool:
        """Whether the last answers took long."""
        return len(self.wrong) >= _LAST and statistics.median(one.elapsed for one in self.wrong[-_LAST:]) > _LATE


@dataclass(frozen=True)
class Accounts:
    """The accounts for which the limit is reached, by alias.

    Kept for the whole worker.
    """

    by_alias: dict[str, Guessed] = field(default_factory=dict)


def declared_limit(world: World) -> RateLimit:
    """The declared limit.

    Raises NotTested where reaching it would shut the suite out, or takes too many guesses.
    """
    limit = world.target.profile.rate_limit
    if limit is None:
        raise NotTested("the profile declares no limit on guessing passwords (rate_limit).")
    if limit.keyed_by == "client" and limit.longest > _LONGEST_FOR_ALL:
        raise NotTested(
            f"each client is limited, for {limit.longest} s (rate_limit): guessing would shut the suite out.",
            f"Give the deployment a window of {_LONGEST_FOR_ALL} s or less for the suite, and declare it.",
        )
    if limit.counted + FURTHER > MOST:
        raise NotTested(
            f"a limit of {limit.counted} wrong passwords (rate_limit.max_attempts) is not reached with the "
            f"{MOST} that are tried.",
            f"Give the deployment a limit of {MOST - FURTHER} or less for the suite, and declare it.",
        )
    return limit


def shows_limit(world: World, ordinary: Exchange, answer: Exchange) -> bool:
    """Whether a wrong password was not answered as an ordinary one.

    It is throttled, locked or challenged; a crash is not among that.
    """
    if world.deployment.client.is_throttled(answer) and not world.deployment.client.is_throttled(ordinary):
        return True
    if retry_after(answer) is not None and retry_after(ordinary) is None:
        return True
    if httpx.codes.is_server_error(answer.status):
        return False
    says_so = SAYS_SO.search(answer.text) is not None and SAYS_SO.search(ordinary.text) is None
    return says_so or (answer.status != ordinary.status and not httpx.codes.is_success(answer.status))


def guess(world: World, guessed: Guessed) -> Exchange:
    """Try one wrong password for the account, once."""
    wrong = world.cast.factory.password("wrong password")
    answer = world.deployment.sessions.guess_once(Device(guessed.person, "attacker"), {"password": wrong})
    guessed.ordinary = guessed.ordinary or answer
    guessed.wrong.append(answer)
    if guessed.limiting is None and shows_limit(world, guessed.ordinary, answer):
        guessed.limiting = answer
    guessed.tried += 1
    return answer


def signs_in(
    world: World,
    guessed: Guessed,
    tampering: Tampering = UNTAMPERED,
    respelled: Callable[[str], str] = lambda path: path,
    values: Mapping[str, str] | None = None,
) -> tuple[Exchange, bool]:
    """Try the right password from a bare client.

    Returns the answer, and whether it signs in.
    """
    device = Device(guessed.person, "attacker")
    answer = world.deployment.sessions.guess_once(device, values or {}, tampering, respelled)
    is_inside = world.accounts.yields(device) is not None
    return answer, is_inside


def begin(world: World, alias: str, guessed: Guessed) -> Guessed:
    """Note that the account is one to guess at, from now on."""
    world.cast.memory.setdefault(Accounts()).by_alias[alias] = guessed
    return guessed


def used_up(world: World, alias: str, learn: Callable[[World, Guessed], None]) -> Guessed:
    """An account for which the limit is reached.

    ``learn`` looks at a new one before that. Raises NotTested where the limit can't be reached.
    """
    declared_limit(world)
    known = world.cast.memory.setdefault(Accounts()).by_alias
    if alias not in known:
        new = Guessed(world.cast.throwaway(alias))
        with precondition():
            world.accounts.signs_in(new.person)()
        learn(world, new)
        begin(world, alias, new)
    world.introduce(known[alias].person)
    use_up(world, known[alias])
    return known[alias]


def use_up(world: World, guessed: Guessed) -> int:
    """Guess until the right password is refused; return how often.

    Raises NotTested where it never is.
    """
    limit = declared_limit(world)
    most, tried = limit.counted + FURTHER, 0
    while True:
        # Each instance has its own count.
        for _ in range(2 * INSTANCES if limit.several_instances else 1):
            answer, is_inside = signs_in(world, guessed)
            if is_inside:
                break
        else:
            return tried
        if guessed.is_delayed:
            raise NotTested("the limit delays and refuses nothing, so that it can't be seen what resets it.")
        if tried >= most:
            raise NotTested(
                f"after {tried} wrong passwords the right one signs in: no limit is reached "
                "(guessing-is-rate-limited).",
                "",
                [*guessed.wrong[-1:], answer],
            )
        tried += guess_until_limited(world, guessed, most - tried)


def guess_until_limited(world: World, guessed: Guessed, most: int) -> int:
    """Try wrong passwords until the limit shows; return how many.

    There are ``most`` at most.
    """
    guessed.wrong.clear()
    guessed.limiting = None
    for number in range(1, most + 1):
        guess(world, guessed)
        if guessed.limiting is not None:
            return number
    return most

"""What scenarios about ways round the limit on guessing do and demand.

The right password is what is tried, since its effect shows that a sign-in was carried out. The account is one
whose right password is refused at the ordinary address and by an ordinary request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.findings import NotApplicable, Unmet
from harness.core.vocabulary import Vocabulary
from harness.deployment.tampered import UNTAMPERED, Tampering
from harness.flows.guesses import Guessed, declared_limit, signs_in, use_up, used_up
from harness.flows.task_addresses import SPELLINGS

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.scenario.world import World

_MOST_IN_ALL = 60
"""Wrong passwords for one account from which on no further way is confirmed where one is."""
_ROUNDS = 2
"""How often a way has to lead round the limit: a place may have become free at that very moment."""


@dataclass(frozen=True)
class Way:
    """A sign-in that a limit may take for another."""

    tampering: Tampering = UNTAMPERED
    respelled: Callable[[str], str] = lambda path: path
    email: Callable[[str], str] | None = None


def _header(name: str, value: str) -> dict[str, Way]:
    return {f"with {name}: {value}": Way(Tampering(headers=((name, value),)))}


HEADERS: Mapping[str, Way] = {
    **_header("X-Forwarded-For", "203.0.113.7"),
    **_header("X-Forwarded-For", "2001:db8::7"),
    **_header("X-Real-IP", "203.0.113.7"),
    **_header("Forwarded", "for=203.0.113.7"),
    **_header("True-Client-IP", "203.0.113.7"),
    **_header("CF-Connecting-IP", "203.0.113.7"),
    **_header("X-Client-IP", "203.0.113.7"),
}
"""Headers in which proxies write the client's address (addresses of RFC 5737 and RFC 3849)."""

_SPELLED = ("with a double slash", "with a slash at its end", "in upper case", "with an encoded letter")

ADDRESSES: Mapping[str, Way] = {
    **{f"at the address {word}": Way(respelled=SPELLINGS[word]) for word in _SPELLED},
    "at the address in other case": Way(respelled=str.swapcase),
    "at the address with a query": Way(Tampering(query={"v": "1"})),
}
"""Other spellings of the address of sign-in."""


def _local(change: Callable[[str], str]) -> Callable[[str], str]:
    def changed(email: str) -> str:
        local, at, domain = email.partition("@")
        return f"{change(local)}{at}{domain}"

    return changed


IDENTIFIERS: Mapping[str, Way] = {
    "for the account in upper case": Way(email=str.upper),
    "for the account with its first letter in other case": Way(
        email=_local(lambda local: local[:1].swapcase() + local[1:])
    ),
    "for the account with a space before it": Way(email=lambda email: f" {email}"),
    "for the account with a space after it": Way(email=lambda email: f"{email} "),
}
"""Other spellings of an account's address, where they sign in to the same account."""

WAYS: Vocabulary[Way] = Vocabulary(
    "way round a limit",
    {**HEADERS, **ADDRESSES, **IDENTIFIERS},
)


@dataclass(frozen=True)
class WentOn:
    """The answers to what was carried out beyond the limit, by way."""

    answers: dict[str, Exchange]


def use_up_guesses(world: World, alias: str) -> None:
    """Bring in an account for which the limit is reached."""
    world.remember(used_up(world, alias, learn_spellings))


def learn_spellings(world: World, guessed: Guessed) -> None:
    """Note which other spellings of the address sign in."""
    for word in IDENTIFIERS if declared_limit(world).keyed_by != "client" else ():
        if _attempted(world, guessed, word)[1]:
            guessed.spellings.append(word)


def go_on(world: World, ways: list[str]) -> None:
    """Try the right password by each of these ways.

    Raises NotApplicable where the deployment, by its profile or by what it showed, has none of them.
    """
    guessed = world.recall(Guessed)
    applicable = [word for word in ways if word not in IDENTIFIERS or word in guessed.spellings]
    _must_apply(world, ways, applicable)
    use_up(world, guessed)
    doubtful = [word for word in applicable if _attempted(world, guessed, word)[1]]
    confirmed: dict[str, Exchange] = {}
    for word in doubtful:
        if confirmed and guessed.tried > _MOST_IN_ALL:
            break  # one is enough
        if (answer := _answer_round(world, guessed, word)) is not None:
            confirmed[word] = answer
    world.remember(WentOn(confirmed))


def _must_apply(world: World, ways: list[str], applicable: list[str]) -> None:
    limit = declared_limit(world)
    if any(word in HEADERS for word in ways) and not (limit.ignores_client_headers or limit.keyed_by == "account"):
        raise NotApplicable(
            "The profile does not declare that headers of the client's own address count for nothing "
            "(rate_limit.ignores_client_headers)."
        )
    if any(word in IDENTIFIERS for word in ways) and limit.keyed_by == "client":
        raise NotApplicable("The profile declares that the limit is one on clients, whatever account they try.")
    if not applicable:
        raise NotApplicable("No other spelling of an account's address signs in to it.")


def _attempted(world: World, guessed: Guessed, word: str) -> tuple[Exchange, bool]:
    way = WAYS[word]
    values = {"email": way.email(guessed.person.email)} if way.email is not None else {}
    return signs_in(world, guessed, way.tampering, way.respelled, values)


def _answer_round(world: World, guessed: Guessed, word: str) -> Exchange | None:
    """The answer that came by a way round the limit, or None.

    A sign-in that ends the count shows itself: it takes many guesses to reach the limit again. One for which a
    place had become free takes one or two.
    """
    answer = None
    for _ in range(_ROUNDS):
        use_up(world, guessed)
        answer, is_inside = _attempted(world, guessed, word)
        if not is_inside:
            return None
        if 0 < use_up(world, guessed) <= declared_limit(world).max_attempts / 2:
            return None
    return answer


def must_not_have_gone_on(world: World, alias: str) -> None:
    """Raise Unmet if a sign-in was carried out beyond the limit."""
    went_on = world.recall(WentOn).answers
    if went_on:
        words = "; ".join(went_on)
        raise Unmet(
            f"that no sign-in as {alias} is carried out once the limit on guessing is reached",
            f"her right password, which is refused otherwise, signs in {words}",
            list(went_on.values()),
        )

"""Whose a refreshed token is, whatever else the request says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.core.findings import Unmet
from harness.core.vocabulary import Vocabulary
from harness.deployment.tampered import Tampering
from harness.flows.common import id_of, precondition
from harness.flows.refresh import must_have_yielded
from harness.flows.refresh_exchange import refresh_on

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.people import Device
    from harness.scenario.world import World

_IDS = ("user_id", "userId", "sub", "uid")
"""Spellings of the field that says whose id it is."""


@dataclass(frozen=True)
class Hinted:
    """An access token that came although the request named another person."""

    token: str
    answer: Exchange


@dataclass(frozen=True)
class HintedRefreshes:
    """What refreshes yielded that named another person."""

    named: str
    made: list[Hinted] = field(default_factory=list)


def _ids(user_id: str, _email: str) -> dict[str, str]:
    return dict.fromkeys(_IDS, user_id)


def _addresses(_user_id: str, email: str) -> dict[str, str]:
    return {"email": email, "username": email}


def _in_query(user_id: str, email: str) -> dict[str, str]:
    return {**_ids(user_id, email), **_addresses(user_id, email)}


@dataclass(frozen=True)
class Hint:
    """Where a refresh names another person, and by which fields."""

    fields: Callable[[str, str], dict[str, str]]
    tampering: Callable[[World, Mapping[str, str]], Tampering]


def _body(world: World, named: Mapping[str, str]) -> Tampering:
    operation = world.deployment.operation("refresh")
    # Where the body is a template, beside what it says of the person.
    return Tampering(beside=named) if operation.body or operation.form else Tampering(body=named)


HINTS: Vocabulary[Hint] = Vocabulary(
    "way to name another user in a refresh",
    {
        "his id in the body": Hint(_ids, _body),
        "his address in the body": Hint(_addresses, _body),
        "the query": Hint(_in_query, lambda _, named: Tampering(query=named)),
    },
)
"""Where a refresh names another user than its refresh token."""


def refresh_naming(world: World, alias: str, named: str, hint: str) -> None:
    """Refresh on the laptop while naming another person.

    All fields go in one request; where that is refused, perhaps for a field that is not known, each goes in one of
    its own. Raises NotTested where an ordinary refresh does not work.
    """
    chosen, device = HINTS[hint], world.device(alias, "laptop")
    world.remember(HintedRefreshes(named))
    with precondition():
        _must_be_of(world, alias, must_have_yielded(world, refresh_on(world, device)))
    fields = chosen.fields(id_of(world, named), world.person(named).email)
    if _refreshed_with(world, device, chosen.tampering(world, fields)):
        return
    for name, value in fields.items():
        device = _live(world, alias, device)
        _refreshed_with(world, device, chosen.tampering(world, {name: value}))


def _refreshed_with(world: World, device: Device, tampering: Tampering) -> bool:
    given = refresh_on(world, device, tampering)
    if given.access is not None:
        world.recall(HintedRefreshes).made.append(Hinted(given.access, given.answer))
    return given.access is not None


def _live(world: World, alias: str, device: Device) -> Device:
    """A device with a live refresh token, after a refused request."""
    if refresh_on(world, device).access is not None:
        return device
    device = world.new_device(alias, "laptop")
    world.deployment.sessions.sign_in_verified(device)
    return device


def must_be_the_owners(world: World, alias: str) -> None:
    """Raise Unmet if a refresh yielded anything but its owner's token."""
    hinted = world.recall(HintedRefreshes)
    named = world.person(hinted.named)
    for one in hinted.made:
        try:
            _must_be_of(world, alias, one.token)
        except Unmet as failed:
            is_theirs = any(canary in shown.everything for canary in named.canaries for shown in failed.exchanges)
            came = f"it opens {named.alias}'s tasks" if is_theirs else failed.came
            expected = (
                f"that {alias}'s refresh token yields {alias}'s token, though {named.alias} is named beside it"
            )
            raise Unmet(expected, came, [one.answer, *failed.exchanges]) from failed


def _must_be_of(world: World, alias: str, token: str) -> None:
    bearer = world.deployment.access.bearer(token, "the refreshed token")
    world.tasks.opens(bearer, f"{alias}'s laptop", world.person(alias), world.task_of(alias))

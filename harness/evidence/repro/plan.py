"""Decides what a script sends and which responses it compares."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import httpx

from harness.core.exchange import origin_of
from harness.evidence.repro.decided import compared_in
from harness.evidence.repro.history import History
from harness.evidence.repro.parts import path_of
from harness.evidence.repro.passage import passage_of
from harness.evidence.repro.resolver import Resolver
from harness.evidence.repro.script import Plan
from harness.evidence.repro.selection import Preparing, Selection
from harness.evidence.repro.slices import Slice, Slicer
from harness.evidence.repro.values import Unreproducible

if TYPE_CHECKING:
    from harness.core.decisions import Decision
    from harness.core.exchange import Exchange
    from harness.profile.profile import Profile
    from harness.results.result import Result
    from harness.scenario.world import World

_WAIT = 1.5
"""Seconds between two exchanges from which on the suite waited for something."""
_LONGEST_WAIT = 600.0
_KEYWORDS = ("Given", "When", "Then")
_AGED = "age:"
"""How the note begins that says that the suite changed the deployment's database."""


def planned(
    world: World, exchanges: Sequence[Exchange], result: Result, decisions: Sequence[Decision] = ()
) -> Plan:
    """What the script of a finding does.

    Raises Unreproducible with the sentence why there can be none.
    """
    _must_be_possible(exchanges, result)
    client, target = world.deployment.client, world.target
    history = client.history
    numbers = {id(exchange): index for index, exchange in enumerate(history)}
    here = {numbers[id(exchange)]: step for step, exchange in client.transcript.entries if id(exchange) in numbers}
    deciding = [numbers[id(exchange)] for exchange in exchanges if id(exchange) in numbers]
    if not deciding:
        raise Unreproducible("The answers that decided are not of this run.")
    bases = {"BASE_URL": target.web}
    for name, url in (("API_URL", target.api), ("AUTH_URL", target.auth)):
        if url not in bases.values():
            bases[name] = url
    longest_first = sorted(bases.items(), key=lambda base: -len(base[1]))
    said = History(history, client.is_throttled)

    def sliced(wanted: Iterable[int]) -> Slice:
        resolver = Resolver(said, world.cast.everyone, origin_of(target.web))
        return Slicer(said, resolver, longest_first).slice([*wanted])

    compared = {numbers[id(one)] for decision in decisions for one in compared_in(decision) if id(one) in numbers}
    given = Preparing(_preparing(here, result, deciding), _creates(target.profile))
    selection = Selection(said, here, result.step, deciding, sliced, compared, given)
    # Once more in the order of the script, so that its variables are numbered in that order.
    requests = sliced(sliced(selection.wanted).requests)
    before = {index for index in requests.requests if index not in here}
    return Plan(
        requests=requests,
        steps=here,
        preparing=frozenset((before | {*given.numbers}) - {max(deciding)}),
        deciding=frozenset(deciding),
        telling=frozenset(selection.telling),
        pair=_pair(history, deciding),
        decisions=tuple(decisions),
        waits=_waits(history, requests, sorted(here)),
        bases=bases,
        passage=passage_of(target.profile.reach),
    )


def _must_be_possible(exchanges: Sequence[Exchange], result: Result) -> None:
    if "needs-browser" in result.needs:
        raise Unreproducible("It takes a browser; the screenshots and the trace show it.")
    if not exchanges:
        raise Unreproducible("It rests on no single answer, but on what the suite made of several.")
    if any(exchange.together for exchange in exchanges):
        raise Unreproducible("It takes several requests at the same moment, and a script sends one after another.")
    if any(note.startswith(_AGED) for note in result.notes):
        raise Unreproducible("It takes a change in the deployment's database, by which the suite ended a session.")


def _preparing(here: dict[int, str], result: Result, deciding: Sequence[int]) -> set[int]:
    """The exchanges of Given steps, unless the verdict fell in one."""
    kinds: dict[str, str] = {}
    kind = _KEYWORDS[0]
    for step in result.steps:
        keyword = step.partition(" ")[0]
        kind = keyword if keyword in _KEYWORDS else kind
        # Of two steps with the same words the later one counts: less is taken for preparation.
        kinds[step] = kind
    given = {index for index, step in here.items() if kinds.get(step) == _KEYWORDS[0]}
    return set() if max(deciding) in given else given


def _creates(profile: Profile) -> Callable[[Exchange], bool]:
    """Whether a request makes a task: that alone changes nothing else."""
    operations = [section.create for section in (profile.tasks, profile.proxy) if section is not None]
    paths = [
        (one.method, re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(one.path)) + "$")) for one in operations
    ]
    return lambda exchange: any(
        exchange.method == method and path.search(path_of(exchange)) is not None for method, path in paths
    )


def _pair(history: Sequence[Exchange], deciding: Sequence[int]) -> tuple[int, ...]:
    """Two deciding refusals of one kind that differ in their texts."""
    if len(deciding) != len(("one", "other")):
        return ()
    one, other = (history[index] for index in deciding)
    alike = (one.method, one.url, one.status) == (other.method, other.url, other.status)
    return tuple(deciding) if alike and httpx.codes.is_error(one.status) else ()


def _waits(history: Sequence[Exchange], requests: Slice, here: Sequence[int]) -> dict[int, float]:
    """Seconds to wait before a request, as the suite did.

    Not for a 429.
    """
    waits: dict[int, float] = {}
    waited = 0.0
    for before, index in pairwise(here):
        gap = history[index].ended - history[index].elapsed - history[before].ended
        if gap >= _WAIT and history[before].status != httpx.codes.TOO_MANY_REQUESTS:
            waited += gap
        if waited and index in requests.requests:
            if waited > _LONGEST_WAIT:
                raise Unreproducible(f"It takes a wait of {waited:.0f} s.")
            waits[index] = waited + 1
            waited = 0.0
    return waits

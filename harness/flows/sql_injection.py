"""SQL in ids and parameters of the task API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from harness.core.exchange import NoAnswer
from harness.core.findings import Unmet
from harness.core.vocabulary import Vocabulary
from harness.deployment.quotation import quoted
from harness.deployment.tampered import Tampering
from harness.flows.isolation import Lists

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.people import Person
    from harness.scenario.world import World


@dataclass(frozen=True)
class Place:
    """Where SQL is put, and what is written there.

    Without parameters it follows the id of a task. None of it changes anything.
    """

    parameters: tuple[str, ...]
    written: tuple[str, ...]


PLACES: Vocabulary[Place] = Vocabulary(
    "place of SQL",
    {
        "the id of a task": Place((), ("' OR '1'='1", "' OR 1=1 -- ", " OR 1=1", " OR TRUE")),
        "a search": Place(("q", "search", "title"), ("' OR '1'='1", "%' OR 1=1 -- ", "%') OR 1=1 -- ")),
        "a filter": Place(("status", "completed", "filter", "id"), ("' OR '1'='1", "1 OR 1=1", "0) OR (1=1")),
        "an order": Place(("sort", "order", "order_by"), ("title' OR '1'='1", "(CASE WHEN 1=1 THEN title END)")),
    },
)
"""Where SQL is put, and what is written there."""

_QUOTE, _LETTER = "'", "x"


@dataclass(frozen=True)
class Quoted:
    """The answers to a lone quote, and to a letter instead."""

    pairs: list[tuple[str, Exchange | NoAnswer, Exchange | NoAnswer]]


def try_sql(world: World, alias: str, word: str) -> None:
    """Read or list as the person, with SQL in that place.

    Then with a lone quote, and with a letter instead.
    """
    person, place = world.person(alias), PLACES[word]
    answers = [came for text in place.written for came in _asked(world, person, place, text).values()]
    world.remember(Lists([one for one in answers if not isinstance(one, NoAnswer)]))
    letters = _asked(world, person, place, _LETTER)
    quotes = _asked(world, person, place, _QUOTE)
    world.remember(Quoted([(name, letters[name], quotes[name]) for name in quotes]))


def _asked(world: World, person: Person, place: Place, text: str) -> dict[str, Exchange | NoAnswer]:
    if place.parameters:
        return {
            f'the parameter "{name}"': _answer(world, person, Tampering(query={name: text}))
            for name in place.parameters
        }
    whole = f"{person.tasks[-1].id}{text}" if text.startswith(("'", _LETTER)) else f"1{text}"
    return {"the id of a task": _answer(world, person, task_id=whole)}


def _answer(
    world: World, person: Person, tampering: Tampering | None = None, task_id: str = ""
) -> Exchange | NoAnswer:
    credential = world.tasks.credential(person)
    try:
        if tampering is not None:
            return world.tasks.call("list", person.alias, credential, person, tampering=tampering).exchange
        return world.tasks.call("read", person.alias, credential, person, task_id).exchange
    except NoAnswer as silent:
        return silent


def must_break_nothing(world: World) -> None:
    """Raise Unmet if a lone quote breaks what a letter does not."""
    for name, letter, quote in world.recall(Quoted).pairs:
        if _is_broken(quote) and not _is_broken(letter):
            came = (
                str(quote) if isinstance(quote, NoAnswer) else f"the server broke: it was answered {quoted(quote)}"
            )
            evidence = [one for one in (letter, quote) if not isinstance(one, NoAnswer)]
            raise Unmet(f"that a lone quote in {name} is no more than a letter there", came, evidence)


def _is_broken(came: Exchange | NoAnswer) -> bool:
    return isinstance(came, NoAnswer) or httpx.codes.is_server_error(came.status)

"""The collection of the person's own things, found by putting one in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

import httpx

from harness.core.exchange import is_safe
from harness.deployment.people import new_canary
from harness.discovery.resource import is_well_named
from harness.discovery.shapes import conventions
from harness.discovery.trial.attempts import adapted, is_absent
from harness.discovery.trial.json_places import content_of, place_of
from harness.wire.parts import arrays

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.discovery.trial.clues import Clues
    from harness.discovery.trial.visitor import Table, Visitor

_OF_ONE = {"read": "GET", "replace": "PUT", "update": "PATCH", "delete": "DELETE"}
_MOST_TRIED = 20
_USUAL = {"items": "", "id": "/id", "title": "/title"}
"""Where these are, unless the profile says otherwise."""
_MOST_IDS = 4
_LONGEST_ID = 80
_DENIED = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)


@dataclass
class Collection:
    """A collection as it was found."""

    table: Table
    left_out: dict[str, str] = field(default_factory=dict)
    """What came, by the verb."""


@dataclass
class _Place:
    """Where a list has items, and an item its texts."""

    items: str
    id: str
    title: str


def find_collection(
    visitor: Visitor, clues: Clues, section: str, credential: str
) -> tuple[Collection | None, list[str]]:
    """The first candidate that keeps what the person puts in.

    Returns what came of the others, a sentence each.
    """
    tried: list[str] = []
    for candidate in islice(_candidates(clues, section), _MOST_TRIED):
        came = _try(visitor, candidate, credential)
        if isinstance(came, Collection):
            return came, tried
        if came:
            tried.append(came)
    return None, tried


def _candidates(clues: Clues, section: str) -> Iterator[Table]:
    drafted = clues.draft.get(section)
    known: set[tuple[str, str]] = set()
    for one in (drafted, *(_guessed(clues) if section == "tasks" else ())):
        if isinstance(one, dict):
            way = (one.get("base", ""), one["list"]["path"])
            if way not in known:
                known.add(way)
                yield one


def _guessed(clues: Clues) -> Iterator[Table]:
    bases = reversed(clues.addresses.bases)
    paths = [*clues.seen, *conventions().resource.paths, *conventions().tried.collections]
    yield from (
        {"base": base, "list": {"method": "GET", "path": path}, "create": {"method": "POST", "path": path}}
        for base in bases
        for path in paths
    )


def _try(visitor: Visitor, candidate: Table, credential: str) -> Collection | str:
    """The collection, or a sentence why it is none.

    That is empty where nothing is there.
    """
    base = candidate.get("base", "api")
    if len(visitor.trial.addresses.bases) == 1:
        base = "web"
    listing = {**candidate["list"], "base": base}
    before = visitor.send({**listing, "headers": {"Accept": "application/json", **listing.get("headers", {})}})
    if is_absent(before) or before is None:
        return ""
    if before.status in _DENIED or not httpx.codes.is_success(before.status):
        return f"GET {listing['path']} was answered {before.status} to the signed-in person"
    if next(arrays(content_of(before)), None) is None:
        return ""
    creating = {**candidate["create"], "base": base}
    if not {"json", "form"} & creating.keys():
        creating["json"] = {"title": "{title}"}
    canary = new_canary()
    creating, made = adapted(visitor, "tasks", creating, title=f"water the plants {canary}")
    after = visitor.send(listing)
    place = _place_of(content_of(after), canary)
    if place is None:
        came = f"answered {made.status}" if made is not None else "not answered"
        return f"POST {creating['path']} was {came}, and GET {listing['path']} does not list what was put in"
    # Where anyone sees what by its name is each person's own, a guard is missing, and scenarios say so.
    if not is_well_named(listing["path"]) and _shows(visitor.stranger().send(listing), canary):
        return f"GET {listing['path']} shows anyone what the person put in, as is meant for what is published"
    return _with_items(visitor, candidate, (listing, creating), place, (canary, made, after), credential, base)


def _shows(answer: Exchange | None, canary: str) -> bool:
    return answer is not None and httpx.codes.is_success(answer.status) and canary in answer.text


def _with_items(
    visitor: Visitor,
    candidate: Table,
    known: tuple[Table, Table],
    place: _Place,
    came: tuple[str, Exchange | None, Exchange | None],
    credential: str,
    base: str,
) -> Collection:
    canary, made, after = came
    listing, creating = known
    table: Table = {"base": base, "credential": credential}
    table |= {"list": _plain(listing), "create": _plain(creating)}
    found = Collection(table)
    items = _Items(visitor, listing, creating, place, _path_of_one(candidate, listing["path"]), None)
    reading = items.operation(candidate.get("read"), "read", "GET", base)
    items.find_id(_item_with(content_of(after), place, canary), reading, canary)
    for verb, method in _OF_ONE.items():
        one = items.operation(candidate.get(verb), verb, method, base)
        problem = items.tried(verb, one)
        if problem is None:
            table[verb] = _plain(one)
        elif problem:
            found.left_out[verb] = problem
    table |= {key: value for key, usual in _USUAL.items() if (value := getattr(place, key)) != usual}
    if wrapper := _wrapper(made, canary, place.title):
        table["item"] = wrapper
    if (following := candidate.get("next", _next(after))) is not None:
        table["next"] = following
    return found


@dataclass
class _Items:
    """Tries what can be done with one item."""

    visitor: Visitor
    listing: Table
    creating: Table
    place: _Place
    path_of_one: str
    number: str | None

    def operation(self, drafted: Any, verb: str, method: str, base: str) -> Table:  # noqa: ANN401 - JSON is any
        """The operation that the draft has, or the usual one."""
        if isinstance(drafted, dict):
            return {**drafted, "base": base}
        one: Table = {"method": method, "path": self.path_of_one}
        if verb in ("replace", "update"):
            one |= {key: self.creating[key] for key in ("json", "form") if key in self.creating}
        return {**one, "base": base}

    def find_id(self, item: Table, reading: Table, canary: str) -> None:
        """Find which of an item's values is its id.

        Where nothing is read by one, the first that is called so.
        """
        values = {f"/{key}": str(one) for key, one in item.items() if _may_be_an_id(key, one)}
        named = [f"/{name}" for name in conventions().answers["id"] if f"/{name}" in values]
        for key in list(dict.fromkeys([*named, *values]))[:_MOST_IDS]:
            answer = self.visitor.send(reading, task_id=values[key], title="")
            if answer is not None and httpx.codes.is_success(answer.status) and canary in answer.text:
                self.place.id, self.number = key, values[key]
                return
        if named:
            self.place.id, self.number = named[0], values[named[0]]

    def tried(self, verb: str, operation: Table) -> str | None:
        """What came, or None where it works.

        Empty where there is no such thing.
        """
        if self.number is None:
            return "no value of a listed item is an id by which it is read"
        canary = new_canary()
        answer = self._carried_out(operation, canary)
        if is_absent(answer) or answer is None:
            return ""
        shown = self._listed()
        works = {
            "read": httpx.codes.is_success(answer.status) and "cnry" in answer.text,
            "replace": canary in shown,
            "update": canary in shown,
            "delete": not self._is_listed(self.number),
        }[verb]
        asked = f"{operation['method']} {operation['path']}"
        return None if works else f"{asked} was answered {answer.status}, and has no effect that the list shows"

    def _carried_out(self, operation: Table, canary: str) -> Exchange | None:
        values = {"task_id": self.number or "", "title": f"water the plants {canary}"}
        if is_safe(operation["method"]) or operation["method"] == "DELETE":
            return self.visitor.send(operation, **values)
        changed, answer = adapted(self.visitor, "tasks", operation, **values)
        operation.update(changed)
        return answer

    def _listed(self) -> str:
        answer = self.visitor.send(self.listing)
        return answer.text if answer is not None else ""

    def _is_listed(self, number: str) -> bool:
        answer = self.visitor.send(self.listing)
        return any(
            number in (str(value) for value in one.values())
            for _, array in arrays(content_of(answer))
            for one in array
            if isinstance(one, dict)
        )


def _path_of_one(candidate: Table, path: str) -> str:
    """Where one item is.

    Where the draft has one, or below the list, with its slash.
    """
    drafted = (candidate.get(verb) for verb in _OF_ONE)
    usual = f"{path.rstrip('/')}/{{task_id}}{'/' if path.endswith('/') else ''}"
    return next((one["path"] for one in drafted if isinstance(one, dict)), usual)


def _plain(operation: Table) -> Table:
    return {key: value for key, value in operation.items() if key != "base"}


def _place_of(content: Any, canary: str) -> _Place | None:  # noqa: ANN401 - JSON is any
    for pointer, array in arrays(content):
        for one in array:
            title = place_of(one, lambda text: canary in text)
            if title is not None:
                return _Place(pointer, "/id", title)
    return None


def _item_with(content: Any, place: _Place, canary: str) -> Table:  # noqa: ANN401 - JSON is any
    """The item of the list that has the canary.

    Empty where it is no object.
    """
    for pointer, array in arrays(content):
        for one in array if pointer == place.items else ():
            if isinstance(one, dict) and place_of(one, lambda text: canary in text) is not None:
                return one
    return {}


def _may_be_an_id(key: str, value: object) -> bool:
    is_plain = isinstance(value, str | int) and not isinstance(value, bool)
    return is_plain and "/" not in key and "~" not in key and 0 < len(str(value)) <= _LONGEST_ID


def _wrapper(made: Exchange | None, canary: str, title: str) -> str:
    """Where the answer to making one has it, if it is wrapped."""
    place = place_of(content_of(made), lambda text: canary in text)
    return place.removesuffix(title) if place is not None and place.endswith(title) else ""


def _next(after: Exchange | None) -> str | None:
    content = content_of(after)
    if not isinstance(content, dict):
        return None
    return next((f"/{name}" for name in conventions().answers["next"] if name in content), None)


def paths_named(html: str) -> list[str]:
    """Paths that a page's links, forms and scripts name."""
    found = re.findall(r"""["'`](/[A-Za-z][\w\-]*(?:/[\w\-]+)*/?)["'`?]""", html)
    return [path for path in dict.fromkeys(found) if not path.endswith((".js", ".css", ".ico"))]

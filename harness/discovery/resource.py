"""The collection of a user's own things, such as tasks.

It has a list, a way to add, and operations on one item.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.discovery.documented import body_table, empty, is_password
from harness.discovery.schemas import find, kind_of, places, resolve
from harness.discovery.shapes import conventions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.discovery.openapi import BodyField, Described

_OF_ONE = {"GET": "read", "PUT": "replace", "PATCH": "update", "DELETE": "delete"}


@dataclass(frozen=True)
class Resource:
    """A collection: its table, its document, and whether its name is certain."""

    table: dict[str, Any]
    document: str
    well_named: bool


def find_resource(described: Sequence[Described], *, two_hosts: bool) -> Resource | None:
    """The collection that looks most like a list of tasks.

    None where there is none.
    """
    known = {(one.base, one.path, one.method): one for one in described}
    candidates = []
    for listing in described:
        rank = _rank(listing)
        creating = known.get((listing.base, listing.path, "POST"))
        if rank is None or creating is None or (title := _title_field(creating.fields)) is None:
            continue
        if any(is_password(one.name) for one in creating.fields):
            continue
        items = {one.method: one for one in described if _is_item_of(listing, one)}
        # What single things can be done to is a collection; a page that sends its form to itself is none.
        order = (not items, rank, not listing.schemes, -len(items), len(listing.path), listing.path)
        candidates.append((order, items, listing, creating, title))
    if not candidates:
        return None
    _, items, listing, creating, title = min(candidates, key=lambda one: one[0])
    table = _table(listing, creating, title, items)
    if two_hosts and listing.base == "web":
        table["base"] = "web"
    return Resource(table, listing.document, is_well_named(listing.path))


def _rank(listing: Described) -> int | None:
    """How well it is named, 0 best.

    None where it can't be one.
    """
    words = conventions().resource
    *before, name = listing.path.strip("/").split("/")
    if listing.method != "GET" or any(re.fullmatch(never, name, re.IGNORECASE) for never in words.never):
        return None
    for index, part in enumerate(before):
        of_a_person = index > 0 and re.fullmatch("users?|accounts?|people|owners?", before[index - 1])
        known = re.fullmatch(words.user, part.strip("{}"), re.IGNORECASE) or of_a_person
        if part.startswith("{") and not known:
            return None
    return None if "{" in name or not name else _name_rank(name)


def _name_rank(name: str) -> int:
    names = conventions().resource.names
    return next((rank for rank, one in enumerate(names) if re.fullmatch(one, name, re.IGNORECASE)), len(names))


def is_well_named(path: str) -> bool:
    """Whether a collection is called as things of each person's own are."""
    return _name_rank(path.rstrip("/").rpartition("/")[2]) < len(conventions().resource.names)


def _is_item_of(listing: Described, other: Described) -> bool:
    below = re.escape(listing.path.rstrip("/")) + r"/\{[^{}/]+\}/?"
    return other.base == listing.base and other.method in _OF_ONE and bool(re.fullmatch(below, other.path))


def _title_field(fields: Sequence[BodyField]) -> BodyField | None:
    names = conventions().answers["title"]
    texts = [one for one in fields if one.kind == "string"]
    named = sorted((one for one in texts if one.name in names), key=lambda one: names.index(one.name))
    return next(iter(named), next((one for one in texts if one.required), None))


def _table(
    listing: Described, creating: Described, title: BodyField, items: dict[str, Described]
) -> dict[str, Any]:
    path = re.sub(r"\{[^{}/]+\}", "{user_id}", listing.path)
    table: dict[str, Any] = {}
    if listing.schemes:
        table["credential"] = "session" if all(one.kind == "cookie" for one in listing.schemes) else "token"
    table["list"] = {"method": "GET", "path": path}
    table["create"] = _writing(creating, path, title)
    for method, name in _OF_ONE.items():
        if method in items:
            one = items[method]
            slash = "/" if one.path.endswith("/") else ""
            table[name] = _writing(one, f"{path.rstrip('/')}/{{task_id}}{slash}", title)
    return table | _pointers(listing, creating, title, items)


def _writing(operation: Described, path: str, title: BodyField) -> dict[str, Any]:
    table: dict[str, Any] = {"method": operation.method, "path": path}
    if operation.body is not None and operation.method != "DELETE":
        _, fields = operation.body
        replaces = operation.method == "PUT"
        others = [one for one in fields if one.name != title.name]
        content = {title.name: "{title}"} | {
            one.name: empty(one.kind) for one in others if one.required or (replaces and one.kind == "boolean")
        }
        table |= body_table(operation, content)
    return table


def _pointers(
    listing: Described, creating: Described, title: BodyField, items: dict[str, Described]
) -> dict[str, str]:
    """The pointers into the answers that differ from the defaults."""
    words = conventions().answers
    found: dict[str, str] = {}
    if listing.answer and kind_of(listing.answer) != "array":
        array = find(listing.root, listing.answer, words["items"], "array")
        following = find(listing.root, listing.answer, words["next"])
        found |= {"items": array} if array else {}
        found |= {"next": following} if following else {}
    whole = dict(places(listing.root, listing.answer)).get(found.get("items", ""), {})
    item = resolve(listing.root, whole.get("items"))
    parameters = re.findall(r"\{([^{}/]+)\}/?$", next(iter(items.values())).path) if items else []
    identity = find(listing.root, item, [*words["id"], *parameters])
    shown = find(listing.root, item, [title.name, *words["title"]])
    found |= {"id": identity} if identity and identity != "/id" else {}
    found |= {"title": shown} if shown and shown != "/title" else {}
    # One that was made may be wrapped.
    made = find(creating.root, creating.answer, [(identity or "/id").rpartition("/")[2]])
    wrapper = made.removesuffix(identity or "/id") if made else ""
    return found | ({"item": wrapper} if wrapper and wrapper != made else {})


def guessed_table(path: str, credential: str) -> dict[str, Any]:
    """The profile's table for a collection known by its path only."""
    one = f"{path.rstrip('/')}/{{task_id}}{'/' if path.endswith('/') else ''}"
    body = {"title": "{title}"}
    return {
        "credential": credential,
        "list": {"method": "GET", "path": path},
        "create": {"method": "POST", "path": path, "json": body},
        "read": {"method": "GET", "path": one},
        "update": {"method": "PATCH", "path": one, "json": body},
        "delete": {"method": "DELETE", "path": one},
    }

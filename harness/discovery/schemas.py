"""JSON schemas of OpenAPI documents: references and properties, within limits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from jsonpointer import JsonPointerException, resolve_pointer

Table = Mapping[str, Any]

MOST_FIELDS = 60
LONGEST_NAME = 80
_MOST_PLACES = 200
_MOST_REFERENCES = 6
_MOST_CHOICES = 8
_DEEPEST = 3


def table(value: object) -> dict[str, Any]:
    """The value where it is a JSON object, an empty one otherwise."""
    return value if isinstance(value, dict) else {}


def resolve(root: Table, schema: object, left: int = _MOST_REFERENCES) -> Table:
    """A schema with references, ``allOf`` and choices resolved.

    Of a choice the first that isn't null.
    """
    given = table(schema)
    if not left:
        return {}
    if isinstance(reference := given.get("$ref"), str):
        try:
            return resolve(root, resolve_pointer(root, reference.removeprefix("#")), left - 1)
        except (JsonPointerException, TypeError):
            return {}
    for choice in ("anyOf", "oneOf"):
        if isinstance(options := given.get(choice), list):
            return next((one for one in _each(root, options, left) if one.get("type") != "null"), {})
    if isinstance(parts := given.get("allOf"), list):
        return _merged(_each(root, parts, left))
    return given


def kind_of(schema: Table) -> str:
    """The JSON type.

    Of several the first that isn't null. Text, where it isn't said.
    """
    given = schema.get("type")
    kinds = given if isinstance(given, list) else [given]
    return next((one for one in kinds if isinstance(one, str) and one != "null"), "string")


def _each(root: Table, schemas: list[Any], left: int) -> Iterator[Table]:
    return (resolve(root, one, left - 1) for one in schemas[:_MOST_CHOICES])


def _merged(schemas: Iterable[Table]) -> Table:
    properties: dict[str, Any] = {}
    required: list[Any] = []
    for schema in schemas:
        properties |= table(schema.get("properties"))
        required += schema["required"] if isinstance(schema.get("required"), list) else []
    return {"type": "object", "properties": properties, "required": required}


def properties(root: Table, schema: Table) -> list[tuple[str, Table]]:
    """The schema's properties with their own schemas, up to a limit."""
    return [
        (name, resolve(root, inner))
        for name, inner in list(table(schema.get("properties")).items())[:MOST_FIELDS]
        if 0 < len(name) <= LONGEST_NAME
    ]


def places(root: Table, schema: Table) -> list[tuple[str, Table]]:
    """JSON pointers to properties with their schemas, the shallowest first.

    The whole is at ``""``.
    """
    found = list(islice(_places(root, schema, "", _DEEPEST), _MOST_PLACES))
    return sorted(found, key=lambda place: place[0].count("/"))


def _places(root: Table, schema: Table, pointer: str, depth: int) -> Iterator[tuple[str, Table]]:
    yield pointer, schema
    if depth:
        for name, inner in properties(root, schema):
            if re.fullmatch(r"[\w\-]+", name, re.ASCII):
                yield from _places(root, inner, f"{pointer}/{name}", depth - 1)


def find(root: Table, schema: Table, names: Iterable[str], kind: str | None = None) -> str | None:
    """The pointer to the first of these properties.

    The shallowest goes before the best name; ``kind`` is its type.
    """
    known = places(root, schema)
    ranked = [
        (pointer.count("/"), rank, pointer)
        for rank, name in enumerate(names)
        for pointer, inner in known
        if pointer.rpartition("/")[2] == name and pointer and (kind is None or kind_of(inner) == kind)
    ]
    return min(ranked)[2] if ranked else None

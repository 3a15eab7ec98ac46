"""pydantic's errors as sentences that say what to write."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from harness.core.text import closest, listed
from harness.profile.toml.location import holds, value_at
from harness.profile.toml.problems import Problem, dotted, inline
from harness.profile.toml.shape import (
    DISCRIMINATOR,
    Spot,
    choices_of,
    fields_of,
    form_of,
    kind_of,
    models_in,
    required_in,
    taken_by,
)
from harness.profile.toml.strings import VARIABLE

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

    from harness.profile.toml.location import Content, KeyPath


_QUOTED_VALUE = re.compile(r"-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,9})?|(?i:true|false)")
_DEPTH_OF_HEADERS = 2
"""Tables are written with a header down to here, inline below."""


def problems_in(
    error: ValidationError, model: type[BaseModel], content: Content, shown: Content | None = None
) -> list[Problem]:
    """Each mistake once, whatever pydantic made of it.

    ``content`` is what was validated against ``model``; ``shown`` is a good one, for lines to write instead.
    """
    found = [
        (details, Spot(model, content, _written(details["loc"], content), shown or {}))
        for details in error.errors(include_url=False)
    ]
    misspelt = {_meant(spot) for details, spot in found if details["type"] == "extra_forbidden"}
    problems = [
        _problem(details, spot, content)
        for details, spot in found
        if details["type"] != "missing" or spot.path not in misspelt  # reported once
    ]
    return list(dict.fromkeys(problems))


def _problem(details: ErrorDetails, spot: Spot, content: Content) -> Problem:
    match details["type"]:
        case "extra_forbidden":
            return Problem(spot.path, _unknown(spot, content))
        case "missing":
            return _missing(spot)
        case "union_tag_not_found":
            return _without_kind(spot)
        case "union_tag_invalid":
            return _of_no_kind(spot, content)
        case "value_error":
            return Problem(
                spot.path, _at(spot.path, details["msg"].removeprefix("Value error, ").removesuffix("."))
            )
    return Problem(spot.path, _of_wrong_type(spot, details, value_at(content, spot.path)))


def _written(location: KeyPath, content: Content) -> KeyPath:
    """Operations inherit the profile's own ``outcomes``.

    A mistake in those is reported where it was written.
    """
    at_class = location[:4]
    is_inherited = at_class[2:3] == ("outcomes",) and not holds(content, at_class)
    return location[2:] if is_inherited else location


def _at(path: KeyPath, sentence: str) -> str:
    return f"{dotted(path)}: {sentence}" if path else sentence


# --- keys ---


def _meant(spot: Spot) -> KeyPath | None:
    """The known key that was probably meant by an unknown one."""
    key = closest(str(spot.path[-1]), fields_of(spot.model))
    return (*spot.path[:-1], key) if key is not None else None


def _unknown(spot: Spot, content: Content) -> str:
    known, meant = fields_of(spot.model), _meant(spot)
    if meant is None:
        advice = f"remove it, or write one of {listed(known)}"
    else:
        advice = f"write {_instead(spot, meant, known[str(meant[-1])], value_at(content, spot.path))}"
    return _at(spot.path[:-1], f"the key {inline(spot.path[-1])} is not known; {advice}")


def _instead(spot: Spot, path: KeyPath, field: FieldInfo, value: object) -> str:
    """The misspelt line, corrected.

    With its own value, unless that does not fit or may be a secret.
    """
    key = str(path[-1])
    if value is False and models_in(field.annotation):
        return f"`{key} = false`"
    if isinstance(value, dict | list) or models_in(field.annotation):
        return f'"{key}"'
    keeps = form_of(field) is not VARIABLE and _fits(value, field)
    return f"`{key} = {inline(value) if keeps else spot.example(path, field)}`"


def _fits(value: object, field: FieldInfo) -> bool:
    try:
        TypeAdapter(field.rebuild_annotation()).validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


def _missing(spot: Spot) -> Problem:
    holder, key = spot.path[:-1], str(spot.path[-1])
    field = fields_of(spot.model)[key]
    models = models_in(field.annotation)
    if models and len(spot.path) <= _DEPTH_OF_HEADERS:
        tables = listed(_headers(spot.path, models[0]), "and")
        return Problem(holder, f"the table {dotted(spot.path)} is missing; add {tables}", is_absence=True)
    line = f"`{key} = {spot.example(spot.path, field)}`"
    return Problem(holder, _at(holder, f'the key "{key}" is missing; add a line such as {line}'), is_absence=True)


def _headers(path: KeyPath, model: type[BaseModel]) -> list[str]:
    """The tables to write at ``path``.

    The required ones in it, or itself with what is required.
    """
    required = {key: models_in(fields_of(model)[key].annotation) for key in required_in(model)}
    if all(required.values()):
        return [header for key, models in required.items() for header in _headers((*path, key), models[0])]
    return [f"`[{dotted(path)}]` with {listed(required, 'and')}"]


# --- values ---


def _kinds(spot: Spot) -> list[str]:
    models = models_in(spot.field.annotation) if spot.field is not None else []
    return [kind for kind in map(kind_of, models) if kind is not None]


def _without_kind(spot: Spot) -> Problem:
    kinds = _kinds(spot)
    line = f"`{DISCRIMINATOR} = {inline(kinds[0])}`"
    sentence = f'the key "{DISCRIMINATOR}" is missing; add a line such as {line}'
    others = f" (there are {listed(map(inline, kinds), 'and')})"
    return Problem(spot.path, _at(spot.path, sentence + others), is_absence=True)


def _of_no_kind(spot: Spot, content: Content) -> Problem:
    path = (*spot.path, DISCRIMINATOR)
    sentence = f"{dotted(path)} takes one of {listed(map(inline, _kinds(spot)))}"
    return Problem(path, sentence + _nearest(DISCRIMINATOR, _kinds(spot), value_at(content, path)))


def _of_wrong_type(spot: Spot, details: ErrorDetails, value: object) -> str:
    if spot.field is None:
        return _at(spot.path, details["msg"])
    if value is False and models_in(spot.field.annotation):
        return f"{dotted(spot.path)} = false removes an inherited table, and none is inherited; remove this line"
    key = str(spot.field_path[-1])
    said = _nearest(key, choices_of(spot.field.annotation), value) or _repaired(key, spot.field, value)
    example = f"; write something like `{key} = {spot.example(spot.field_path, spot.field)}`"
    return f"{dotted(spot.field_path)} takes {taken_by(spot.field)}{said or example}"


def _repaired(key: str, field: FieldInfo, value: object) -> str:
    """The line with the same value and the right quotation marks.

    For a number or a truth value.
    """
    if not isinstance(value, str) or not _QUOTED_VALUE.fullmatch(value):
        return ""
    plain = json.loads(value.lower())
    return f"; write `{key} = {inline(plain)}`" if _fits(plain, field) else ""


def _nearest(key: str, choices: list[str], value: object) -> str:
    meant = closest(value, choices) if isinstance(value, str) else None
    return f"; write `{key} = {inline(meant)}`" if meant is not None else ""

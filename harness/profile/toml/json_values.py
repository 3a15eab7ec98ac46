"""TOML values as JSON, which has no dates and no infinity."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator

from harness.profile.toml.problems import dotted

if TYPE_CHECKING:
    from harness.profile.toml.location import KeyPath


def _is_json(value: Any) -> Any:  # noqa: ANN401 - JSON is any
    _check((), value)
    return value


def _check(path: KeyPath, value: Any) -> None:  # noqa: ANN401 - JSON is any
    """Raise ValueError at the first value that JSON does not have."""
    where = f"{dotted(path)} is" if path else "this is"
    match value:
        case dict():
            for key, inner in value.items():
                _check((*path, key), inner)
        case list():
            for place, inner in enumerate(value):
                _check((*path, place), inner)
        case float() if not math.isfinite(value):
            raise ValueError(f"{where} no number that JSON has; write a finite one")
        case str() | bool() | int() | float():
            pass
        case _:
            raise ValueError(f"{where} a date or a time, which JSON does not have; write it in quotation marks")


JsonObject = Annotated[dict[str, Any], AfterValidator(_is_json)]

JsonValue = Annotated[Any, AfterValidator(_is_json)]

"""From a TOML file's text to its tables, or its error.

The error names the line that is not TOML.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from harness.profile.toml.location import Lines
from harness.profile.toml.problems import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.profile.toml.location import Content, KeyPath

_BOM = "\ufeff"
_GREATEST = 2**63 - 1
"""Whole numbers have 64 bits in TOML."""
_MANY_DIGITS = re.compile(r"[0-9_]{1000,}")


class NotTomlError(Exception):
    """The text can't be read as TOML.

    The message says where, why, and what to write.
    """


def parse(text: str, origin: str) -> Content:
    """The tables of a TOML text that messages call ``origin``. Raises NotTomlError."""
    if text.startswith(_BOM):
        raise NotTomlError(
            f"{origin}:1: the file begins with a byte order mark (BOM), which TOML does not have; save it as "
            "UTF-8 without one."
        )
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NotTomlError(_not_toml(str(error), text, origin)) from error
    except RecursionError as error:
        raise NotTomlError(f"{origin}: its arrays or tables are nested too deep to be read.") from error
    except ValueError as error:  # more digits than Python reads
        found = _MANY_DIGITS.search(text)
        line = text.count("\n", 0, found.start() if found else 0) + 1
        raise NotTomlError(f"{origin}:{line}: {_TOO_GREAT}.") from error
    if (place := next(_too_great((), content), None)) is not None:
        raise NotTomlError(f"{origin}:{Lines(text).of(place)}: {dotted(place)}: {_TOO_GREAT}.")
    return content


_TOO_GREAT = "a whole number of more than 64 bits, which TOML does not have; write a smaller one, or a text"


def _not_toml(message: str, text: str, origin: str) -> str:
    found = re.search(r" \((?:at line (\d+), column (\d+)|at end of document)\)$", message)
    line = int(found[1]) if found and found[1] else text.rstrip("\n").count("\n") + 1
    reason = message[: found.start()] if found else message
    column = f", at column {found[2]}" if found and found[2] else ""
    return f'{origin}:{line}: this is not TOML: {reason}{column}. Texts stand in quotation marks: `key = "value"`.'


def _too_great(path: KeyPath, value: Any) -> Iterator[KeyPath]:  # noqa: ANN401 - TOML values have no common type
    if isinstance(value, int) and abs(value) > _GREATEST:
        yield path
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _too_great((*path, key), inner)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _too_great((*path, place), inner)

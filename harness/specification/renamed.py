"""Requirements and Examples rows under the names that they had before: renamed.toml."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from harness.core.record import Record

FILE = Path(__file__).with_name("renamed.toml")
_WORD = re.compile(r"[\w-]+")


class Renamed(Record):
    """Every old name with the one that took its place."""

    identities: dict[str, str]
    """Old identity to new."""
    rows: dict[str, dict[str, str]]
    """Of a new identity: old row to new, each as ``column: value, ...``."""


@cache
def renamed() -> Renamed:
    """The whole table."""
    return Renamed.model_validate(tomllib.loads(FILE.read_text("utf-8")))


def current(identity: str, row: str) -> tuple[str, str]:
    """The identity and row that a scenario has now."""
    now = renamed().identities.get(identity, identity)
    return now, renamed().rows.get(now, {}).get(row, row)


def renamed_in(expression: str) -> dict[str, str]:
    """The old identities in an expression, each with the new one."""
    table = renamed().identities
    return {word: table[word] for word in _WORD.findall(expression) if word in table}


def rewritten(expression: str) -> str:
    """The expression with the names that requirements have now."""
    old = renamed_in(expression)
    return _WORD.sub(lambda word: old.get(word[0], word[0]), expression)

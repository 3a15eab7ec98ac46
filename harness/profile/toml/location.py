"""On which line of a TOML text a key stands.

Neither tomllib nor tomlkit tells.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from typing import Any

Content = dict[str, Any]
"""A TOML file, parsed."""
KeyPath = tuple[str | int, ...]
"""The way to a value: keys of tables, and places in arrays."""


class Lines:
    """The lines of one valid TOML text, by key path.

    A key stands where the shortest beginning of the text ends that has it when parsed; so tomllib itself says what
    headers, dotted keys, inline tables and arrays of tables mean.
    """

    def __init__(self, text: str) -> None:
        self._lines = text.replace("\r\n", "\n").split("\n")
        self._statements = _statements(self._lines)

    def of(self, path: KeyPath) -> int:
        """The line (from 1) of the first statement at ``path``.

        Or at what contains it.
        """
        while path and not self._said_by(len(self._statements), path):
            path = path[:-1]
        if not path:
            return 1
        count = bisect_left(range(len(self._statements) + 1), x=True, key=lambda end: self._said_by(end, path))
        return self._statements[count - 1][0] + 1

    def _said_by(self, count: int, path: KeyPath) -> bool:
        end = self._statements[count - 1][1] if count else 0
        return holds(tomllib.loads("\n".join(self._lines[:end])), path)


def holds(content: object, path: KeyPath) -> bool:
    """Whether there is something at ``path``."""
    return _descend(content, path)[0]


def value_at(content: object, path: KeyPath) -> Any:  # noqa: ANN401 - TOML values have no common type
    """What stands at ``path``, or None."""
    return _descend(content, path)[1]


def _descend(content: object, path: KeyPath) -> tuple[bool, Any]:
    for key in path:
        if isinstance(content, list):
            content = dict(enumerate(content))
        if not isinstance(content, dict) or key not in content:
            return False, None
        content = content[key]
    return True, content


def _statements(lines: list[str]) -> list[tuple[int, int]]:
    """First line and end (from 0) of each statement.

    The fewest lines that are TOML by themselves.
    """
    found = []
    start = 0
    for end in range(1, len(lines) + 1):
        if _is_toml("\n".join(lines[start:end])):
            found.append((start, end))
            start = end
    return found


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True

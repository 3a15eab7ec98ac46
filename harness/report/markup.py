"""Text as Markdown that shows it as it is.

Nothing in it becomes a link, a tag or the end of a table.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.core.text import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

_INTERPRETED = re.compile(
    r"""[\\`*~\[\]<>|&]     # wherever it stands
    | (?<!\w)_ | _(?!\w)    # emphasis, at the edge of a word only
    | :(?=//) | (?i:(?<=www)\.)    # what GitHub makes a link of by itself
    | ^[#+=-] | (?<=^\d)[.)](?=\s) | (?<=^\d\d)[.)](?=\s)    # headings and lists
    """,
    re.VERBOSE,
)


def plain(text: str) -> str:
    """Text on one line, also for a table's cell."""
    return _INTERPRETED.sub(r"\\\g<0>", printable(one_line(text)))


def code(text: str) -> str:
    """Text as inline code, whatever backticks it has.

    Not for a table, whose cell a bar would end.
    """
    line = printable(one_line(text))
    fence = "`" * (_longest_run(line) + 1)
    padding = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{padding}{line}{padding}{fence}"


def block(text: str, language: str = "") -> list[str]:
    """Text as the lines of a code block, whatever fences it has."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return [f"{fence}{language}", *printable(text).split("\n"), fence]


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    """A table's lines; its cells are Markdown already."""
    return [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows)]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def bullets(sentences: Iterable[str]) -> list[str]:
    """A list of sentences, with an empty line after it."""
    lines = [f"- {plain(one)}" for one in sentences]
    return [*lines, ""] if lines else []

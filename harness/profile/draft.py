"""Places of a profile that are left to be filled in.

As `auth-conformance init` marks them.
"""

from __future__ import annotations

FILL_IN = "FILL IN"
"""The mark, in a comment or in a value."""


def lines_to_fill_in(text: str) -> list[int]:
    """The lines (from 1) of a TOML text that have the mark."""
    return [number for number, line in enumerate(text.split("\n"), start=1) if FILL_IN in line]

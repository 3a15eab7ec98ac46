"""What the rooms below the flows raise when something is not there; `core.verdict` says what it amounts to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.core.exchange import Exchange


class Unavailable(Exception):  # noqa: N818 - it names a state of things, not an error of ours
    """Something that a judgement needs can't be had; ``remedy`` says what to give or correct."""

    def __init__(self, reason: str, remedy: str = "", exchanges: Sequence[Exchange] = ()) -> None:
        self.reason = reason
        self.remedy = remedy
        self.exchanges = tuple(exchanges)
        super().__init__(f"{reason} {remedy}".strip())


class Absent(Exception):  # noqa: N818
    """The deployment has no such thing, by its profile; ``reason`` is the sentence why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)

"""What the windows of one process have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMIT = 10.0
"""Seconds in which a page loads, a button can be pressed, or what was asked for shows, unless others are given."""


@dataclass
class Shared:
    """What the windows of one process have in common.

    ``operated`` are the paths of pages that somebody got through; ``other_origins`` are those outside the
    deployment from which a page loaded something; ``unfit`` are the paths of pages that the profile does not fit;
    ``limit`` is how many seconds anything is waited for, ``load_seconds`` how many all parts of a page are.
    """

    operated: set[str] = field(default_factory=set)
    other_origins: set[str] = field(default_factory=set)
    unfit: set[str] = field(default_factory=set)
    limit: float = LIMIT
    load_seconds: float = field(init=False)

    def __post_init__(self) -> None:
        self.load_seconds = self.limit

    @property
    def known(self) -> dict[str, list[str]]:
        """What is known of pages, for the windows of another process."""
        return {"operated": sorted(self.operated), "unfit": sorted(self.unfit)}

    def learn(self, known: Mapping[str, list[str]]) -> None:
        """Take over what another process knows of pages."""
        self.operated.update(known.get("operated", ()))
        self.unfit.update(known.get("unfit", ()))

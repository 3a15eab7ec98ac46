"""What the windows of one process have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMIT = 10.0
"""Seconds in which a page loads, a button can be pressed, or what was asked for shows."""


@dataclass
class Shared:
    """What the windows of one process have in common.

    ``operated`` are the paths of pages that somebody got through; ``other_origins`` are those outside the
    deployment from which a page loaded something; ``unfit`` are the paths of pages that the profile does not fit;
    ``load_seconds`` is how long all parts of a page are waited for.
    """

    operated: set[str] = field(default_factory=set)
    other_origins: set[str] = field(default_factory=set)
    unfit: set[str] = field(default_factory=set)
    load_seconds: float = LIMIT

    @property
    def known(self) -> dict[str, list[str]]:
        """What is known of pages, for the windows of another process."""
        return {"operated": sorted(self.operated), "unfit": sorted(self.unfit)}

    def learn(self, known: Mapping[str, list[str]]) -> None:
        """Take over what another process knows of pages."""
        self.operated.update(known.get("operated", ()))
        self.unfit.update(known.get("unfit", ()))

"""What the windows of one process have in common."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Shared:
    """What the windows of one process have in common.

    ``operated`` are the paths of pages that somebody got through; ``other_origins`` are those outside the
    deployment from which a page loaded something.
    """

    operated: set[str] = field(default_factory=set)
    other_origins: set[str] = field(default_factory=set)

"""What is raised below the flows when something is not there.

`core.verdict` says which finding it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.core.exchange import Exchange


class Unavailable(Exception):  # noqa: N818 - it names a state of things, not an error of ours
    """Something needed can't be had; ``remedy`` says what to do."""

    def __init__(self, reason: str, remedy: str = "", exchanges: Sequence[Exchange] = ()) -> None:
        self.reason = reason
        self.remedy = remedy
        self.exchanges = tuple(exchanges)
        super().__init__(f"{reason} {remedy}".strip())


class Misfit(Unavailable):
    """The deployment is otherwise than its profile says.

    What could not be judged for it leaves a run that is not green.
    """


class Absent(Exception):  # noqa: N818
    """The deployment has no such thing, by its profile.

    ``reason`` is the sentence that says so.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)

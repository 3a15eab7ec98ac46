"""What is raised below the flows when something is not there.

`core.verdict` says which finding it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.blocker import Blocker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.core.exchange import Exchange


_IN_TROUBLE = (429,)
_BROKEN = 500
"""Answers that say nothing of a profile: RFC 6585 section 4, RFC 9110 section 15.6."""
_NOT_IMPLEMENTED = 501
_LOOK = "Find out in the deployment's log why it answers so, and run again."


class Unavailable(Exception):  # noqa: N818 - it names a state of things, not an error of ours
    """Something needed can't be had; ``remedy`` says what to do.

    ``blocker`` is the class of *not tested* that it makes, by default that of its own class.
    """

    blocker = Blocker.STATE

    def __init__(
        self,
        reason: str,
        remedy: str = "",
        exchanges: Sequence[Exchange] = (),
        *,
        blocker: Blocker | None = None,
    ) -> None:
        self.reason = reason
        self.remedy = remedy
        self.exchanges = tuple(exchanges)
        self.blocker = blocker or type(self).blocker
        super().__init__(f"{reason} {remedy}".strip())


class Misfit(Unavailable):
    """The deployment is otherwise than its profile says."""

    blocker = Blocker.UNFIT

    def __init__(self, reason: str, remedy: str = "", exchanges: Sequence[Exchange] = ()) -> None:
        broken = any(one.status in _IN_TROUBLE or one.status >= _BROKEN for one in exchanges[-1:])
        # A profile is not to blame for what broke; what is not implemented is not where it says.
        advice = _LOOK if broken and exchanges[-1].status != _NOT_IMPLEMENTED else remedy
        super().__init__(reason, advice, exchanges, blocker=Blocker.STATE if broken else None)


class Absent(Exception):  # noqa: N818
    """The deployment has no such thing, by its profile.

    ``reason`` is the sentence that says so.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)

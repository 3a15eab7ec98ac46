"""What a check raises: a requirement did not hold, or wasn't judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.blocker import Blocker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.core.decisions import Decision
    from harness.core.exchange import Exchange


class Unmet(AssertionError):  # noqa: N818 - it names a finding about the target, not an error of ours
    """The requirement did not hold.

    ``expected`` and ``came`` are sentences; ``exchanges`` are those that decide, the control first; ``decisions``
    are the comparisons that do, where no status shows it.
    """

    def __init__(
        self,
        expected: str,
        came: str,
        exchanges: Sequence[Exchange] = (),
        decisions: Sequence[Decision] = (),
    ) -> None:
        self.expected = expected
        self.came = came
        self.exchanges = tuple(exchanges)
        self.decisions = tuple(decisions)
        super().__init__(f"expected {expected}; {came}")


class NotTested(Exception):  # noqa: N818
    """The requirement could not be judged.

    ``remedy`` says what to do, ``blocker`` of which class that is.
    """

    def __init__(
        self,
        reason: str,
        remedy: str = "",
        exchanges: Sequence[Exchange] = (),
        *,
        blocker: Blocker = Blocker.STATE,
    ) -> None:
        self.reason = reason
        self.remedy = remedy
        self.exchanges = tuple(exchanges)
        self.blocker = blocker
        super().__init__(f"{reason} {remedy}".strip())


class NotApplicable(Exception):  # noqa: N818
    """The deployment has no such operation, by its profile.

    ``reason`` is the sentence that says so.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class HarnessError(Exception):
    """The suite itself is wrong.

    A scenario has no control, for example, or a request would go to a foreign origin.
    """

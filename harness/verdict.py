"""The words a result can be, and the one function that decides which word it is."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.http import Exchange


class Level(StrEnum):
    """How strongly a requirement binds (RFC 2119)."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"


class Verdict(StrEnum):
    """What is said of one scenario (one Examples row counts as one)."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    WARN = "warn"
    WAIVED = "waived"
    NOT_APPLICABLE = "not applicable"
    NOT_TESTED = "not tested"
    ERROR = "error"


class Unmet(AssertionError):  # noqa: N818 - it names a finding about the target, not an error of ours
    """The requirement did not hold.

    ``expected`` and ``came`` are sentences; ``exchanges`` are those that decide, most telling last.
    """

    def __init__(self, expected: str, came: str, exchanges: Sequence[Exchange] = ()) -> None:
        self.expected = expected
        self.came = came
        self.exchanges = tuple(exchanges)
        super().__init__(f"expected {expected}; {came}")


class NotTested(Exception):  # noqa: N818
    """The requirement could not be judged; ``remedy`` says what to give or mend."""

    def __init__(self, reason: str, remedy: str = "", exchanges: Sequence[Exchange] = ()) -> None:
        self.reason = reason
        self.remedy = remedy
        self.exchanges = tuple(exchanges)
        super().__init__(f"{reason} {remedy}".strip())


class NotApplicable(Exception):  # noqa: N818
    """The profile says that the deployment has no such operation; ``reason`` is the sentence why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class HarnessError(Exception):
    """The suite itself is wrong: a scenario without its control, a request to a foreign origin."""


def decide(level: Level, raised: BaseException | None) -> Verdict:
    """The verdict of a scenario of ``level`` that ended with ``raised`` (None: it ended well)."""
    match raised:
        case None:
            return Verdict.PASS
        case Unmet():
            return Verdict.FAIL if level is Level.MUST else Verdict.WARN
        case NotTested():
            return Verdict.NOT_TESTED
        case NotApplicable():
            return Verdict.NOT_APPLICABLE
        case _:
            return Verdict.ERROR

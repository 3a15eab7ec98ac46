"""How a run compares with earlier ones, as data."""

from __future__ import annotations

import datetime as dt

from harness.core.record import Record
from harness.core.verdict import Conclusion, Level, Verdict


class FlowPoint(Record):
    """One flow in one run."""

    judged: int
    """How many scenarios were judged."""
    unmet: int
    """How many of these did not hold, or broke."""


class RunPoint(Record):
    """One run."""

    started: dt.datetime
    """When it began."""
    conclusion: Conclusion
    """What was said of it."""
    flows: dict[str, FlowPoint]
    """Each flow that ran."""


class Turn(Record):
    """A scenario whose verdict is another than when it ran last."""

    key: str
    """Identity, and the Examples row in brackets."""
    title: str
    """The requirement in words."""
    level: Level
    before: Verdict | None
    """None where no earlier run has it."""
    after: Verdict
    """What it got in this run."""


class Flaky(Record):
    """A scenario whose verdict went back and forth.

    It did so on the same target and specification.
    """

    key: str
    """Identity, and the Examples row in brackets."""
    title: str
    """The requirement in words."""
    verdicts: list[Verdict]
    """What it got, run by run, the oldest first."""


class Trend(Record):
    """What earlier runs of the same deployment say of this one."""

    runs: list[RunPoint]
    """The last runs, the oldest first; this one is the last."""
    new: list[Turn]
    """What got worse since it ran last."""
    fixed: list[Turn]
    """What did not hold when it ran last, and does now."""
    flaky: list[Flaky]
    """What holds at times, on the same target and specification."""
    differences: list[str]
    """A sentence for each thing that may explain a change besides the deployment's behaviour."""

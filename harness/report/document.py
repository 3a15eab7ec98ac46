"""The report of a run as one typed document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Literal

from pydantic import Field

from harness.core.blocker import Blocker
from harness.core.exits import Exit
from harness.core.groups import grouped
from harness.core.record import Record
from harness.core.text import counted, tally
from harness.core.verdict import Conclusion, Strictness, Verdict
from harness.report.trend import Trend
from harness.results.result import Result


class Suite(Record):
    """What judged."""

    name: Literal["auth-conformance"] = "auth-conformance"
    version: str
    """Its version, as `auth-conformance --version` prints it."""
    specification: str = ""
    """The specification's own version; empty in a report from before it had one."""

    @property
    def named(self) -> str:
        """Name and versions in a few words."""
        specification = f", specification {self.specification}" if self.specification else ""
        return f"{self.name} {self.version}{specification}"


class FoundByLooking(Record):
    """How a profile was found, where the run was given none."""

    recognised: str | None
    """The known shape, if it is one."""
    evidence: list[str]
    """A sentence for each thing that was seen, or that worked when it was tried."""
    left_out: list[str]
    """A sentence for each part that was not found, with the line to write for it."""
    toml: str
    """The profile itself."""


class Deployment(Record):
    """What was judged."""

    title: str
    """The profile's title."""
    profile: str
    """The profile's name."""
    base_url: str
    """Where pages and sign-in are."""
    api_url: str
    """Where the API is."""
    found: FoundByLooking | None = None
    """Where the profile came from, if the run found it by looking; null where it was given."""
    auth_url: str = ""
    """Where the auth server is; empty where it is at the base URL."""


class Environment(Record):
    """Where the suite ran."""

    python: str
    """Python's version."""
    platform: str
    """Operating system and architecture."""
    postgres: str
    """What the reference backend stood on; empty for a deployment that was given."""


class Settings(Record):
    """What the command line asked for that matters to the verdicts."""

    seed: int
    """Makes the same people again."""
    strict: bool
    """Whether a SHOULD that does not hold is red."""
    require_tested: bool
    """Whether what could not be judged is red."""
    waivers: int
    """How many waivers were given."""
    arguments: list[str]
    """The words after `auth-conformance run`, or after `pytest`."""
    taken: str = ""
    """Where further options come from: a settings file with its target, environment variables by name."""


class SharedCause(Record):
    """Findings that have one cause."""

    name: str
    """What JUnit and SARIF call it, such as `cause-1`."""
    verdict: Verdict
    """The verdict that all have."""
    results: list[str]
    """Identity and row of each."""


class OwnFeatures(Record):
    """The user's own features, which the conclusion is not about."""

    expected: int
    """How many of their scenarios were selected."""
    ran: int
    """How many of them ended with a verdict."""
    verdicts: dict[Verdict, int]
    """How many got each verdict."""

    @property
    def summary(self) -> str:
        """The one line that says it all."""
        return f"your own features: expected {self.expected}, ran {self.ran}: {tally(self.verdicts, Verdict)}"


class Report(Record):
    """A whole run."""

    format: Literal[2] = 2
    """Version of this layout; it grows when a reader of an older one would be misled."""
    suite: Suite
    target: Deployment
    capabilities: dict[str, bool]
    """Whether the deployment has, by its profile and address, what scenarios may need, such as "refresh"."""
    absent: list[str]
    """A sentence for each thing that scenarios may need and the deployment lacks by its profile."""
    environment: Environment
    settings: Settings
    started: dt.datetime
    """When the run began, with its time zone."""
    seconds: float
    """How long it took."""
    conclusion: Conclusion
    """What is said of the whole run."""
    exit_code: Exit
    """The process's exit code: 0 nothing is red, 1 not conformant, 2 interrupted, 3 the suite broke."""
    reasons: list[str]
    """A sentence for each reason why the run is red."""
    notices: list[str]
    """A sentence for each thing to know that is not red, such as a waiver that ends soon."""
    specified: int
    """How many scenarios the whole specification has."""
    expected: int
    """How many were selected."""
    ran: int
    """How many of them ended with a verdict."""
    verdicts: dict[Verdict, int]
    """How many got each verdict."""
    untested: dict[Blocker, int] = Field(default_factory=dict)
    """Of those not tested, how many are of each class."""
    own: OwnFeatures | None = None
    """The user's own features beside the specification; none without `--features`."""
    uncovered: list[str] = Field(default_factory=list)
    """What of signing in the specification does not cover at all."""
    sign_ups: int
    """How often an account was asked for, the doctor's examination before the run included."""
    sign_ins: int
    """How often a session was asked for, likewise."""
    throttled: float
    """Seconds spent on waiting because the deployment said 429."""
    other_origins: list[str] = Field(default_factory=list)
    """Origins outside the deployment from which its pages loaded scripts, fonts and the like."""
    causes: list[SharedCause] = Field(default_factory=list)
    """What did not hold, by its cause: the same came at the same place, or it is one requirement's rows."""
    trend: Trend | None = None
    """What earlier runs say of this one; none without `--history`."""
    results: list[Result]
    """Every scenario that ran, flow by flow."""

    def of(self, *verdicts: Verdict) -> list[Result]:
        """The results with one of these verdicts."""
        return [result for result in self.results if result.verdict in verdicts]

    def flows(self) -> dict[str, list[Result]]:
        """The results of each flow."""
        return grouped(self.results, lambda result: result.feature)

    def is_red(self, result: Result) -> bool:
        """Whether that result makes this run red, by the given flags."""
        strictness = Strictness(warnings=self.settings.strict, untested=self.settings.require_tested)
        return strictness.is_red(result.verdict)

    def without(self, artefacts: Collection[str]) -> Report:
        """The same without artefacts that are no longer there, by their paths."""
        results = [
            result.model_copy(update={"artefacts": [one for one in result.artefacts if one.path not in artefacts]})
            for result in self.results
        ]
        return self.model_copy(update={"results": results})

    @property
    def summary(self) -> str:
        """The one line that says it all."""
        applying = self.ran - self.verdicts.get(Verdict.NOT_APPLICABLE, 0)
        applies = f"{applying} of {counted(self.expected, 'scenario')} apply to this deployment"
        if not self.ran:
            return f"{self.conclusion}: nothing was judged; expected {self.expected}, ran 0"
        counts = tally(self.verdicts, Verdict)
        classes = tally(self.untested, Blocker)
        said = f"{counts} (not tested: {classes})" if any(self.untested.values()) else counts
        return f"{self.conclusion}: {applies}; expected {self.expected}, ran {self.ran}: {said}"

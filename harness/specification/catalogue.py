"""The requirements that the suite's own feature files state, without running them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from harness.core.groups import grouped
from harness.core.record import Record
from harness.core.verdict import Level, Severity
from harness.specification.gherkin import read_feature

if TYPE_CHECKING:
    from harness.specification.gherkin import Pickle

FEATURES = Path(__file__).parents[2] / "features"


class Requirement(Record):
    """One requirement: a scenario, or an outline with all its rows."""

    identity: str
    """Its own name, which never changes."""
    level: Level
    severity: Severity
    feature: str
    """The feature file's name without its ending: the flow."""
    line: int
    """Where in that file it stands."""
    name: str
    """The requirement in words; columns of the Examples in angle brackets."""
    rows: list[str]
    """The Examples as ``column: value, ...``; empty for a scenario without."""
    needs: list[str]
    """What a deployment must have for it to apply."""
    sources: list[str]
    """Tags such as ``asvs-7.4.1``, ``rfc8725-3.1`` and ``cwe-613``."""
    defects: list[str]
    """Entries of docs/defects.json that break it."""
    core: bool
    """Whether it is one of those that every deployment is first judged by."""

    @property
    def scenarios(self) -> int:
        """How many scenarios run for it."""
        return len(self.rows) or 1


@cache
def requirements() -> dict[str, Requirement]:
    """Every requirement by identity, flow by flow in the order of the files. Raises FeatureError."""
    every = ((path.stem, pickle) for path in sorted(FEATURES.glob("*.feature")) for pickle in read_feature(path))
    found = grouped(every, lambda one: one[1].tags.identity)
    return {identity: _requirement(pickles) for identity, pickles in found.items()}


def specified() -> int:
    """How many scenarios the whole specification has."""
    return sum(requirement.scenarios for requirement in requirements().values())


def _requirement(pickles: list[tuple[str, Pickle]]) -> Requirement:
    feature, first = pickles[0]
    tags = first.tags
    return Requirement(
        identity=tags.identity,
        level=tags.level,
        severity=tags.severity,
        feature=feature,
        line=first.line,
        name=first.outline,
        rows=[pickle.row for _, pickle in pickles if pickle.row],
        needs=list(tags.needs),
        sources=list(tags.sources),
        defects=[defect.removeprefix("defect-") for defect in tags.defects],
        core="core" in tags.tiers,
    )

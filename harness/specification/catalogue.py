"""The requirements that the suite's own feature files state, without running them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.core.groups import grouped
from harness.core.record import Record
from harness.core.verdict import Level, Severity
from harness.specification.gherkin import read_feature
from harness.specification.rationale import rationales

if TYPE_CHECKING:
    from harness.specification.gherkin import Pickle
    from harness.specification.tags import Tags

FEATURES = Path(__file__).parents[2] / "features"
UNCOVERED = (
    "reset of a forgotten password",
    "change of the address",
    "second factors and passkeys",
    "sign-in by another provider (OAuth, OpenID Connect, SAML)",
    "roles, sharing, organisations and administration",
    "API keys",
)
"""What of authentication no scenario looks at, in words for the report."""


class RequirementMetadata(Record):
    """What a feature file says of a requirement besides its steps."""

    identity: str
    """The requirement's own name, as in features/inventory.txt."""
    level: Level
    severity: Severity
    feature: str
    """The feature file's name without its ending: the flow."""
    line: int
    """Where in that file the scenario stands."""
    name: str
    """The requirement in words."""
    sources: list[str]
    """Tags such as ``asvs-7.4.1``, ``rfc8725-3.1`` and ``cwe-613``."""
    defects: list[str]
    """Entries of docs/defects.json that break it."""
    needs: list[str]
    """What a deployment must have for it to apply."""
    why: str = ""
    """What an attacker gains, or a person loses, where it is broken; empty for a feature file of one's own."""
    fix: str = ""
    """How to put it right, whatever the deployment is built with; likewise."""


class Requirement(RequirementMetadata):
    """One requirement: a scenario, or an outline with all its rows.

    In an outline's ``name`` the columns of the Examples stand in angle brackets.
    """

    rows: list[str]
    """The Examples as ``column: value, ...``; empty for a scenario without."""
    core: bool
    """Whether every deployment is judged by it first."""

    @property
    def scenarios(self) -> int:
        """How many scenarios run for it."""
        return len(self.rows) or 1


@cache
def requirements() -> dict[str, Requirement]:
    """Every requirement by identity, in the order of the feature files.

    Raises FeatureError where a feature file can't be run as it stands.
    """
    every = ((path.stem, pickle) for path in sorted(FEATURES.glob("*.feature")) for pickle in read_feature(path))
    found = grouped(every, lambda one: one[1].tags.identity)
    return {identity: _requirement(pickles) for identity, pickles in found.items()}


def specified() -> int:
    """How many scenarios the whole specification has."""
    return sum(requirement.scenarios for requirement in requirements().values())


def _requirement(pickles: list[tuple[str, Pickle]]) -> Requirement:
    feature, first = pickles[0]
    return Requirement(
        **tagged(first.tags),
        feature=feature,
        line=first.line,
        name=first.outline,
        rows=[pickle.row for _, pickle in pickles if pickle.row],
        core="core" in first.tags.tiers,
    )


def tagged(tags: Tags) -> dict[str, Any]:
    """The fields of RequirementMetadata that its tags give, its texts included."""
    rationale = rationales().get(tags.identity)
    return {
        **(rationale.model_dump() if rationale is not None else {}),
        "identity": tags.identity,
        "level": tags.level,
        "severity": tags.severity,
        "sources": list(tags.sources),
        "defects": [defect.removeprefix("defect-") for defect in tags.defects],
        "needs": list(tags.needs),
    }

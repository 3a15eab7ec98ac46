"""The specification as one HTML page to read: docs/site/index.html.

No request leaves it, and it reads well without scripts. The same feature files make the same page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.groups import grouped
from harness.report.html.environment import asset, environment
from harness.results.sources import source_of, standard_of
from harness.specification.catalogue import FEATURES, UNCOVERED, Requirement, requirements
from harness.specification.coverage import ASVS, RFC_8725, cited
from harness.specification.feature_text import FeatureText, ScenarioText, read_feature_text
from harness.specification.tags import FUNCTIONAL, NEEDS, PART_OF
from harness.specification.version import specification_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.results.sources import Source

REPOSITORY = "https://github.com/auth-conformance/auth-conformance"
FILE = "index.html"


@dataclass(frozen=True)
class Entry:
    """One requirement with the text of its scenario."""

    about: Requirement
    text: ScenarioText

    @property
    def standards(self) -> list[str]:
        """The standards that its sources are of."""
        return list(dict.fromkeys(map(standard_of, self.about.sources)))

    @property
    def needs(self) -> list[str]:
        """What it needs, as the filter has it."""
        return [need.removeprefix("needs-") for need in self.about.needs]


@dataclass(frozen=True)
class Flow:
    """One feature file with its requirements."""

    stem: str
    text: FeatureText
    entries: list[Entry]

    @property
    def scenarios(self) -> int:
        """How many scenarios run for it."""
        return sum(entry.about.scenarios for entry in self.entries)


@dataclass(frozen=True)
class Section:
    """A section of a standard and the requirements that name it."""

    number: str
    source: Source
    whole: list[Requirement]
    part: list[Requirement]


def render() -> str:
    """The whole page.

    Raises FeatureError where the specification can't be read.
    """
    flows = [_flow(stem, found) for stem, found in grouped(requirements().values(), _feature).items()]
    entries = [entry for flow in flows for entry in flow.entries]
    standards = {one for entry in entries for one in entry.standards}
    needs = {need for entry in entries for need in entry.needs}
    return (
        environment()
        .get_template("site.html")
        .render(
            version=specification_version(),
            repository=REPOSITORY,
            flows=flows,
            entries=entries,
            standards=[*sorted(standards - {FUNCTIONAL}), *sorted(standards & {FUNCTIONAL})],
            needs={
                need.removeprefix("needs-"): NEEDS[need] for need in NEEDS if need.removeprefix("needs-") in needs
            },
            words_of_needs=NEEDS,
            tables={"OWASP ASVS 5.0": _sections(ASVS), "RFC 8725": _sections(RFC_8725)},
            uncovered=UNCOVERED,
            style=asset("page.css") + asset("site.css"),
            script=asset("page.js"),
        )
    )


def _feature(one: Requirement) -> str:
    return one.feature


def _flow(stem: str, found: Iterable[Requirement]) -> Flow:
    text = read_feature_text(FEATURES / f"{stem}.feature")
    scenarios = {scenario.identity: scenario for scenario in text.scenarios}
    return Flow(stem, text, [Entry(one, scenarios[one.identity]) for one in found])


def _sections(standard: str) -> list[Section]:
    every = requirements()
    found = []
    for number, identities in cited(standard).items():
        tag = f"{standard}-{number}"
        named = [every[identity] for identity in identities]
        found.append(
            Section(
                number,
                source_of(tag),
                [one for one in named if tag in one.sources],
                [one for one in named if f"{PART_OF}{tag}" in one.sources],
            )
        )
    return found

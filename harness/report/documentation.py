"""The pages of docs/ that are made from features and models.

docs/specification.md, docs/site/index.html and docs/report.schema.json: run
``python -m harness.report.documentation`` in a checkout after a change of either.
"""

from __future__ import annotations

from pathlib import Path

from harness.core.groups import grouped
from harness.core.verdict import Level
from harness.report.html import site
from harness.report.markup import block, code, plain, table
from harness.report.report_json import schema_text
from harness.results.sources import source_of
from harness.specification.catalogue import FEATURES, Requirement, requirements
from harness.specification.feature_text import ScenarioText, read_feature_text
from harness.specification.tags import NEEDS

_DOCS = Path(__file__).parents[2] / "docs"
PAGE = _DOCS / "specification.md"
SITE = _DOCS / "site" / site.FILE
SCHEMA = _DOCS / "report.schema.json"
GENERATED = "<!-- Generated from the feature files by: python -m harness.report.documentation -->"
_INTRODUCTION = """\
What a deployment must do, flow by flow. It is made from the [feature files](../features/), which are what runs.

MUST, SHOULD and MAY are meant as in RFC 2119: a MUST that does not hold fails the run, a SHOULD is a warning.
The severity says how much harm is done where the requirement is broken, in the words of CVSS. *core* marks the
requirements that every deployment is judged by first. A requirement is not applicable to a deployment that lacks
what it needs, as declared in the profile.

A source is a section that demands the very thing; `asvs-` tags mean OWASP ASVS 5.0.0. *Part of* a source: the
section demands more than the scenario tests. *Functional*: the scenario asks that a flow works, and no standard
demands it.
"""


def page_text() -> str:
    """The specification as a page of Markdown.

    Raises FeatureError where a feature file can't be run as it stands.
    """
    flows = grouped(requirements().values(), lambda requirement: requirement.feature)
    lines = [GENERATED, "", "# The specification", "", _INTRODUCTION, *_contents(flows), ""]
    for flow, found in flows.items():
        lines += _flow(FEATURES / f"{flow}.feature", {one.identity: one for one in found})
    return "\n".join(lines)


def _contents(flows: dict[str, list[Requirement]]) -> list[str]:
    every = [one for found in flows.values() for one in found]
    rows = [_counted(f"[{flow}](#flow-{flow})", found) for flow, found in flows.items()]
    head = ["flow", "requirements", *(level.value.upper() for level in Level), "scenarios"]
    return table(head, [*rows, _counted("all", every)])


def _counted(name: str, found: list[Requirement]) -> list[str]:
    levels = (str(sum(one.level is level for one in found) or "") for level in Level)
    return [name, str(len(found)), *levels, str(sum(one.scenarios for one in found))]


def _flow(path: Path, known: dict[str, Requirement]) -> list[str]:
    feature = read_feature_text(path)
    lines = [
        f'<a id="flow-{path.stem}"></a>',
        "",
        f"## {plain(feature.name)}",
        "",
        *_described(feature.description),
    ]
    for background in feature.backgrounds:
        lines += ["Before each scenario:", "", *block(background.source, "gherkin"), ""]
    for scenario in feature.scenarios:
        lines += _scenario(scenario, known[scenario.identity])
    return lines


def _described(description: str) -> list[str]:
    return [plain(description), ""] if description else []


def _scenario(scenario: ScenarioText, requirement: Requirement) -> list[str]:
    identity, where = requirement.identity, f"../features/{requirement.feature}.feature#L{requirement.line}"
    core = ", *core*" if requirement.core else ""
    about = [
        f"- [{code(identity)}]({where}): **{requirement.level.upper()}**, severity {requirement.severity}{core}",
        f"- Sources: {', '.join(_linked(tag) for tag in requirement.sources)}",
    ]
    if requirement.needs:
        about.append(f"- It {', '.join(NEEDS[need] for need in requirement.needs)}")
    lines = [f'<a id="{identity}"></a>', "", f"### {plain(requirement.name)}", "", *about, ""]
    lines += _described(scenario.description)
    if requirement.why and requirement.fix:
        lines += [f"*Why it matters:* {plain(requirement.why)}", "", f"*To fix it:* {plain(requirement.fix)}", ""]
    lines += [*block(scenario.steps.source, "gherkin"), ""]
    for examples in scenario.examples:
        rows = [[plain(cell) for cell in row] for row in (examples.head, *examples.rows)]
        lines += [*_described(examples.description), *table(rows[0], rows[1:]), ""]
    return lines


def _linked(tag: str) -> str:
    source = source_of(tag)
    return f"[{plain(source.name)}]({source.address})" if source.address else plain(source.name)


def main() -> None:
    """Write all of them."""
    SITE.parent.mkdir(exist_ok=True)
    SITE.write_text(site.render(), "utf-8")
    PAGE.write_text(page_text(), "utf-8")
    SCHEMA.write_text(schema_text(), "utf-8")


if __name__ == "__main__":
    main()

"""docs/specification.md from the feature files, docs/report.schema.json from the report's models.

Run ``python -m harness.report.documentation`` in a checkout after a change of either.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gherkin.parser import Parser

from harness.core.groups import grouped
from harness.core.text import one_line
from harness.core.verdict import Level
from harness.report.markup import block, code, plain, table
from harness.report.report_json import schema_text
from harness.results.sources import source_of
from harness.specification.catalogue import FEATURES, Requirement, requirements
from harness.specification.tags import NEEDS, sort_tags

_DOCS = Path(__file__).parents[2] / "docs"
PAGE = _DOCS / "specification.md"
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
    source = path.read_text("utf-8")
    document: Any = Parser().parse(source)
    feature = document["feature"]
    lines = [f'<a id="flow-{path.stem}"></a>', "", f"## {plain(feature['name'])}", "", *_described(feature)]
    for kind, node in _children(feature):
        if kind == "background":
            lines += ["Before each scenario:", "", *block(_steps(node, source), "gherkin"), ""]
        elif kind == "scenario":
            tags = sort_tags([tag["name"].removeprefix("@") for tag in node["tags"]])
            lines += _scenario(node, source, known[tags.identity])
    return lines


def _children(node: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - the parser's documents are plain dictionaries
    """Backgrounds and scenarios with their kind, those of Rules as well."""
    for child in node["children"]:
        for kind, inner in child.items():
            if kind == "rule":
                yield from _children(inner)
            else:
                yield kind, inner


def _described(node: Any) -> list[str]:  # noqa: ANN401
    description = one_line(node["description"])
    return [plain(description), ""] if description else []


def _scenario(node: Any, source: str, requirement: Requirement) -> list[str]:  # noqa: ANN401
    identity, where = requirement.identity, f"../features/{requirement.feature}.feature#L{requirement.line}"
    core = ", *core*" if requirement.core else ""
    about = [
        f"- [{code(identity)}]({where}): **{requirement.level.upper()}**, severity {requirement.severity}{core}",
        f"- Sources: {', '.join(_linked(tag) for tag in requirement.sources)}",
    ]
    if requirement.needs:
        about.append(f"- It {', '.join(NEEDS[need] for need in requirement.needs)}")
    lines = [f'<a id="{identity}"></a>', "", f"### {plain(requirement.name)}", "", *about, "", *_described(node)]
    if requirement.why and requirement.fix:
        lines += [f"*Why it matters:* {plain(requirement.why)}", "", f"*To fix it:* {plain(requirement.fix)}", ""]
    lines += [*block(_steps(node, source), "gherkin"), ""]
    for examples in node["examples"]:
        lines += [*_described(examples), *_examples(examples), ""]
    return lines


def _linked(tag: str) -> str:
    source = source_of(tag)
    return f"[{plain(source.name)}]({source.address})" if source.address else plain(source.name)


def _steps(node: Any, source: str) -> str:  # noqa: ANN401
    """A node's steps as they stand in the file, their tables included."""
    first, last = node["steps"][0]["location"]["line"], max(_last_line(step) for step in node["steps"])
    return textwrap.dedent("\n".join(source.splitlines()[first - 1 : last]))


def _last_line(step: Any) -> int:  # noqa: ANN401
    if "dataTable" in step:
        return int(step["dataTable"]["rows"][-1]["location"]["line"])
    if "docString" in step:
        text = step["docString"]
        return int(text["location"]["line"]) + len(text["content"].split("\n")) + 1
    return int(step["location"]["line"])


def _examples(examples: Any) -> list[str]:  # noqa: ANN401
    head, *rows = [
        [plain(cell["value"]) for cell in row["cells"]]
        for row in (examples["tableHeader"], *examples["tableBody"])
    ]
    return table(head, rows)


def main() -> None:
    """Write both files."""
    PAGE.write_text(page_text(), "utf-8")
    SCHEMA.write_text(schema_text(), "utf-8")


if __name__ == "__main__":
    main()

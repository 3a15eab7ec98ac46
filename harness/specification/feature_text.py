"""Feature files as they are read: descriptions, steps with their tables, Examples."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gherkin.parser import Parser

from harness.core.text import one_line
from harness.specification.tags import sort_tags


@dataclass(frozen=True)
class Step:
    """One step with the table that belongs to it."""

    keyword: str
    words: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Steps:
    """The steps of a scenario or a Background."""

    source: str
    """As they stand in the file, without indentation."""
    each: tuple[Step, ...]


@dataclass(frozen=True)
class Examples:
    """A table of an outline."""

    description: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class ScenarioText:
    """One scenario or outline."""

    identity: str
    description: str
    steps: Steps
    examples: tuple[Examples, ...]


@dataclass(frozen=True)
class FeatureText:
    """One feature file, those of its scenarios in Rules included."""

    name: str
    description: str
    backgrounds: tuple[Steps, ...]
    scenarios: tuple[ScenarioText, ...]


def read_feature_text(path: Path) -> FeatureText:
    """The text of a feature file that `read_feature` has accepted."""
    source = path.read_text("utf-8")
    document: Any = Parser().parse(source)
    feature = document["feature"]
    nodes = [*_children(feature)]
    return FeatureText(
        name=feature["name"],
        description=one_line(feature["description"]),
        backgrounds=tuple(_steps(node, source) for kind, node in nodes if kind == "background"),
        scenarios=tuple(_scenario(node, source) for kind, node in nodes if kind == "scenario"),
    )


def _children(node: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - the parser's documents are plain dictionaries
    """Backgrounds and scenarios with their kind, those of Rules as well."""
    for child in node["children"]:
        for kind, inner in child.items():
            if kind == "rule":
                yield from _children(inner)
            else:
                yield kind, inner


def _scenario(node: Any, source: str) -> ScenarioText:  # noqa: ANN401
    return ScenarioText(
        identity=sort_tags([tag["name"].removeprefix("@") for tag in node["tags"]]).identity,
        description=one_line(node["description"]),
        steps=_steps(node, source),
        examples=tuple(
            Examples(one_line(table["description"]), _cells(table["tableHeader"]), _rows(table["tableBody"]))
            for table in node["examples"]
        ),
    )


def _steps(node: Any, source: str) -> Steps:  # noqa: ANN401
    steps = node["steps"]
    first, last = steps[0]["location"]["line"], max(_last_line(step) for step in steps)
    return Steps(
        textwrap.dedent("\n".join(source.splitlines()[first - 1 : last])),
        tuple(Step(step["keyword"].strip(), step["text"], _table(step)) for step in steps),
    )


def _table(step: Any) -> tuple[tuple[str, ...], ...]:  # noqa: ANN401
    if "docString" in step:
        return ((step["docString"]["content"],),)
    return _rows(step["dataTable"]["rows"]) if "dataTable" in step else ()


def _rows(rows: Any) -> tuple[tuple[str, ...], ...]:  # noqa: ANN401
    return tuple(_cells(row) for row in rows)


def _cells(row: Any) -> tuple[str, ...]:  # noqa: ANN401
    return tuple(cell["value"] for cell in row["cells"])


def _last_line(step: Any) -> int:  # noqa: ANN401
    if "dataTable" in step:
        return int(step["dataTable"]["rows"][-1]["location"]["line"])
    if "docString" in step:
        text = step["docString"]
        return int(text["location"]["line"]) + len(text["content"].split("\n")) + 1
    return int(step["location"]["line"])

"""Reads feature files.

Refuses those that would be green without testing anything.

Every rule here answers a way in which pytest-bdd passes over a scenario in silence (docs/decisions.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gherkin.errors import CompositeParserException, ParserException
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler

from harness.core.groups import grouped
from harness.core.text import did_you_mean, listed
from harness.specification.tags import FUNCTIONAL, Tags, described, sort_tags

INVENTORY = "inventory.txt"
LONGEST = 8
"""Steps of one scenario, the Background not counted."""
_STEP_WORD = re.compile(r"^\s*(Given|When|Then|And|But|\*)\s")


@dataclass(frozen=True)
class Pickle:
    """One scenario as it will run.

    An Examples row is one of its own.
    """

    name: str
    outline: str
    line: int
    tags: Tags
    steps: tuple[str, ...]
    kinds: tuple[str, ...]
    row: str = ""
    """The Examples row as ``column: value, ...``."""


class FeatureError(Exception):
    """A feature file that can't be run as it stands.

    One sentence a problem.
    """

    def __init__(self, path: Path, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(f"{path.name}: {problem}" for problem in problems))


def read_feature(path: Path) -> list[Pickle]:
    """The scenarios of a feature file.

    Raises FeatureError when it breaks a rule.
    """
    document = _parse(path)
    document["uri"] = str(path)
    compiled: Any = Compiler().compile(document)
    pickles = [pickle_of(raw, document) for raw in compiled]
    problems = [] if compiled else ["holds no scenario that would run; write one, or remove the file."]
    problems += [*_swallowed_steps(document), *_twins(document), *_scenario_problems(document)]
    problems += [problem for pickle in pickles for problem in _pickle_problems(pickle)]
    problems += _unknown_identities(pickles, path.with_name(INVENTORY))
    if problems:
        raise FeatureError(path, list(dict.fromkeys(problems)))
    return pickles


def _parse(path: Path) -> Any:  # noqa: ANN401 - the parser's documents are plain dictionaries
    try:
        return Parser().parse(path.read_text("utf-8"))
    except CompositeParserException as error:
        raise FeatureError(path, [str(one) for one in error.errors]) from error
    except ParserException as error:
        raise FeatureError(path, [str(error)]) from error
    except UnicodeDecodeError as error:
        raise FeatureError(path, [f"is not UTF-8 text: {error}."]) from error


def pickle_of(raw: Any, document: Any) -> Pickle:  # noqa: ANN401
    """A scenario as the compiler has it, by its document."""
    nodes = {node["id"]: node for node in _scenarios(document)}
    node = nodes[raw["astNodeIds"][0]]
    return Pickle(
        name=raw["name"],
        outline=node["name"],
        line=node["location"]["line"],
        tags=sort_tags([tag["name"].removeprefix("@") for tag in raw["tags"]]),
        steps=tuple(step["text"] for step in raw["steps"]),
        kinds=tuple(step["type"] for step in raw["steps"]),
        row=_row(node, raw["astNodeIds"][1:]),
    )


def _row(node: Any, ids: list[str]) -> str:  # noqa: ANN401
    """The Examples row of one of the ids, as reports write it."""
    for table in node["examples"]:
        columns = [cell["value"] for cell in table.get("tableHeader", {}).get("cells", [])]
        for row in table["tableBody"]:
            if row["id"] in ids:
                return written_row(zip(columns, (cell["value"] for cell in row["cells"]), strict=True))
    return ""


def written_row(cells: Iterable[tuple[str, str]]) -> str:
    """An Examples row as reports and waivers write it."""
    return ", ".join(f"{column}: {value}" for column, value in cells)


def _children(document: Any) -> list[Any]:  # noqa: ANN401
    feature = document.get("feature") or {}
    found: list[Any] = []
    for child in feature.get("children", []):
        found += child["rule"]["children"] if "rule" in child else [child]
    return found


def _scenarios(document: Any) -> list[Any]:  # noqa: ANN401
    return [child["scenario"] for child in _children(document) if "scenario" in child]


def _described(node: Any) -> Iterator[Any]:  # noqa: ANN401
    """The node and every node below it that may have a description."""
    yield node
    yield from node.get("examples", [])
    for child in node.get("children", []):
        yield from _described(next(iter(child.values())))


def _swallowed_steps(document: Any) -> list[str]:  # noqa: ANN401
    return [
        f'the line "{line.strip()}" stands in a description and would never run; put it under a scenario.'
        for node in _described(document.get("feature") or {})
        for line in (node.get("description") or "").splitlines()
        if _STEP_WORD.match(line)
    ]


def _twins(document: Any) -> list[str]:  # noqa: ANN401
    groups = grouped(_scenarios(document), lambda scenario: python_name(scenario["name"]))
    names = [[f'"{scenario["name"]}"' for scenario in group] for group in groups.values() if len(group) > 1]
    return [
        f"the scenarios {listed(alike, 'and')} have one name (signs and case do not count); only the last would "
        "run. Rename one."
        for alike in names
    ]


def python_name(scenario: str) -> str:
    """The test function's name for a scenario's.

    Its letters and digits, in lower case, words joined by ``_``.
    """
    words = re.sub(r"\W", "", scenario.replace(" ", "_"))
    return f"test_{re.sub(r'^[0-9]+_*', '', words).lower()}"


def _scenario_problems(document: Any) -> list[str]:  # noqa: ANN401
    problems = []
    for scenario in _scenarios(document):
        name = scenario["name"]
        if not scenario["steps"]:
            problems.append(f'the scenario "{name}" has no steps and would pass; write them.')
        if len(scenario["steps"]) > LONGEST:
            problems.append(f'the scenario "{name}" has more than {LONGEST} steps; use a Background.')
        if not _has_rows(scenario):
            problems.append(f'the outline "{name}" has no Examples row and would not run.')
    return problems


def _has_rows(scenario: Any) -> bool:  # noqa: ANN401
    """Whether each Examples table has a row.

    Trivially so for a scenario that is no outline.
    """
    tables = scenario["examples"]
    is_outline = tables or scenario["keyword"] in ("Scenario Outline", "Scenario Template")
    return not is_outline or (bool(tables) and all(table["tableBody"] for table in tables))


def _pickle_problems(pickle: Pickle) -> list[str]:
    tags = pickle.tags
    wanted = [
        (len(tags.identities) == 1, f"needs exactly one identity tag, has {len(tags.identities)}"),
        (len(tags.levels) == 1, f"needs exactly one of @must, @should, @may, has {len(tags.levels)}"),
        (
            len(tags.severities) == 1,
            f"needs exactly one of @critical, @high, @medium, @low, has {len(tags.severities)}",
        ),
        (bool(tags.sources), f"names no source (@rfc..., @asvs-..., @cwe-...) and is not @{FUNCTIONAL}"),
        (
            FUNCTIONAL not in tags.sources or len(tags.sources) == 1,
            f"is @{FUNCTIONAL}: no standard demands it; yet it names a source",
        ),
        (not pickle.kinds or "Action" in pickle.kinds, "has no When"),
        (not pickle.kinds or "Outcome" in pickle.kinds, "has no Then"),
    ]
    problems = [f'the scenario "{pickle.name}" {complaint}.' for holds, complaint in wanted if not holds]
    return problems + [
        f'the scenario "{pickle.name}" carries @{tag}, which is no known tag.{_meant(tag, described())}'
        for tag in tags.unknown
    ]


def _unknown_identities(pickles: list[Pickle], inventory: Path) -> list[str]:
    if not inventory.is_file():
        return []
    known = read_inventory(inventory)
    return [
        f"@{identity} is not in {INVENTORY}.{_meant(identity, known)} A new requirement is added there."
        for pickle in pickles
        for identity in pickle.tags.identities
        if identity not in known
    ]


def read_inventory(inventory: Path) -> dict[str, str]:
    """Identity and level of each requirement in the committed list."""
    lines = inventory.read_text("utf-8").splitlines()
    return dict(line.split()[:2] for line in lines if line.strip() and not line.startswith("#"))


def _meant(tag: str, known: Iterable[str]) -> str:
    return did_you_mean(tag, known, form="@{}")

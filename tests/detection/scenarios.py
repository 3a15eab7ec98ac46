"""What the feature files hold that a fault can turn red: their scenarios, by identity."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler

from harness.specification.tags import sort_tags

FEATURES = Path(__file__).parents[2] / "features"


@dataclass(frozen=True)
class Scenario:
    """One requirement. ``defects`` are ids of the catalogue; ``core`` is its tier."""

    identity: str
    name: str
    level: str
    core: bool
    needs_browser: bool
    feature: str
    defects: tuple[str, ...]


@cache
def all_scenarios() -> dict[str, Scenario]:
    """Every scenario by identity, feature after feature."""
    found = {}
    for path in sorted(FEATURES.glob("*.feature")):
        document: Any = Parser().parse(path.read_text("utf-8"))
        names = {child["scenario"]["id"]: child["scenario"]["name"] for child in _children(document)}
        for pickle in Compiler().compile(document | {"uri": path.name}):
            tags = [tag["name"].removeprefix("@") for tag in pickle["tags"]]
            scenario = _scenario(names[pickle["astNodeIds"][0]], tags, path.stem)
            found[scenario.identity] = scenario
    return found


def _children(document: Any) -> list[Any]:
    return [child for child in document["feature"]["children"] if "scenario" in child]


def _scenario(name: str, tags: list[str], feature: str) -> Scenario:
    sorted_tags = sort_tags(tags)
    defects = tuple(defect.removeprefix("defect-") for defect in sorted_tags.defects)
    return Scenario(
        sorted_tags.identity,
        name,
        sorted_tags.level.value,
        "core" in tags,
        "needs-browser" in tags,
        feature,
        defects,
    )

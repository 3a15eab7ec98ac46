"""pytest collects feature files themselves, so that none is left out."""

from __future__ import annotations

import types
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import scenario
from pytest_bdd.scenario import scenario_wrapper_template_registry

from harness.pytest_plugin.own_features import own_folder
from harness.pytest_plugin.step_check import definitions, must_run
from harness.specification.gherkin import FeatureError, Pickle, python_name, read_feature, written_row
from harness.specification.tags import Tags, sort_tags


class FeatureFile(pytest.Module):
    """A feature file as a module with a function for each scenario."""

    pickles: list[Pickle]

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """The scenarios.

        A file that breaks a rule of `gherkin` or `step_check` is an error.
        """
        try:
            self.pickles = read_feature(self.path)
            must_run(self.path, self.pickles, definitions(self))
        except FeatureError as error:
            raise self.CollectError(str(error)) from error
        for tag in {tag for pickle in self.pickles for tag in _all_tags(pickle)}:
            self.config.addinivalue_line("markers", f"{tag}: a tag of the specification")
        return super().collect()

    def _getobj(self) -> types.ModuleType:
        module = types.ModuleType(self.path.stem)
        module.__file__ = str(self.path)
        for name in dict.fromkeys(pickle.outline for pickle in self.pickles):
            setattr(module, python_name(name), _bind(self.path, name))
        return module


def _all_tags(pickle: Pickle) -> tuple[str, ...]:
    tags = pickle.tags
    return (*tags.identities, *tags.sources, *tags.defects)


def _bind(path: Path, name: str) -> Any:  # noqa: ANN401 - a decorated function
    @scenario(str(path), name, features_base_dir=str(path.parent))
    def run() -> None:
        """Do nothing more: pytest-bdd has run the steps before this body."""

    return run


@dataclass(frozen=True)
class ScenarioItem:
    """What the report needs to know of a collected scenario."""

    feature: str
    line: int
    name: str
    """With the values of the Examples row."""
    row: str
    tags: Tags
    steps: tuple[str, ...]
    is_own: bool = False
    """Whether it is one of the user's own."""


_SCENARIO = pytest.StashKey[ScenarioItem]()


def scenario_of(item: pytest.Item) -> ScenarioItem | None:
    """The scenario behind an item; None for an ordinary test."""
    if not isinstance(item.parent, FeatureFile) or not isinstance(item, pytest.Function):
        return None
    if _SCENARIO not in item.stash:
        item.stash[_SCENARIO] = _read(item, item.parent.path)
    return item.stash[_SCENARIO]


def _read(item: pytest.Function, file: Path) -> ScenarioItem:
    callspec = getattr(item, "callspec", None)
    row = callspec.params.get("_pytest_bdd_example", {}) if callspec else {}
    rendered = scenario_wrapper_template_registry[item.obj].render(row)
    return ScenarioItem(
        feature=file.stem,
        line=rendered.line_number,
        name=rendered.name,
        row=written_row(row.items()),
        tags=sort_tags(sorted(marker.name for marker in item.iter_markers())),
        steps=tuple(f"{step.keyword} {step.name}" for step in rendered.steps),
        is_own=file.resolve().parent == own_folder(item.config),
    )

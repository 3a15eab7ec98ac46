"""A step's definition is looked for once."""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import Any

import pytest

from harness.pytest_plugin import step_index

scenario: Any = importlib.import_module("pytest_bdd.scenario")
STEP: Any = SimpleNamespace(type="when", name="Ann signs in")
NOWHERE: Any = None


@pytest.fixture(autouse=True)
def searched(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What pytest-bdd's own search was asked for."""
    asked: list[Any] = []

    def search(step: Any, *_: Any) -> list[str]:
        asked.append(step)
        return ["found by searching"]

    monkeypatch.setattr(step_index, "_search", search)
    monkeypatch.setattr(step_index, "_known", {})
    monkeypatch.setattr(scenario, "find_fixturedefs_for_step", search)
    step_index.install()
    return asked


def test_a_kept_definition_is_given_without_a_search(searched: list[Any]) -> None:
    definition: Any = SimpleNamespace(baseid="")
    step_index.keep("when", "Ann signs in", definition)
    assert list(scenario.find_fixturedefs_for_step(STEP, NOWHERE, NOWHERE)) == [definition]
    assert not searched


@pytest.mark.parametrize(("kind", "text"), [("given", "Ann signs in"), ("when", "Ann signs out")])
def test_another_step_is_searched_for(searched: list[Any], kind: str, text: str) -> None:
    step_index.keep(kind, text, SimpleNamespace(baseid=""))  # type: ignore[arg-type]
    assert list(scenario.find_fixturedefs_for_step(STEP, NOWHERE, NOWHERE)) == ["found by searching"]
    assert searched == [STEP]


def test_a_definition_that_only_some_files_may_use_is_not_kept(searched: list[Any]) -> None:
    step_index.keep("when", "Ann signs in", SimpleNamespace(baseid="features/shop"))  # type: ignore[arg-type]
    assert list(scenario.find_fixturedefs_for_step(STEP, NOWHERE, NOWHERE)) == ["found by searching"]
    assert searched == [STEP]

"""Finds the definition of a step at once.

pytest-bdd tries every definition for every step that runs, which is a third of the suite's own time. What was
found when the step was checked is kept instead.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest
    from _pytest.fixtures import FixtureManager
    from pytest_bdd.parser import Step

    FixtureDef = pytest.FixtureDef[object]

# The package gives the decorator under the module's name.
_scenario = importlib.import_module("pytest_bdd.scenario")
_search = _scenario.find_fixturedefs_for_step
_known: dict[tuple[str, str], FixtureDef] = {}
"""The definition of a step, by its type (given, when, then) and text."""


def keep(kind: str, text: str, definition: FixtureDef) -> None:
    """Keep the only definition of a step.

    One that not every feature file may use is still searched for.
    """
    if not definition.baseid:
        _known[kind, text] = definition


def _find(step: Step, fixturemanager: FixtureManager, node: pytest.Item) -> Iterable[FixtureDef]:
    kept = _known.get((step.type, step.name))
    return [kept] if kept is not None else _search(step, fixturemanager, node)


def install() -> None:
    """Have pytest-bdd ask here first; it has no hook for it."""
    _scenario.find_fixturedefs_for_step = _find  # type: ignore[attr-defined]

"""Prints as JSON what pytest collects from the features: ``python -m tests.support.collected``."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_bdd.scenario import scenario_wrapper_template_registry

from harness.pytest_plugin.collection import FeatureFile, scenario_of
from harness.pytest_plugin.step_check import Definition, definitions
from steps.phrases import Sentence

_KINDS = {"given": "Context", "when": "Action", "then": "Outcome"}
"""What pytest-bdd calls a step's kind, and what gherkin does."""


class Teller:
    """A plugin that notes each scenario as pytest-bdd would run it, and each step definition."""

    def __init__(self) -> None:
        self.scenarios: list[dict[str, Any]] = []
        self.definitions: list[dict[str, Any]] = []
        self.words: list[dict[str, Any]] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.scenarios = [self._scenario(item) for item in session.items if scenario_of(item)]
        parent = session.items[0].parent
        assert isinstance(parent, FeatureFile)
        # pytest-bdd brings a step of its own, for debugging.
        known = [one for one in definitions(parent) if not one.where.startswith("pytest_bdd.")]
        used = self._used(session, known)
        self.definitions = [
            {"sentence": one.sentence, "where": one.where, "is_async": one.is_async, "used": place in used}
            for place, one in enumerate(known)
        ]
        self.words = [word for item in session.items if scenario_of(item) for word in self._words(item, known)]

    @staticmethod
    def _row(item: pytest.Function) -> Any:
        return item.callspec.params.get("_pytest_bdd_example", {}) if hasattr(item, "callspec") else {}

    def _scenario(self, item: pytest.Item) -> dict[str, Any]:
        assert isinstance(item, pytest.Function)
        row = self._row(item)
        rendered = scenario_wrapper_template_registry[item.obj].render(row)
        steps = [step.name for step in rendered.steps]
        return {"file": item.path.name, "name": rendered.name, "row": row, "steps": steps}

    def _words(self, item: pytest.Item, known: list[Definition]) -> Iterator[dict[str, Any]]:
        assert isinstance(item, pytest.Function)
        for step in scenario_wrapper_template_registry[item.obj].render(self._row(item)).steps:
            (one,) = (one for one in known if one.fits(_KINDS[step.type], step.name))
            parser, table = one.context.parser, step.datatable.raw() if step.datatable is not None else []
            if isinstance(parser, Sentence):
                for vocabulary, word in parser.words(step.name, table):
                    yield {"noun": vocabulary.noun, "word": word, "is_known": word in vocabulary}

    @staticmethod
    def _used(session: pytest.Session, known: list[Any]) -> set[int]:
        files = {item.parent for item in session.items if isinstance(item.parent, FeatureFile)}
        steps = {
            step
            for file in files
            for pickle in file.pickles
            for step in zip(pickle.kinds, pickle.steps, strict=True)
        }
        return {place for place, one in enumerate(known) if any(one.fits(*step) for step in steps)}


def main() -> int:
    """Collect the features and print what was collected; returns pytest's exit code."""
    teller = Teller()
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = pytest.main(["features", "--collect-only", "-q", "-p", "no:cacheprovider"], plugins=[teller])
    if code:
        sys.stderr.write(said.getvalue())
    told = {"scenarios": teller.scenarios, "definitions": teller.definitions, "words": teller.words}
    sys.stdout.write(json.dumps(told))
    return int(code)


if __name__ == "__main__":
    sys.exit(main())

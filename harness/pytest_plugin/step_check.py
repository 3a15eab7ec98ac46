"""Refuses a step without exactly one definition that really runs.

pytest-bdd takes the first of several definitions that match, and never awaits a coroutine: both would be green.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_bdd.compat import get_fixture_names, getfixturedefs
from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

from harness.core.text import did_you_mean, listed
from harness.pytest_plugin.step_index import keep
from harness.specification.gherkin import FeatureError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pytest

    from harness.specification.gherkin import Pickle

_WORDS = {"Context": "given", "Action": "when", "Outcome": "then"}
"""What gherkin calls a step's kind, and what pytest-bdd does."""


@dataclass(frozen=True)
class Definition:
    """One step definition: a function under one sentence.

    ``fixture`` is what pytest-bdd makes of it.
    """

    context: StepFunctionContext
    fixture: pytest.FixtureDef[object]

    @property
    def sentence(self) -> str:
        """The sentence as the step module has it, parts in braces."""
        return str(self.context.parser.name)

    @property
    def where(self) -> str:
        """Module and function."""
        function = self.context.step_func
        return f"{function.__module__}.{function.__name__}"

    @property
    def is_async(self) -> bool:
        """Whether calling it would only make a coroutine."""
        function = self.context.step_func
        return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)

    def fits(self, kind: str, text: str) -> bool:
        """Whether it defines a step of that kind and text."""
        return self.context.type in (None, _WORDS.get(kind)) and self.context.parser.is_matching(text)


def definitions(node: pytest.Collector) -> list[Definition]:
    """Every step definition that a scenario below ``node`` can use."""
    manager = node.session._fixturemanager  # noqa: SLF001 - pytest has no public way to ask for fixtures
    found: dict[int, Definition] = {}
    for name in get_fixture_names(manager):
        for fixture in getfixturedefs(manager, name, node) or ():
            if (context := step_function_context_registry.get(fixture.func)) is not None:
                found[id(context)] = Definition(context, fixture)
    return list(found.values())


def must_run(path: Path, pickles: Iterable[Pickle], known: list[Definition]) -> None:
    """Check that each step has one definition that runs.

    Keeps it for the run. Raises FeatureError.
    """
    steps = dict.fromkeys(step for pickle in pickles for step in zip(pickle.kinds, pickle.steps, strict=True))
    found = [_problem(kind, text, known) for kind, text in steps]
    if problems := [problem for problem in found if problem is not None]:
        raise FeatureError(path, problems)


def _problem(kind: str, text: str, known: list[Definition]) -> str | None:
    fitting = [definition for definition in known if definition.fits(kind, text)]
    if not fitting:
        word = _WORDS.get(kind, "neither given, when nor then")
        return f'no definition fits the step "{text}" ({word}).{_meant(text, known)}'
    if len(fitting) > 1:
        places = listed(sorted(definition.where for definition in fitting), "and")
        return f'the step "{text}" is ambiguous: {places} fit it; only one would run. Change a sentence.'
    if fitting[0].is_async:
        return f'the step "{text}" is defined by the coroutine {fitting[0].where}, which would never run; use def.'
    keep(_WORDS.get(kind, ""), text, fitting[0].fixture)
    return None


def _meant(text: str, known: list[Definition]) -> str:
    sentences = [definition.sentence for definition in known]
    return did_you_mean(text, sentences, otherwise=" Define it in a module of steps/.")

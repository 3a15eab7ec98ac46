"""A team's own features: what of their folder is used, what is refused, and what they add to a run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest

from harness.core.exits import Exit
from harness.core.verdict import Conclusion, Level, Outcome, Strictness, Verdict
from harness.pytest_plugin.own_features import add_own_features
from harness.pytest_plugin.own_outcome import with_own
from harness.report.document import OwnFeatures
from harness.report.html import view
from tests.support.example_report import report, result

FEATURE = """\
Feature: House

  @{identity} @must @low @functional
  Scenario: The house stands
    When it is looked at
    Then it stands
"""
STEP = "from pytest_bdd import when\nfrom ._shared import NAME\n@when(NAME)\ndef looked_at():\n    pass\n"


@pytest.fixture(autouse=True)
def _modules() -> Iterator[None]:
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith("auth_conformance_features_"):
            del sys.modules[name]


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """The folder of a team; whatever of it is not to be imported breaks when it is."""
    (tmp_path / "steps").mkdir()
    (tmp_path / "house.feature").write_text(FEATURE.format(identity="house-stands"), "utf-8")
    (tmp_path / "steps" / "house.py").write_text(STEP, "utf-8")
    (tmp_path / "steps" / "_shared.py").write_text("NAME = 'it is looked at'\n", "utf-8")
    (tmp_path / "steps" / "_unused.py").write_text("raise RuntimeError('_unused')\n", "utf-8")
    for name in ("conftest.py", "__init__.py", "other.py", "steps/__init__.py", "steps/conftest.py"):
        (tmp_path / name).write_text(f"raise RuntimeError({name!r})\n", "utf-8")
    return tmp_path


def added(folder: Path | None, *, below: str | None = None) -> tuple[list[str], list[ModuleType]]:
    """The arguments of a run with these features, and the modules that it registered."""
    registered: list[ModuleType] = []
    config = SimpleNamespace(
        args=["features"],
        getoption=lambda name, default=None: below if folder is not None else default,
        invocation_params=SimpleNamespace(dir=folder.parent if folder is not None else Path()),
        pluginmanager=SimpleNamespace(register=lambda module, name: registered.append(module)),
    )
    add_own_features(cast("pytest.Config", config))
    return config.args, registered


def refused(team: Path) -> str:
    with pytest.raises(pytest.UsageError) as caught:
        added(team, below=team.name)
    return str(caught.value)


def test_without_the_option_nothing_is_added() -> None:
    assert added(None) == (["features"], [])


def test_the_files_run_beside_ours_and_only_the_modules_of_steps_are_imported(team: Path) -> None:
    path = list(sys.path)
    args, (module,) = added(team, below=team.name)
    assert args == ["features", str(team.resolve() / "house.feature")]
    assert module.__name__.endswith(".house")
    assert sys.path == path


def test_a_folder_without_feature_files_is_said(tmp_path: Path) -> None:
    assert "has no *.feature file in it" in refused(tmp_path)
    assert "has no *.feature file in it" in refused(tmp_path / "none")


def test_a_file_with_a_name_of_ours_is_refused(team: Path) -> None:
    (team / "house.feature").rename(team / "signin.feature")
    assert "signin.feature is a name of the specification's own" in refused(team)


def test_a_requirement_with_a_name_of_ours_is_refused(team: Path) -> None:
    (team / "house.feature").write_text(FEATURE.format(identity="idor-task-read-is-refused"), "utf-8")
    assert "@idor-task-read-is-refused is a requirement of the specification itself" in refused(team)


def test_one_requirement_in_two_files_is_refused(team: Path) -> None:
    (team / "yard.feature").write_text(FEATURE.format(identity="house-stands"), "utf-8")
    assert "@house-stands is in 2 files" in refused(team)


def test_a_feature_file_that_can_not_be_run_is_refused(team: Path) -> None:
    (team / "house.feature").write_text("Feature: House\n", "utf-8")
    assert "holds no scenario that would run" in refused(team)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("raise ValueError('oh')", "can't be imported: ValueError: oh."),
        ("import no_such_module_here", "can't be imported: ModuleNotFoundError"),
        ("def (", "can't be imported: SyntaxError"),
        ("def pytest_runtest_makereport(item): ...", "has the hook pytest_runtest_makereport"),
        ("import pytest\n@pytest.fixture\ndef world(): ...", "defines world again"),
    ],
)
def test_a_module_that_breaks_or_would_change_our_scenarios_is_refused(code: str, says: str, team: Path) -> None:
    (team / "steps" / "house.py").write_text(code, "utf-8")
    assert says in refused(team)


# --- the outcome ---

GOOD = Outcome(Conclusion.CONFORMANT, Exit.CONFORMANT)
BAD = Outcome(Conclusion.NOT_CONFORMANT, Exit.NOT_CONFORMANT, ("2 scenarios did not hold",))
BROKEN = Outcome(Conclusion.BROKEN, Exit.HARNESS_ERROR, ("1 ended in an error of the suite or the network",))


@pytest.mark.parametrize(
    ("outcome", "verdicts", "code", "more"),
    [
        (GOOD, [], Exit.CONFORMANT, 0),
        (GOOD, [Verdict.PASS], Exit.CONFORMANT, 0),
        (GOOD, [Verdict.PASS, Verdict.FAIL], Exit.NOT_CONFORMANT, 1),
        (GOOD, [Verdict.PASS, Verdict.ERROR], Exit.HARNESS_ERROR, 1),
        (BAD, [Verdict.PASS, Verdict.ERROR], Exit.NOT_CONFORMANT, 1),
        (BROKEN, [Verdict.FAIL], Exit.NOT_CONFORMANT, 1),
        (BAD, [Verdict.PASS], Exit.NOT_CONFORMANT, 0),
    ],
)
def test_own_failures_make_the_run_red_and_leave_the_conclusion(
    outcome: Outcome, verdicts: list[Verdict], code: Exit, more: int
) -> None:
    own = [result(verdict, f"house-{number}", is_own=True) for number, verdict in enumerate(verdicts)]
    found = with_own(outcome, own, Strictness())
    assert (found.conclusion, found.exit_code) == (outcome.conclusion, code)
    assert found.reasons[: len(outcome.reasons)] == outcome.reasons
    assert len(found.reasons) == len(outcome.reasons) + more
    assert all(reason.startswith("of your own features ") for reason in found.reasons[len(outcome.reasons) :])


def test_strictness_is_theirs_as_well() -> None:
    own = [result(Verdict.WARN, "house-a", is_own=True, level=Level.SHOULD)]
    assert with_own(GOOD, own, Strictness(warnings=True)).exit_code is Exit.NOT_CONFORMANT


def test_the_page_does_not_say_that_nothing_is_to_be_done() -> None:
    counts = OwnFeatures(expected=1, ran=1, verdicts={Verdict.FAIL: 1})
    changed: dict[str, Any] = {
        "own": counts,
        "exit_code": Exit.NOT_CONFORMANT,
        "conclusion": Conclusion.CONFORMANT,
    }
    source = report([result(Verdict.PASS), result(Verdict.FAIL, "house-a", is_own=True)], **changed)
    assert "your own features are what makes the run red" in view.next_step(source)

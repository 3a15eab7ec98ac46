"""A team's own features in a run: the same world, judge and report, and none of their other code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from harness.core.exits import Exit
from tests.support.limits import LIMIT_SECONDS
from tests.support.suite import ROOT, environment

FEATURE = """\
Feature: House rules

  @house-forbids-sniffing @must @low @functional
  Scenario Outline: <page> forbids browsers to guess its type
    Given Ann is signed in
    When an anonymous client asks for "<page>"
    Then the answer has the header "<header>"

    Examples:
      | page    | header                 |
      | /signin | x-content-type-options |
      | /signup | {header} |
"""
STEPS = """\
from pytest_bdd import parsers, then, when

from harness.core.findings import Unmet
from harness.scenario.world import Answer, World


@when(parsers.parse('an anonymous client asks for "{path}"'))
def asks(world: World, path: str) -> None:
    url = world.target.url("web", path)
    world.remember(Answer(world.deployment.client.send("an anonymous client", "GET", url)))


@then(parsers.parse('the answer has the header "{name}"'))
def has_header(world: World, name: str) -> None:
    if world.last().header(name) is None:
        raise Unmet(f"the header {name}", "there was none", [world.last()])
"""


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """A team's folder; what of it is not to be run leaves its name."""
    folder = tmp_path / "team"
    (folder / "checks" / "steps").mkdir(parents=True)
    (folder / "checks" / "steps" / "house.py").write_text(STEPS, "utf-8")
    mark = f"open({str(tmp_path / 'ran')!r}, 'a').write(__file__ + chr(10))\n"
    for place in (".", "checks", "checks/steps", "steps"):
        (folder / place).mkdir(exist_ok=True)
        for name in ("conftest.py", "__init__.py"):
            (folder / place / name).write_text(mark, "utf-8")
    (folder / "checks" / "other.py").write_text(mark, "utf-8")
    return folder


def judged(team: Path, header: str, *words: str) -> tuple[int, str, dict[str, Any]]:
    """Exit code, output and report of a run of a few of our scenarios and all of theirs."""
    (team / "checks" / "house.feature").write_text(FEATURE.format(header=header), "utf-8")
    chosen = ("-k", "house or test_a_wrong_password_opens", "-m", "not needs-browser")
    done = subprocess.run(
        [sys.executable, "-m", "auth_conformance", "run", "--features", "checks", *chosen, *words],
        cwd=team,
        env=environment({"PYTHONPATH": str(ROOT)}),
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    output = done.stdout + done.stderr
    assert not (team.parent / "ran").exists(), (team.parent / "ran").read_text("utf-8")
    return done.returncode, output, json.loads((team / "build" / "report" / "report.json").read_text("utf-8"))


def test_they_run_beside_ours_and_count_apart(team: Path) -> None:
    code, output, report = judged(team, "x-content-type-options")
    assert code == Exit.CONFORMANT, output
    assert "partial: 1 of 1 scenario apply to this deployment; expected 1, ran 1: 1 pass" in output
    assert "your own features: expected 2, ran 2: 2 pass" in output
    assert (report["expected"], report["ran"], report["verdicts"]["pass"]) == (1, 1, 1)
    assert {one["identity"]: one["is_own"] for one in report["results"]} == {
        "signin-wrong-password-refused": False,
        "house-forbids-sniffing": True,
    }


def test_one_that_does_not_hold_is_red_with_its_evidence_with_workers_too(team: Path) -> None:
    code, output, report = judged(team, "x-house", "-n", "2")
    assert code == Exit.NOT_CONFORMANT, output
    assert report["conclusion"] == "partial"
    assert report["reasons"] == ["of your own features 1 scenario did not hold"]
    assert (report["own"]["expected"], report["own"]["verdicts"]["fail"], report["verdicts"]["fail"]) == (2, 1, 0)
    (failed,) = [one for one in report["results"] if one["verdict"] == "fail"]
    assert failed["reason"] == "Expected the header x-house; but there was none."
    assert [one["kind"] for one in failed["artefacts"]] == ["repro"]
    assert (team / "build" / "report" / failed["artefacts"][0]["path"]).is_file()


def test_a_step_that_fits_a_sentence_of_ours_too_is_said_and_nothing_is_green(team: Path) -> None:
    again = "\n\n@when(parsers.parse('{who} signs out on her laptop'))\ndef out(world, who): ...\n"
    (team / "checks" / "steps" / "house.py").write_text(STEPS + again, "utf-8")
    code, output, report = judged(team, "x-house")
    assert code == Exit.HARNESS_ERROR, output
    assert "is ambiguous" in output
    assert report["conclusion"] == "broken"

"""The release gate of docs/ci.md: its scripts, run with a GitHub and a GitLab that answer as the test says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.cli.parser import command_line
from harness.core.verdict import Verdict
from harness.report.comment import render as comment
from harness.report.report_json import render
from tests.support.composite_action import Action
from tests.support.example_report import report, result
from tests.support.limits import LIMIT_SECONDS
from tests.support.suite import ROOT, environment

GUIDE = (ROOT / "docs" / "ci.md").read_text("utf-8")
HUB, LAB = (yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL))
STEPS: list[dict[str, Any]] = HUB["jobs"]["conformance"]["steps"]
COMMANDS = re.findall(r"(?:^ +|- |'|then |\|\| )(auth-conformance [a-z][^'\n|>]*)", GUIDE, re.MULTILINE)
GOOD, BAD = report([result(Verdict.PASS)]), report([result(Verdict.FAIL)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with the report of a run, and programs that stand for the service's."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "auth-conformance").symlink_to(Path(sys.executable).with_name("auth-conformance"))
    (tmp_path / "build" / "report").mkdir(parents=True)
    (tmp_path / "build" / "report" / "report.json").write_text(render(BAD), "utf-8")
    (tmp_path / "build" / "report" / "comment.md").write_text(comment(BAD), "utf-8")
    return tmp_path


def put(folder: Path, name: str, script: str) -> None:
    """A program of that name, on the PATH."""
    program = folder / "bin" / name
    program.write_text(f'#!/bin/sh\necho "$*" >>calls\n{script}\n', "utf-8")
    program.chmod(0o755)


def bash(folder: Path, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    given = {
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        **variables,
    }
    return subprocess.run(
        ("bash", "-e", "-c", script),
        cwd=folder,
        env=environment(given),
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )


def step(name: str) -> str:
    (script,) = [one["run"] for one in STEPS if one.get("name") == name]
    return str(script)


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_is_one_with_options_that_there_are(line: str) -> None:
    given, unknown = command_line().parse_known_args(line.split()[1:])
    assert given.command == line.split()[1]
    assert [word for word in unknown if not word.startswith("https://")] == []


def test_there_are_commands() -> None:
    assert {line.split()[1] for line in COMMANDS} == {"run", "compare", "waivers"}


def test_the_action_has_the_inputs_that_are_given() -> None:
    (used,) = [one for one in STEPS if one.get("uses", "").startswith("auth-conformance/")]
    assert set(used["with"]) <= set(Action(ROOT / "action.yml").content["inputs"])


@pytest.mark.parametrize(("before", "code"), [(GOOD, 1), (BAD, 0)], ids=["worse", "as before"])
def test_github_compares_with_the_last_run_on_main(folder: Path, before: Any, code: int) -> None:
    (folder / "last.json").write_text(render(before), "utf-8")
    put(folder, "gh", '[ "$2" = list ] && echo 4711 || { mkdir -p before && cp last.json before/report.json; }')
    got = bash(folder, step("Get the report of the last run on main"), GITHUB_WORKFLOW="Authentication")
    assert (got.returncode, got.stdout) == (0, ""), got.stderr
    listed, downloaded = (folder / "calls").read_text("utf-8").splitlines()
    assert "--workflow Authentication --branch main" in listed
    assert downloaded == "run download 4711 --name auth-conformance-report --dir before"
    compared = bash(folder, step("Compare"))
    assert compared.returncode == code, compared.stderr
    assert "isolation-read" in (folder / "summary.md").read_text("utf-8") or not code


@pytest.mark.parametrize("script", ['[ "$2" = list ] && echo 4711 || exit 1', "exit 0"])
def test_github_compares_nothing_where_there_is_no_report(folder: Path, script: str) -> None:
    put(folder, "gh", script)
    got = bash(folder, step("Get the report of the last run on main"), GITHUB_WORKFLOW="Authentication")
    assert (got.returncode, got.stdout[:10]) == (0, "::notice::"), got.stderr
    assert bash(folder, step("Compare")).returncode == 0


def test_github_comments_on_the_pull_request(folder: Path) -> None:
    put(folder, "gh", "")
    assert bash(folder, step("Comment"), GITHUB_REF_NAME="417/merge").returncode == 0
    words = "pr comment 417 --edit-last --create-if-none --body-file build/report/comment.md"
    assert (folder / "calls").read_text("utf-8") == f"{words}\n"


@pytest.mark.parametrize(
    ("before", "code"), [(GOOD, 1), (BAD, 0), (None, 0)], ids=["worse", "as before", "none before"]
)
def test_gitlab_compares_with_the_default_branch(folder: Path, before: Any, code: int) -> None:
    (folder / "last.json").write_text(render(before or GOOD), "utf-8")
    put(folder, "curl", "cp last.json before.json" if before else "exit 22")
    done = bash(folder, LAB["conformance"]["script"][1], CI_API_V4_URL="https://git.example.com/api/v4")
    assert done.returncode == code, done.stderr

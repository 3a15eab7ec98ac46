"""action.yml and the project's own workflows: nothing unpinned, and no input in the text of a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.composite_action import Action, expressions
from tests.support.suite import ROOT

ACTION = ROOT / "action.yml"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.y*ml"))
GUIDE = (ROOT / "docs" / "ci.md").read_text("utf-8")
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
USES = re.compile(r"^\s*(?:- )?uses: (.*)$", re.MULTILINE)


def workflow(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return content


def steps(path: Path) -> Iterator[dict[str, Any]]:
    """The steps of an action or of each job of a workflow."""
    content = workflow(path)
    yield from content.get("runs", {}).get("steps", [])
    for job in content.get("jobs", {}).values():
        yield from job.get("steps", [])


EVERY = pytest.mark.parametrize("path", [ACTION, *WORKFLOWS], ids=lambda path: path.name)


def test_there_are_workflows() -> None:
    assert WORKFLOWS


@EVERY
def test_what_others_wrote_is_pinned_by_its_commit_with_the_version_beside_it(path: Path) -> None:
    used = USES.findall(path.read_text("utf-8"))
    assert len(used) == sum("uses" in step for step in steps(path)) > 0
    assert [one for one in used if not (one == "./" or PINNED.fullmatch(one))] == []


@EVERY
def test_no_script_has_an_expression(path: Path) -> None:
    scripts = [step["run"] for step in steps(path) if "run" in step]
    assert scripts
    assert [script for script in scripts if "${{" in script] == []


def test_an_expression_in_a_script_would_be_found() -> None:
    assert expressions("echo ${{ inputs.url }}") == ["inputs.url"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_read_the_repository_and_no_more_unless_a_job_says_so(path: Path) -> None:
    assert workflow(path)["permissions"] == {"contents": "read"}
    checkouts = [step for step in steps(path) if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@EVERY
def test_versions_of_one_action_are_the_same_everywhere(path: Path) -> None:
    everywhere = [one for other in (ACTION, *WORKFLOWS) for one in USES.findall(other.read_text("utf-8"))]
    by_name = {one.partition("@")[0]: one for one in everywhere}
    assert [one for one in USES.findall(path.read_text("utf-8")) if by_name[one.partition("@")[0]] != one] == []


def test_every_input_and_output_is_used_and_explained() -> None:
    action, text = Action(ACTION), ACTION.read_text("utf-8")
    inputs = action.content["inputs"]
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(inputs)
    assert [name for name, one in inputs.items() if not one["description"].endswith(".")] == []
    assert [name for name in (*inputs, *action.content["outputs"]) if f"`{name}`" not in GUIDE] == []
    assert all(step["shell"] == "bash" for step in action.steps if "run" in step)


def test_uv_is_of_one_version_where_it_is_pinned() -> None:
    places = [ACTION, ROOT / "Dockerfile", *WORKFLOWS]
    versions = [re.findall(r"UV_VERSION[:=] ?([\d.]+)", path.read_text("utf-8")) for path in places]
    assert versions[0]
    assert versions[1]
    assert len({version for found in versions for version in found}) == 1


def test_the_list_of_accounts_is_no_part_of_the_artifact() -> None:
    (kept,) = [step for step in Action(ACTION).steps if "upload-artifact" in step.get("uses", "")]
    assert "!${{ inputs.report-dir }}/accounts.jsonl" in kept["with"]["path"].splitlines()

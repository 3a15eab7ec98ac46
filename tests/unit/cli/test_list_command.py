"""`auth-conformance list`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from harness.cli.main import main
from harness.core.exits import Exit
from harness.core.verdict import Level
from harness.specification.catalogue import Requirement, requirements


def listed(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """The identities that are listed with these words."""
    assert main(["list", *words, "--format", "json"]) == Exit.CONFORMANT
    return [one["identity"] for one in json.loads(capsys.readouterr().out)]


def test_everything_is_listed_flow_by_flow_within_a_hundred_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == Exit.CONFORMANT
    text = capsys.readouterr().out
    lines = text.splitlines()
    assert max(map(len, lines)) <= 100
    assert [line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "] == list(requirements())
    scenarios = sum(one.scenarios for one in requirements().values())
    assert lines[-1] == f"{len(requirements())} requirements, {scenarios} scenarios in all"
    flows = dict.fromkeys(one.feature for one in requirements().values())
    assert [line.partition(":")[0] for line in lines if re.match(r"\S+: \d+ requirements?, ", line)] == list(flows)
    assert {word for one in requirements().values() for word in one.sources} <= set(text.split())


def test_json_has_everything_that_is_known_of_a_requirement(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--format", "json"]) == Exit.CONFORMANT
    entries = json.loads(capsys.readouterr().out)
    counts = [entry.pop("scenarios") for entry in entries]
    assert [Requirement.model_validate(entry) for entry in entries] == list(requirements().values())
    assert counts == [one.scenarios for one in requirements().values()]


def test_markdown_is_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--format", "markdown", "--flow", "signin"]) == Exit.CONFORMANT
    lines = capsys.readouterr().out.splitlines()
    rows = [line for line in lines if line.startswith("| ")]
    assert len(rows) == 2 + len([one for one in requirements().values() if one.feature == "signin"])
    assert {row.replace(r"\|", "").count("|") for row in rows} == {10}
    assert "`signin-wrong-password-refused` | MUST | critical | core | signin | 1 |" in "\n".join(rows)


@pytest.mark.parametrize(
    ("words", "fits"),
    [
        (["--level", "should"], lambda one: one.level is Level.SHOULD),
        (["--flow", "isolation"], lambda one: one.feature == "isolation"),
        (["--core"], lambda one: one.core),
        (
            ["--core", "--level", "must", "--flow", "signin"],
            lambda one: one.core and one.level is Level.MUST and one.feature == "signin",
        ),
    ],
    ids=["level", "flow", "core", "all three"],
)
def test_a_part_can_be_asked_for(
    words: list[str], fits: Callable[[Requirement], bool], capsys: pytest.CaptureFixture[str]
) -> None:
    expected = [one.identity for one in requirements().values() if fits(one)]
    assert expected
    assert listed(capsys, *words) == expected


def test_what_nothing_fits_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    lacking = next(
        (level, flow)
        for level in Level
        for flow in {one.feature for one in requirements().values()}
        if not any((one.level, one.feature) == (level, flow) for one in requirements().values())
    )
    assert main(["list", "--level", lacking[0], "--flow", lacking[1]]) == Exit.NOTHING_SELECTED
    assert capsys.readouterr().err.startswith("auth-conformance list: none of the ")


def test_a_flow_that_there_is_not_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--flow", "sign-in"]) == Exit.USAGE
    assert capsys.readouterr().err.endswith('there is no flow "sign-in". Did you mean "signin"?\n')


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == Exit.CONFORMANT
    assert capsys.readouterr().out == "auth-conformance 0.1.0\n"

"""The command with a settings file and variables, in a folder of a team's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.core.exits import Exit
from harness.profile.loader import load_profile
from harness.profile.target import Target
from harness.reference.launch import reference_target
from tests.process.test_command import run
from tests.support.discovered_sites import site
from tests.support.local_server import serving

SECRET = "hunter2-is-no-password"
ONE = ("--", "-k", "signin-wrong-password-refused", "-q")


@pytest.fixture(scope="module")
def backend() -> Iterator[Target]:
    with reference_target(load_profile("reference"), "auto", None, {}) as (target, _):
        yield target


@pytest.fixture
def team(tmp_path: Path, backend: Target) -> Path:
    """A folder whose parent has settings, a profile and a target."""
    (tmp_path / "security").mkdir()
    (tmp_path / "security" / "auth.toml").write_text('extends = "reference"\n', "utf-8")
    (tmp_path / "auth-conformance.toml").write_text(
        'target = "security/auth.toml"\nthrottle-budget = 300\n'
        '[targets.staging]\nurl = "{env:STAGING}"\nreport-dir = "out"\nseed = 7\n',
        "utf-8",
    )
    (folder := tmp_path / "below").mkdir()
    return folder


def test_a_target_is_judged_by_its_name(team: Path, backend: Target) -> None:
    variables = {"STAGING": backend.web, "AUTH_CONFORMANCE_STRICT": "1"}
    ended = run(team, "staging", *ONE, env=variables)
    assert ended.code == Exit.CONFORMANT, ended.output
    said = "../auth-conformance.toml, target staging; environment: AUTH_CONFORMANCE_STRICT"
    assert f"settings: {said}" in ended.output
    report = json.loads((team.parent / "out" / "report.json").read_text("utf-8"))
    assert report["verdicts"]["pass"] == 1
    assert report["settings"]["taken"] == said
    assert report["settings"]["arguments"] == ["staging", *ONE]
    assert (report["settings"]["seed"], report["settings"]["strict"]) == (7, True)
    assert report["target"]["profile"] == "auth"
    page = (team.parent / "out" / "report.html").read_text("utf-8")
    assert "target staging; environment: AUTH_CONFORMANCE_STRICT" in page
    assert "auth-conformance run staging" in page


def test_workers_get_the_same_settings(team: Path, backend: Target) -> None:
    ended = run(team, "staging", *ONE, "-n", "2", env={"STAGING": backend.web})
    assert ended.code == Exit.CONFORMANT, ended.output
    report = json.loads((team.parent / "out" / "report.json").read_text("utf-8"))
    assert (report["verdicts"]["pass"], report["settings"]["seed"]) == (1, 7)


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_a_dry_run_sends_nothing_and_says_what_would_run(team: Path, workers: tuple[str, ...]) -> None:
    with serving(site({})) as web:
        words = ("staging", "--dry-run", "--", "-k", "signout", *workers)
        ended = run(team, *words, env={"STAGING": web.url})
        assert web.asked == []
    assert ended.code == Exit.CONFORMANT, ended.output
    assert f"plan for {web.url}, profile auth" in ended.output
    assert "signout-closes-further-routes: The profile declares no further route or resource." in ended.output
    assert " scenarios would run: about " in ended.output
    assert " passed" not in ended.output
    assert not (team.parent / "out" / "report.json").exists()


def test_a_dry_run_without_a_profile_says_that_it_would_have_to_look(tmp_path: Path) -> None:
    with serving(site({})) as web:
        ended = run(tmp_path, web.url, "--dry-run", "--", "-m", "core and not needs-browser")
        assert web.asked == []
    assert ended.code == Exit.CONFORMANT, ended.output
    assert "No profile is given: a run would have to look at the deployment first" in ended.output


def test_a_dry_run_refuses_what_a_run_refuses(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        'extends = "reference"\n[reach]\nheaders = { X-A = "{env:GATE}" }\n', "utf-8"
    )
    ended = run(tmp_path, "https://a.example", "--target", "mine.toml", "--dry-run")
    assert ended.code == Exit.USAGE, ended.output
    assert "GATE" in ended.output
    nothing = run(tmp_path, "--dry-run", "--", "-k", "no_such_scenario")
    assert nothing.code == Exit.NOTHING_SELECTED, nothing.output


WRONG = {
    "a misspelt variable": (
        {"AUTH_CONFORMANCE_STRCT": "1", "STAGING": "http://127.0.0.1:9"},
        "Did you mean AUTH_CONFORMANCE_STRICT?",
    ),
    "a wrong value": (
        {"AUTH_CONFORMANCE_MAX_WAIT": SECRET},
        "AUTH_CONFORMANCE_MAX_WAIT is not a number of seconds",
    ),
    "a password in an address": (
        {"STAGING": f"http://me:{SECRET}@127.0.0.1:9"},
        '"{env:STAGING}" is not a base URL',
    ),
    "a variable that is not set": (
        {},
        "targets.staging.url asks for the environment variable STAGING, which is not set",
    ),
}


@pytest.mark.parametrize(("variables", "said"), WRONG.values(), ids=list(WRONG))
def test_what_is_wrong_ends_before_anything_is_judged(team: Path, variables: dict[str, str], said: str) -> None:
    ended = run(team, "staging", *ONE, env=variables)
    assert ended.code == Exit.USAGE, ended.output
    assert said in ended.output
    assert SECRET not in ended.output
    assert "Traceback" not in ended.output


def test_an_error_of_pytest_names_our_command(tmp_path: Path) -> None:
    for words in (("-n", "many"), ("--maxfail=many",), ("-k",)):
        ended = run(tmp_path, *words)
        assert ended.code == Exit.USAGE, ended.output
        assert "pytest.main()" not in ended.output
        assert "auth-conformance run: error: argument" in ended.output

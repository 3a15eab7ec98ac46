"""Settings: the file and how it is found, the environment, targets, and which of them goes first."""

from __future__ import annotations

import json
import os
import re
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

import pytest

from harness.cli.commands import doctor, run
from harness.cli.main import main
from harness.cli.settings.file import find
from harness.cli.settings.variables import KNOWN, READ_ELSEWHERE
from harness.core.exits import Exit
from harness.pytest_plugin.flags import FLAGS, PREFIX, Flag
from harness.reference.postgres import IMAGE_VARIABLE
from harness.reference.postgres.cleanup import URL_VARIABLE
from tests.support.suite import ROOT

FILE = """\
target = "security/auth.toml"
throttle-budget = 300
strict = true
api-url = "https://api.example.com"

[targets.staging]
url = "https://staging.example.com"
throttle-budget = 60.5
auth-url = "https://auth.example.com"

[targets.preview]
url = "https://{env:PREVIEW_HOST}"
strict = false
"""
STAGING = "--base-url=https://staging.example.com"
SECRET = "hunter2-is-no-password"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder below one with settings, and an environment without any."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    (tmp_path / "auth-conformance.toml").write_text(FILE, "utf-8")
    folder = tmp_path / "below"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The options that pytest is given, of each run."""
    calls: list[list[str]] = []

    def run_pytest(options: Sequence[str], words: Sequence[str], cache: Path, settings: str = "") -> int:
        calls.append(sorted(options))
        return Exit.CONFORMANT

    monkeypatch.setattr(run, "run_pytest", run_pytest)
    return calls


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(words) == Exit.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    return err.removeprefix(f"auth-conformance {words[0]}: ")


def test_a_target_goes_before_the_file_and_the_command_line_before_all(
    handed: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    of_target = ["--auth-url=https://auth.example.com", STAGING]
    of_file = ["--api-url=https://api.example.com", "--strict", "--target=../security/auth.toml"]
    assert main(["run", "staging"]) == Exit.CONFORMANT
    assert handed.pop() == sorted([*of_target, *of_file, "--throttle-budget=60.5"])
    monkeypatch.setenv("AUTH_CONFORMANCE_THROTTLE_BUDGET", "7")
    main(["run", "staging"])
    assert handed.pop() == sorted([*of_target, *of_file, "--throttle-budget=7"])
    main(["run", "staging", "--throttle-budget", "8"])
    assert handed.pop() == sorted([*of_target, *of_file, "--throttle-budget", "8"])


def test_a_switch_that_the_file_turns_on_is_turned_off_by_a_target_or_the_environment(
    handed: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREVIEW_HOST", "preview.example.com")
    main(["run", "preview"])
    assert "--base-url=https://preview.example.com" in handed[0]
    assert "--strict" not in handed[0]
    monkeypatch.setenv("AUTH_CONFORMANCE_STRICT", "0")
    main(["run", "staging"])
    assert "--strict" not in handed[1]
    monkeypatch.setenv("AUTH_CONFORMANCE_STRICT", "yes")
    main(["run", "preview"])
    assert "--strict" in handed[2]


@pytest.mark.parametrize(
    "words",
    [
        ["staging", "-x"],
        ["-x", "staging"],
        ["--strict", "staging"],
        ["-k", "a", "staging"],
        ["--maxfail", "3", "staging"],
    ],
    ids=" ".join,
)
def test_a_target_is_found_among_the_words(words: list[str], handed: list[list[str]]) -> None:
    assert main(["run", *words]) == Exit.CONFORMANT
    assert STAGING in handed[0]
    assert "staging" not in handed[0]


@pytest.mark.parametrize("words", [["-k", "staging"], ["--junitxml", "staging"]], ids=" ".join)
def test_the_value_of_an_option_is_no_target(words: list[str], handed: list[list[str]]) -> None:
    assert main(["run", "https://a.example", *words]) == Exit.CONFORMANT
    assert "staging" in handed[0]
    assert STAGING not in handed[0]


def test_the_addresses_beside_a_url_are_not_those_of_another(
    handed: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["run", "https://other.example"])
    assert handed.pop() == sorted(
        [
            "--base-url",
            "https://other.example",
            "--strict",
            "--target=../security/auth.toml",
            "--throttle-budget=300",
        ]
    )
    monkeypatch.setenv("AUTH_CONFORMANCE_URL", "https://other.example")
    monkeypatch.setenv("AUTH_CONFORMANCE_API_URL", "https://api.other.example")
    main(["run"])
    assert {"--base-url=https://other.example", "--api-url=https://api.other.example"} <= set(handed[0])
    assert not [word for word in handed.pop() if word.startswith("--auth-url")]


def test_a_default_target_is_taken_where_nothing_names_a_deployment(
    here: Path, handed: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (here.parent / "auth-conformance.toml").write_text(f'default-target = "staging"\n{FILE}', "utf-8")
    main(["run"])
    assert STAGING in handed[0]
    main(["run", "https://other.example"])
    assert STAGING not in handed[1]
    monkeypatch.setenv("PREVIEW_HOST", "preview.example.com")
    monkeypatch.setenv("AUTH_CONFORMANCE_DEFAULT_TARGET", "preview")
    main(["run"])
    assert "--base-url=https://preview.example.com" in handed[2]


def test_it_is_said_what_was_taken_from_where(
    handed: list[list[str]], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTH_CONFORMANCE_MAX_WAIT", "9")
    monkeypatch.setenv("AUTH_CONFORMANCE_BROWSER", "/nowhere")
    main(["run", "staging", "--throttle-budget=1"])
    said = "settings: ../auth-conformance.toml, target staging; environment: AUTH_CONFORMANCE_MAX_WAIT\n"
    assert capsys.readouterr().out == said
    main(["run", "--settings", "none"])
    assert capsys.readouterr().out == "settings: environment: AUTH_CONFORMANCE_MAX_WAIT\n"
    assert handed[-1] == ["--max-wait=9"]


# --- the file ---


def test_the_nearest_file_is_taken_and_a_pyproject_without_the_table_is_passed_over(here: Path) -> None:
    above = here.parent / "auth-conformance.toml"
    assert find(here) == above
    (here / "pyproject.toml").write_text('[project]\nname = "auth-conformance"\n', "utf-8")
    assert find(here) == above
    (here / "pyproject.toml").write_text("[tool.auth-conformance]\nstrict = true\n", "utf-8")
    assert find(here) == here / "pyproject.toml"
    (here / "auth-conformance.toml").touch()
    assert find(here) == here / "auth-conformance.toml"


def test_a_folder_where_everyone_may_leave_a_file_is_passed_over(here: Path) -> None:
    here.parent.chmod(0o1777)
    assert find(here) is None


def test_the_table_of_a_pyproject_is_read_with_its_own_lines(
    here: Path, handed: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    file = here / "pyproject.toml"
    file.write_text('[tool.auth-conformance.targets.one]\nurl = "https://one.example"\nca = "ca.pem"\n', "utf-8")
    main(["run", "one"])
    assert handed == [["--base-url=https://one.example", "--ca=ca.pem"]]
    capsys.readouterr()
    file.write_text("[project]\n\n[tool.auth-conformance]\nstrct = true\n", "utf-8")
    assert refused(capsys, "run") == 'pyproject.toml:4: the key "strct" is not known; write `strict = true`.\n'
    file.write_text("[tool.auth-conformance]\nstrict = \n", "utf-8")
    assert "pyproject.toml:2: this is not TOML" in refused(capsys, "run")


WRONG = {
    "throttle-bugdet = 3": 'the key "throttle-bugdet" is not known; write `throttle-budget = 3`.',
    'strict = "yes"': "strict takes true or false; write something like `strict = true`.",
    'postgres = "embeded"': 'write `postgres = "embedded"`.',
    'max-wait = "3"': "max-wait takes a number; write `max-wait = 3`.",
    "max-wait = -3": "max-wait = -3 is not a number of seconds up to a day; write it like `max-wait = 60`.",
    "page-limit = 0": "page-limit = 0 is not a number of seconds from 1 up to a day",
    "seed = -1": "seed = -1 is not a whole number",
    'listener = "here"': 'listener = "here" is not of the form HOST:PORT',
    'url = "localhost:3000"': 'url = "localhost:3000" is not a base URL',
    'reference-setting = ["A=b"]': "is not of the form REFERENCE_NAME=VALUE",
    'url = "https://a.example"\nbase-url = "https://a.example"': "url and base-url both name the deployment",
    'default-target = "stagin"\n[targets.staging]': '"stagin" is no target of this file. Did you mean "staging"?',
    "targets = 1": "targets takes tables such as `[targets.staging]`",
    "[targets]\nstaging = 1": "targets.staging is no table",
    '[targets."a b"]': "a target's name has letters, digits, - and _ alone.",
    '[targets.a]\nulr = "https://a.example"': 'the key "ulr" is not known; write `url = "https://a.example"`.',
    "strict = ": "this is not TOML",
}


@pytest.mark.parametrize(("text", "said"), WRONG.items(), ids=list(WRONG))
def test_what_is_wrong_in_a_file_is_one_line_with_its_place(
    text: str, said: str, here: Path, handed: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "auth-conformance.toml").write_text(text, "utf-8")
    err = refused(capsys, "run", "https://a.example")
    assert err.count("\n") == 1
    assert re.match(r"auth-conformance\.toml:\d+: ", err)
    assert said in err
    assert handed == []


def test_a_variable_in_the_file_matters_where_it_is_used(
    here: Path, handed: list[list[str]], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["run", "staging"]) == Exit.CONFORMANT
    capsys.readouterr()
    assert "asks for the environment variable PREVIEW_HOST, which is not set" in refused(capsys, "run", "preview")
    monkeypatch.setenv("PREVIEW_HOST", f"me:{SECRET}@preview.example.com")
    err = refused(capsys, "run", "preview")
    assert 'url = "https://{env:PREVIEW_HOST}" is not a base URL' in err
    assert SECRET not in err


def test_a_file_that_is_named_is_taken_or_refused(
    here: Path, handed: list[list[str]], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "other.toml").write_text("seed = 5\n", "utf-8")
    main(["run", "--settings", "other.toml"])
    monkeypatch.setenv("AUTH_CONFORMANCE_SETTINGS", "other.toml")
    main(["run"])
    assert handed == [["--seed=5"], ["--seed=5"]]
    capsys.readouterr()
    assert "the settings file nowhere.toml can't be read" in refused(capsys, "run", "--settings=nowhere.toml")


# --- which deployment is meant ---


def test_no_run_judges_the_reference_backend_where_a_target_may_be_meant(
    handed: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    err = refused(capsys, "run")
    assert (
        "has targets, and none is chosen: `auth-conformance run staging` or `auth-conformance run preview`" in err
    )
    assert handed == []


def test_a_target_that_is_not_there_is_answered_with_the_nearest(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("run", "doctor", "init", "cleanup"):
        err = refused(capsys, command, "stagin")
        assert err == '"stagin" is no target of ../auth-conformance.toml. Did you mean "staging"?\n'
    err = refused(capsys, "run", "stagin", "--settings", "none")
    assert '"stagin" is neither a URL' in err
    assert "nor a target: there is no settings file" in err


def test_a_target_with_the_name_of_a_folder_is_refused(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "staging").mkdir()
    assert '"staging" is here, and a target of' in refused(capsys, "run", "staging")


@pytest.mark.parametrize("command", ["doctor", "cleanup"])
def test_other_commands_say_what_is_missing(command: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "auth-conformance.toml").touch()
    assert "the following arguments are required: URL" in refused(capsys, command)
    assert "the following arguments are required: --target" in refused(capsys, command, "https://a.example")


def test_the_doctor_takes_what_it_knows_of_a_target(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Namespace] = []

    def examine(given: Namespace) -> int:
        seen.append(given)
        return Exit.CONFORMANT

    monkeypatch.setattr(doctor, "main", examine)
    assert main(["doctor", "staging", "--no-browser"]) == Exit.CONFORMANT
    (given,) = seen
    assert (given.url, given.target) == ("https://staging.example.com", "../security/auth.toml")
    assert (given.api_url, given.auth_url) == ("https://api.example.com", "https://auth.example.com")
    assert given.throttle_budget == 60.5


# --- the environment ---


@pytest.mark.parametrize("flag", FLAGS, ids=lambda flag: flag.variable)
def test_each_option_has_a_variable(flag: Flag, handed: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"switch": "1", "list": "REFERENCE_A=b", "url": "https://a.example", "listener": "127.0.0.1:0"}
    value = "embedded" if flag.name == "--postgres" else values.get(flag.kind, "9")
    monkeypatch.setenv(flag.variable, value)
    assert main(["run", "--settings", "none"]) == Exit.CONFORMANT
    expected = [flag.name] if flag.kind == "switch" else [f"{flag.name}={value}"]
    # What is read where it is needed is not handed on.
    assert handed == [[] if flag.variable in READ_ELSEWHERE.values() else expected]


BAD = {
    "AUTH_CONFORMANCE_MAX_WAIT": "is not a number of seconds up to a day; write it like",
    "AUTH_CONFORMANCE_STRICT": "is not 1 or 0, for on or off; write it like AUTH_CONFORMANCE_STRICT=1.",
    "AUTH_CONFORMANCE_API_URL": "is not a base URL",
    "AUTH_CONFORMANCE_POSTGRES": "is not one of auto, url, docker, embedded",
    "AUTH_CONFORMANCE_REFERENCE_SETTING": "is not of the form REFERENCE_NAME=VALUE",
    "AUTH_CONFORMANCE_SLOWMO": "is not a whole number of milliseconds",
}


@pytest.mark.parametrize(("name", "said"), BAD.items(), ids=list(BAD))
def test_a_wrong_value_is_reported_by_the_variable_and_not_shown(
    name: str, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, SECRET)
    err = refused(capsys, "run", "--settings", "none")
    assert err.startswith(f"the environment variable {name} {said}")
    assert SECRET not in err


def test_a_misspelt_variable_ends_the_command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, handed: list[list[str]]
) -> None:
    monkeypatch.setenv("AUTH_CONFORMANCE_REQUIRE_TESTD", "1")
    said = "no environment variable AUTH_CONFORMANCE_REQUIRE_TESTD. Did you mean AUTH_CONFORMANCE_REQUIRE_TESTED?"
    for command in ("run", "doctor", "init", "cleanup", "serve"):
        assert said in refused(capsys, command, "--settings", "none")
    assert handed == []


def test_a_variable_that_nothing_reads_is_a_warning_unless_the_profile_names_it(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, handed: list[list[str]]
) -> None:
    profile = here / "mine.toml"
    profile.write_text(
        'extends = "reference"\n[reach]\nheaders = { X-A = "{env:AUTH_CONFORMANCE_GATE}" }\n', "utf-8"
    )
    monkeypatch.setenv("AUTH_CONFORMANCE_GATE", SECRET)
    main(["run", "https://a.example", "--settings", "none"])
    out, err = capsys.readouterr()
    assert "AUTH_CONFORMANCE_GATE is not known" in err
    assert SECRET not in out + err
    main(["run", "https://a.example", "--settings", "none", "--target", "mine.toml"])
    assert capsys.readouterr().err == ""
    assert len(handed) == 2


def test_every_variable_that_the_project_reads_is_known() -> None:
    named = set()
    for folder in ("harness", "reference_backend", ".ci", "tests/support", "examples", "docs"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".toml", ".md", "") and path.is_file() and "node_modules" not in path.parts:
                named |= set(re.findall(r"AUTH_CONFORMANCE_[A-Z_]+[A-Z]", path.read_text("utf-8", "replace")))
    assert {IMAGE_VARIABLE, URL_VARIABLE} <= named
    assert named - set(KNOWN) == set()


def test_the_example_of_the_page_is_one(
    here: Path, handed: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (here / "auth-conformance.toml").write_text(example, "utf-8")
    monkeypatch.setenv("PREVIEW_HOST", "preview.example.com")
    assert main(["run"]) == main(["run", "preview"]) == Exit.CONFORMANT
    assert [STAGING in words for words in handed] == [True, False]
    assert json.dumps(handed[1]).count("strict") == 0

"""A command line that can't be carried out ends in one sentence and a red exit code, with and without workers."""

from pathlib import Path

import pytest

from harness.core.exits import Exit
from harness.core.processes import free_port
from tests.support.suite import run

SCENARIO = "features/signin.feature"
UNUSED = ["--base-url", "http://127.0.0.1:1"]
WORKERS = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
CASES = {
    "a misspelt profile": (
        [*UNUSED, "--target", "refrence"],
        'neither a file nor one of better-auth, reference. Did you mean "reference"?',
    ),
    "no URL": (
        ["--base-url", "localhost:3000", "--target", "reference"],
        '--base-url "localhost:3000" is not a base URL; write it like https://app.example.com.',
    ),
    "a profile without its URL": (
        ["--target", "better-auth"],
        '--target "better-auth" needs the --base-url where it runs.',
    ),
    "an API without its pages": (
        ["--api-url", "http://127.0.0.1:1"],
        "--api-url speaks of a deployment; give its --base-url as well.",
    ),
    "a seed that is no number": (
        ["--seed", "²"],
        '--seed "²" is not a whole number; give the one that an earlier run printed.',
    ),
    "a budget that is no number": (
        ["--throttle-budget", "lots"],
        '--throttle-budget "lots" is not a number of seconds; write it like --throttle-budget 60.',
    ),
    "a wait below zero": (
        ["--max-wait=-1"],
        '--max-wait "-1" is not a number of seconds; write it like --max-wait 60.',
    ),
    "an unknown Postgres": (["--postgres", "oracle"], "argument --postgres: invalid choice: 'oracle'"),
    "a Postgres by URL without one": (["--postgres", "url"], "--postgres url needs the URL of a server"),
    "a setting of nothing": (
        ["--reference-setting", "JWT_SECRET"],
        '--reference-setting "JWT_SECRET" is not of the form REFERENCE_NAME=VALUE.',
    ),
    "a setting of somebody else's server": (
        [*UNUSED, "--target", "reference", "--reference-setting", "REFERENCE_A=b"],
        "--reference-setting speaks of the reference backend; it means nothing with --base-url.",
    ),
    "a flag that is none": (["--base-ur1", "http://127.0.0.1:1"], "unrecognized arguments: --base-ur1"),
    "a folder for the messages": (
        ["--cucumber-messages", "features"],
        "is a folder, or lies in what is none; name",
    ),
    "a file for the history": (["--history", "README.md"], "is not a folder and can't become one; name"),
    "a file for the report": (["--report-dir", "README.md/report"], "is not a folder and can't become one; name"),
}


def _one_sentence(code: int, output: str, sentence: str) -> None:
    assert code == pytest.ExitCode.USAGE_ERROR, output
    assert [line for line in output.splitlines() if sentence in line], output
    assert "Traceback" not in output
    assert "INTERNALERROR" not in output
    assert " passed" not in output


@pytest.mark.parametrize(("words", "sentence"), CASES.values(), ids=list(CASES))
def test_what_can_not_be_carried_out_is_told(tmp_path: Path, words: list[str], sentence: str) -> None:
    ended = run(tmp_path, SCENARIO, "-q", *words)
    _one_sentence(ended.code, ended.output, sentence)
    assert not (tmp_path / "report.json").exists()


@WORKERS
def test_nobody_listening_is_told(tmp_path: Path, workers: tuple[str, ...]) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    ended = run(tmp_path, SCENARIO, "-q", *workers, "--base-url", url, "--target", "reference")
    assert ended.code == Exit.TARGET_UNUSABLE
    assert (
        f"The target can't be tested: {url} (--base-url) refuses connections: nothing listens there"
        in ended.output
    )
    assert "Traceback" not in ended.output


@WORKERS
def test_a_profile_that_is_wrong_is_told(tmp_path: Path, workers: tuple[str, ...]) -> None:
    profile = tmp_path / "mine.toml"
    profile.write_text('nmae = "mine"\n', "utf-8")
    ended = run(tmp_path, SCENARIO, "-q", *workers, *UNUSED, "--target", str(profile))
    _one_sentence(ended.code, ended.output, 'the key "nmae" is not known; write')


@WORKERS
def test_a_feature_file_that_is_wrong_is_told(tmp_path: Path, workers: tuple[str, ...]) -> None:
    feature = tmp_path / "wrong.feature"
    feature.write_text("Feature: A door\n\n  @a-door @must @high @cwe-287\n  Scenario: It opens\n", "utf-8")
    ended = run(tmp_path, str(feature), "-q", *workers, "--rootdir", ".", "-c", "pyproject.toml", "-p", "conftest")
    assert ended.code == Exit.HARNESS_ERROR, ended.output
    assert 'wrong.feature: the scenario "It opens" has no steps and would pass; write them.' in ended.output
    assert "Traceback" not in ended.output
    assert "INTERNALERROR" not in ended.output

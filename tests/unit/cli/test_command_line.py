"""The command line as a whole: help, what is misspelt, and what `run` hands to pytest."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

import pytest

from harness.cli.commands import run
from harness.cli.main import main
from harness.cli.parser import COMMANDS, command_line
from harness.core.exits import Exit
from harness.pytest_plugin.flags import FLAGS
from harness.results.waiver_file import CRITICAL_FLAG

A_PAGE = 70
"""Lines."""
Handed = list[tuple[list[str], list[str], Path]]


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> Handed:
    """What is handed to pytest: its options, the words as they were written, and the folder of `--lf`."""
    calls: Handed = []

    def run_pytest(options: Sequence[str], words: Sequence[str], cache: Path, settings: str = "") -> int:
        calls.append((list(options), list(words), cache))
        return Exit.CONFORMANT

    monkeypatch.setattr(run, "run_pytest", run_pytest)
    return calls


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == Exit.CONFORMANT
    text = capsys.readouterr().out
    assert text.startswith(f"usage: auth-conformance {command} ")
    (examples,) = re.findall(r"^examples?:\n((?:  auth-conformance .+\n)+)", text, re.MULTILINE)
    for line in examples.splitlines():
        words = shlex.split(line.partition(">")[0].partition(" -- ")[0])[1:]
        given, unknown = command_line().parse_known_args(words)
        assert given.command == command
        assert unknown in ([], words[1:2])


def test_the_help_of_a_run_is_a_page_with_every_option(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["run", "--help"]) == Exit.CONFORMANT
    text = capsys.readouterr().out
    assert len(text.splitlines()) <= A_PAGE
    assert [flag.name for flag in FLAGS if flag.name not in text] == []
    assert CRITICAL_FLAG in text
    assert "--pytest-help" in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "a command is missing: one of run, doctor, "),
        (["rnu"], 'Did you mean "run"?'),
        (["--versoin"], 'there is no option "--versoin". Did you mean "--version"?'),
        (["profile", "chek", "x"], 'Did you mean "check"?'),
        (["profile", "check"], "the following arguments are required: FILE"),
        (["profile", "check", "a.toml", "b.toml"], '"b.toml" is one word too many.'),
        (["init", "http://a.example", "--ouput=x"], 'there is no option "--ouput". Did you mean "--output"?'),
        (["list", "--level", "shoud"], 'Did you mean "should"?'),
        (["serve", "--postgres", "oracle"], "invalid choice: 'oracle'"),
        (["serve", "--reference-setting", "A=b"], '"A=b" is not of the form REFERENCE_NAME=VALUE.'),
        (["run", "--target"], "argument --target: expected one argument"),
        (["run", "https://a.example", "https://b.example"], '"https://b.example" is one URL too many'),
        (
            ["run", "https://a.example", "--base-url", "https://b.example"],
            '"https://a.example" is one URL too many',
        ),
    ],
    ids=" ".join,
)
def test_what_is_wrong_ends_in_one_sentence(
    words: list[str], said: str, handed: Handed, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == Exit.USAGE
    err = capsys.readouterr().err
    assert said in err.splitlines()[-1]
    assert re.match(r"auth-conformance( \w+)*: ", err.splitlines()[-1])
    assert handed == []


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ([], []),
        (["https://a.example", "--target", "x.toml"], ["--target", "x.toml", "--base-url", "https://a.example"]),
        (
            ["-k", "signin", "-n", "2", "https://a.example"],
            ["-k", "signin", "-n", "2", "--base-url", "https://a.example"],
        ),
        (
            ["--api-url", "https://a.example", "https://a.example"],
            ["--api-url", "https://a.example", "--base-url", "https://a.example"],
        ),
        (
            ["--base-url=https://a.example", "-x", "own.feature"],
            ["--base-url=https://a.example", "-x", "own.feature"],
        ),
        (["--max-wait", "-1", "--strict"], ["--max-wait", "-1", "--strict"]),
        (["--strict", "--", "-k", "signin", "-x"], ["--strict", "-k", "signin", "-x"]),
    ],
)
def test_pytest_gets_what_was_written_and_the_url_by_its_option(
    words: list[str], options: list[str], handed: Handed
) -> None:
    assert main(["run", *words]) == Exit.CONFORMANT
    ((given, written, _),) = handed
    assert given == options
    assert written == words


def test_what_failed_last_is_kept_beside_the_report(handed: Handed) -> None:
    main(["run", "--report-dir", "out", "--lf"])
    assert handed[0][2] == Path.cwd() / "out" / ".pytest_cache"

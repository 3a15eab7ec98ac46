"""`auth-conformance completion`: what it prints is read by a shell, and completes."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from harness.cli.main import main
from harness.cli.parser import COMMANDS, SHELLS
from harness.core.exits import Exit
from tests.support.limits import LIMIT_SECONDS

ASK = """\
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
COMP_LINE="$*"
COMP_POINT=${#COMP_LINE}
complete_with=$(complete -p auth-conformance)
[[ $complete_with =~ -F\\ ([^ ]+) ]]
"${BASH_REMATCH[1]}" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


def script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["completion", shell]) == Exit.CONFORMANT
    return capsys.readouterr().out


@pytest.fixture
def bash(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The script for bash, in a file."""
    (file := tmp_path / "completion.bash").write_text(script("bash", capsys), "utf-8")
    return file


def completed(bash: Path, *words: str) -> list[str]:
    """What bash offers for the last word."""
    done = subprocess.run(
        ["bash", "--norc", "-c", ASK, "bash", str(bash), "auth-conformance", *words],
        cwd=bash.parent,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("doc",), ["doctor"]),
        (("run", "--thr"), ["--throttle-budget"]),
        (("run", "--postgres", "em"), ["embedded"]),
        (("profile", "ch"), ["check"]),
        (("run", "--waivers", "known"), ["known.toml"]),
        (("nothing",), []),
    ],
    ids=str,
)
def test_bash_completes(words: tuple[str, ...], offered: list[str], bash: Path) -> None:
    (bash.parent / "known.toml").touch()
    assert completed(bash, *words) == offered


def test_bash_offers_every_command(bash: Path) -> None:
    assert set(COMMANDS) <= set(completed(bash, ""))


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_can_read_it(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = script(shell, capsys)
    assert "throttle-budget" in text
    if shutil.which(shell) is None:
        return
    done = subprocess.run(
        [shell, "-n"], input=text, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")

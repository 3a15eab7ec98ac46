"""`auth-conformance run` in a folder that is no checkout: the words that it takes, and the files that it runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from harness.core.exits import Exit
from tests.support.limits import LIMIT_SECONDS
from tests.support.suite import ROOT, Ended, environment

OWN = (ROOT / "features" / "signin.feature").read_text("utf-8")


def run(folder: Path, *words: str, env: dict[str, str] | None = None) -> Ended:
    done = subprocess.run(
        [sys.executable, "-m", "auth_conformance", "run", *words],
        cwd=folder,
        env=environment(env),
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    return Ended(done.returncode, done.stdout + done.stderr, folder)


WRONG = [
    (("--targt", "club.toml"), 'there is no option "--targt". Did you mean "--target"?'),
    (("--verbos",), 'there is no option "--verbos". Did you mean "--verbose"?'),
    (("--zzz",), 'there is no option "--zzz". `auth-conformance run --help` names them.'),
    (
        ("localhost:3000",),
        '"localhost:3000" is neither a URL, such as https://app.example.com, nor a feature file',
    ),
    (("test_own.py",), '"test_own.py" is neither a URL'),
    (("--pyargs", "club"), '"club" is neither a URL'),
    (("club",), '"club" is neither a URL, such as https://app.example.com, nor a feature file, nor a target'),
]


@pytest.mark.parametrize(("words", "said"), WRONG, ids=[" ".join(words) for words, _ in WRONG])
def test_a_word_that_can_not_be_used_is_answered(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    (tmp_path / "test_own.py").write_text("raise RuntimeError\n", "utf-8")
    ended = run(tmp_path, *words)
    assert ended.code == Exit.USAGE, ended.output
    assert [line for line in ended.output.splitlines() if said in line], ended.output
    assert "Traceback" not in ended.output


def test_an_option_of_all_runs_of_pytest_is_traced_to_where_it_stands(tmp_path: Path) -> None:
    ended = run(tmp_path, env={"PYTEST_ADDOPTS": "-q --cov=club"})
    assert ended.code == Exit.USAGE, ended.output
    assert 'there is no option "--cov", which stands in PYTEST_ADDOPTS.' in ended.output


def test_all_of_pytests_options_are_listed_on_demand(tmp_path: Path) -> None:
    ended = run(tmp_path, "--pytest-help")
    assert ended.code == Exit.CONFORMANT, ended.output
    assert "--numprocesses" in ended.output
    assert "--throttle-budget" in ended.output


def test_the_specification_is_what_runs_where_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / "own.feature").write_text(OWN, "utf-8")
    ended = run(tmp_path, "--collect-only", "-q")
    assert ended.code == Exit.CONFORMANT, ended.output
    flows = {line.partition("::")[0] for line in ended.output.splitlines() if "::" in line}
    assert {Path(flow).stem for flow in flows} == {path.stem for path in (ROOT / "features").glob("*.feature")}


def test_a_folder_that_is_named_is_taken_for_its_feature_files_alone(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    for name in ("__init__", "conftest", "test_own"):
        (folder / f"{name}.py").write_text("raise RuntimeError\n", "utf-8")
    (folder / "own.feature").write_text(OWN, "utf-8")
    ended = run(tmp_path, "own", "--collect-only", "-q")
    assert ended.code == Exit.CONFORMANT, ended.output
    files = {line.partition("::")[0] for line in ended.output.splitlines() if "::" in line}
    assert {Path(file).name for file in files} == {"own.feature"}

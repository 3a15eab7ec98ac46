"""What happens before the command line is read: where modules come from, and on which systems it goes on."""

from __future__ import annotations

import os
import sys

import pytest

from auth_conformance import __main__ as start
from harness.core.exits import Exit
from tests.support.suite import ROOT


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the command changes is as before after each test."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "argv", ["auth-conformance", "--version"])
    monkeypatch.setattr(os, "environ", dict(os.environ))


@pytest.mark.parametrize("inherited", ["", ".", f"one{os.pathsep}other"])
def test_the_suites_folder_comes_first_here_and_in_what_is_started(
    inherited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "PYTHONPATH", inherited)
    assert start.main() == Exit.CONFORMANT
    assert sys.path[0] == str(ROOT)
    assert os.environ["PYTHONPATH"] == (f"{ROOT}{os.pathsep}{inherited}" if inherited else str(ROOT))
    assert os.environ["PYTHONSAFEPATH"] == "1"


def test_windows_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert start.main() == Exit.USAGE
    assert capsys.readouterr().err == (
        "auth-conformance runs on Linux and macOS; on Windows run it in WSL or in a container.\n"
    )

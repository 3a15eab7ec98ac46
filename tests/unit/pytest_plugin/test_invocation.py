"""Ctrl-C ends a run with its exit code, wherever it hits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.core.exits import Exit
from harness.pytest_plugin.invocation import run_pytest


def interrupted() -> None:
    raise KeyboardInterrupt


def broken_over_it() -> None:
    try:
        interrupted()
    except KeyboardInterrupt:
        raise TypeError("unsupported operand type(s) for -: 'NoneType' and 'int'")  # noqa: B904 - as pytest does


@pytest.mark.parametrize("act", [interrupted, broken_over_it])
def test_an_interrupt_is_one_also_where_pytest_breaks_over_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], act: Callable[[], None]
) -> None:
    monkeypatch.setattr(pytest, "main", lambda *_, **__: act())
    assert run_pytest([], (), Path()) == Exit.INTERRUPTED
    assert capsys.readouterr().err == "auth-conformance: interrupted.\n"


def test_what_breaks_by_itself_is_no_interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise TypeError("broken")

    monkeypatch.setattr(pytest, "main", broken)
    with pytest.raises(TypeError, match="broken"):
        run_pytest([], (), Path())

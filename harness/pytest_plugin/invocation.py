"""Calls pytest for the command, with the words that the user wrote.

Imports nothing that pytest rewrites.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.core.exits import Exit
from harness.pytest_plugin.flags import USAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMAND = "auth-conformance run"
_HOME = Path(__file__).parents[2]
_SETTINGS = Path(__file__).with_name("command.ini")


@dataclass(frozen=True)
class CommandLine:
    """Given to pytest as a plugin: the words after the command's name."""

    words: tuple[str, ...]
    settings: str = ""
    """Where further options come from, in one line."""

    def pytest_addoption(self, parser: pytest.Parser) -> None:
        """Let pytest's own errors name the command that was called."""
        parser.prog = parser.optparser.prog = COMMAND
        parser.optparser.usage = f"{COMMAND} {USAGE}"


def run_pytest(options: Sequence[str], words: Sequence[str], cache: Path, settings: str = "") -> int:
    """Run pytest on the specification; returns its exit code.

    ``words`` are the options as the user wrote them, and ``settings`` says where further ones come from, for the
    report; ``cache`` is where `--lf` finds the last run.
    """
    own = ["-c", str(_SETTINGS), "--rootdir", str(_HOME), "-o", f"cache_dir={cache}"]
    try:
        return int(pytest.main([*own, *options], plugins=[CommandLine(tuple(words), settings)]))
    except BaseException as error:
        # Where Ctrl-C hits between two lines pytest can't say at which, and breaks over that.
        if not _began_with_an_interrupt(error):
            raise
        sys.stderr.write("auth-conformance: interrupted.\n")
        return Exit.INTERRUPTED


def _began_with_an_interrupt(error: BaseException) -> bool:
    met: BaseException | None = error
    while met is not None and not isinstance(met, KeyboardInterrupt):
        met = met.__cause__ or met.__context__
    return met is not None


def print_help() -> int:
    """Print every option of a run, pytest's included."""
    return run_pytest(["--help"], (), _HOME)


def words_of(config: pytest.Config) -> list[str]:
    """What the user wrote after the command's name."""
    given = _command_line(config)
    return list(given.words) if given is not None else [str(word) for word in config.invocation_params.args]


def settings_of(config: pytest.Config) -> str:
    """Where further options come from; empty where there are none."""
    given = _command_line(config)
    return given.settings if given is not None else ""


def _command_line(config: pytest.Config) -> CommandLine | None:
    return next((one for one in config.pluginmanager.get_plugins() if isinstance(one, CommandLine)), None)

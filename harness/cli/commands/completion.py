"""`auth-conformance completion`: what makes a shell complete the command."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

import shtab

from harness.cli.parser import command_line
from harness.core.exits import Exit

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

_FILES = ("FILE", "NAME|FILE", "JSON", "A.json", "B.json", "PATH")
_FOLDERS = ("DIR",)


def main(given: Namespace) -> int:
    """Print the script for a shell; returns the exit code."""
    parser = command_line()
    for action in _actions(parser):
        # shtab looks for this attribute.
        if action.metavar in _FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
        elif action.metavar in _FOLDERS:
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
    sys.stdout.write(shtab.complete(parser, given.shell))
    return Exit.CONFORMANT


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:  # noqa: SLF001 - argparse gives them no other name
        yield action
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for below in action.choices.values():
                yield from _actions(below)

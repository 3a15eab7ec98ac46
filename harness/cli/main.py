"""The command: reads the command line and calls what carries it out."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

from harness.cli.output import tolerant_output
from harness.cli.parser import COMMANDS, command_line
from harness.core.exits import Exit

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from harness.cli.parser import Parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command; returns the process's exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    with tolerant_output() as output:
        code = _carried_out(words)
    if output.lost is not None:
        sys.stderr.write(f"auth-conformance: not all output could be written: {output.lost}.\n")
        return code or Exit.HARNESS_ERROR
    return code


def _settled(parser: Parser, given: Namespace, words: Sequence[str]) -> Namespace:
    """The command line, completed by settings."""
    # Not before it is known that settings matter: reading them takes a while.
    from harness.cli.settings.completion import completed

    found = parser.parse_args(completed(given, words[1:]))
    if "url" in found and found.url is None:
        found.parser.require("URL")
    if "target" in found and found.target is None:
        found.parser.require("--target")
    return found


def _carried_out(words: Sequence[str]) -> int:
    parser = command_line()
    try:
        given, unknown = parser.parse_known_args(words)
        if unknown and given.command != "run":
            given.parser.refuse(unknown)
        if given.command is None:
            parser.error(f"a command is missing: one of {', '.join(COMMANDS)}.")
        if getattr(given, "settles", False):
            given = _settled(parser, given, words)
        given.words, given.unknown = words[1:], unknown
        # Not before it is asked for: some of them take a second.
        return int(importlib.import_module(given.module).main(given))
    except SystemExit as stop:
        return int(stop.code or 0)

"""`auth-conformance profile`: whether a profile can be used and what it declares, and its JSON Schema."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from harness.core.exits import Exit
from harness.core.text import counted
from harness.profile.custom import CustomError, load_custom
from harness.profile.declarations import declarations
from harness.profile.loader import ProfileError, chain_of, load_profile
from harness.profile.schema import schema_text


def main(words: Sequence[str]) -> int:
    """Carry out `profile check FILE` or `profile schema`; returns the exit code."""
    parser = argparse.ArgumentParser(prog="auth-conformance profile", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="check|schema")
    checking = commands.add_parser("check", help="say what is wrong with a profile, or what it declares")
    checking.add_argument("file", metavar="FILE", help="a profile, or the name of a built-in one")
    commands.add_parser("schema", help="print the JSON Schema of profiles, for editors")
    given = parser.parse_args(words)
    if given.command == "schema":
        sys.stdout.write(schema_text())
        return Exit.CONFORMANT
    return _check(given.file)


def _check(name_or_file: str) -> int:
    try:
        chain = chain_of(name_or_file)
        profile = load_profile(name_or_file)
        load_custom(profile.custom)
    except ProfileError as error:
        return _wrong(str(error))
    except CustomError as error:
        return _wrong(f"{chain.origin_of(('custom',))}: {error}")
    inherited = (
        f" (extends {', then '.join(source.origin for source in chain.sources[1:])})" if chain.extends else ""
    )
    sys.stdout.write(f"{chain.own.origin} can be used{inherited}.\n\n")
    for label, sentence in declarations(profile):
        sys.stdout.write(f"{label:<14} {sentence}\n")
    return Exit.CONFORMANT


def _wrong(messages: str) -> int:
    problems = counted(len(messages.splitlines()), "problem")
    sys.stderr.write(f"{messages}\n{problems}; the profile can't be used.\n")
    return Exit.USAGE

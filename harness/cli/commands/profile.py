"""`auth-conformance profile`: checks or shows a profile, or prints the JSON Schema."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from harness.core.exits import Exit
from harness.core.text import counted
from harness.profile.amounts import amounts_to
from harness.profile.custom import CustomError, load_custom
from harness.profile.declarations import declarations
from harness.profile.loader import ProfileError, chain_of, load_profile
from harness.profile.schema import schema_text

if TYPE_CHECKING:
    from argparse import Namespace


def main(given: Namespace) -> int:
    """Carry out `check FILE`, `show FILE` or `schema`; returns the exit code."""
    if given.action == "schema":
        sys.stdout.write(schema_text())
        return Exit.CONFORMANT
    return _show(given.file) if given.action == "show" else _check(given.file)


def _show(name_or_file: str) -> int:
    try:
        sys.stdout.write(amounts_to(chain_of(name_or_file)))
    except ProfileError as error:
        return _wrong(str(error))
    return Exit.CONFORMANT


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

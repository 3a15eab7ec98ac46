"""`auth-conformance run`: judges a deployment, by way of pytest."""

from __future__ import annotations

import re
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from harness.cli.announcement import announce
from harness.cli.settings.file import is_target_name
from harness.cli.settings.settled import Given, Settled, settle, value_of
from harness.cli.settings.values import SettingsError
from harness.core.paths import exists
from harness.pytest_plugin.flags import FLAGS
from harness.pytest_plugin.invocation import print_help, run_pytest

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_SWITCHES = re.compile(
    r"-[xvqsl]+|--(lf|last-failed|ff|failed-first|nf|new-first|sw|stepwise|co|collect-only|pdb|quiet|verbose)"
)
"""Options of pytest after which a word is not their value."""


def main(given: Namespace) -> int:
    """Run the specification; returns pytest's exit code."""
    if given.pytest_help:
        return print_help()
    words = [word for word in given.words if word != "--"]
    urls = [word for word in given.unknown if _URL.match(word)]
    if len(urls) > (given.base_url is None):
        given.parser.error(f'"{urls[-1]}" is one URL too many: a run judges one deployment.')
    target = _target_in(given.unknown)
    clashing = target if target is not None and exists(Path(target)) else None
    target = target if clashing is None else None
    for word in (*urls, *([target] if target is not None else [])):
        words.remove(word)
    words = _without_settings(words)
    words += [word for url in urls for word in ("--base-url", url)]
    try:
        settled = settle(FLAGS, Given(words, bool(urls) or given.base_url is not None, target, given.settings))
        _must_be_clear(settled, words, clashing)
    except SettingsError as error:
        given.parser.stop(error)
    for line in settled.warnings:
        announce(line)
    if settled.said:
        sys.stdout.write(f"{settled.said}\n")
        sys.stdout.flush()
    words = [*settled.words, *([f"--base-url={settled.url}"] if settled.url is not None else []), *words]
    folder = given.parser.parse_known_args(words)[0].report_dir
    return run_pytest(words, given.words, Path(folder, ".pytest_cache").resolve(), settled.said)


def _target_in(unknown: Sequence[str]) -> str | None:
    """The word that names a target, if any.

    It is no option's value, as far as can be seen, and nothing of that name is here.
    """
    for before, word in pairwise(["", *unknown]):
        is_value = before.startswith("-") and _SWITCHES.fullmatch(before) is None
        if is_target_name(word) and not is_value:
            return word
    return None


def _must_be_clear(settled: Settled, words: Sequence[str], clashing: str | None) -> None:
    """Raise SettingsError where it is not clear which deployment is meant."""
    if settled.file is None:
        return
    if clashing in settled.file.targets:
        raise SettingsError(
            f'"{clashing}" is here, and a target of {settled.file.shown} as well. Write ./{clashing} for what is '
            "here, or rename the target."
        )
    has_url = settled.url is not None or value_of("--base-url", words) is not None
    if not has_url and (unchosen := settled.file.unchosen("run")) is not None:
        raise SettingsError(f"{unchosen} `--settings none` judges the reference backend.")


def _without_settings(words: Sequence[str]) -> list[str]:
    """The words without ``--settings``, which pytest does not know."""
    kept: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--settings":
            next(rest, None)
        elif not word.startswith("--settings="):
            kept.append(word)
    return kept

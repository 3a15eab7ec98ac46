"""The command that runs scenarios of a report again."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from harness.report.document import Report
    from harness.results.result import Result

_WITH_VALUE = (
    *("-c", "-k", "-m", "-n", "-p", "--cucumber-messages", "--durations", "--history", "--maxfail"),
    *("--report-dir", "--seed"),
)
"""Options with a value that choose scenarios or have no influence on a verdict."""
_ALONE = ("--ff", "--failed-first", "--last-failed", "--lf", "--stepwise", "-q", "-qq", "-v", "-vv", "-x")
"""The same without a value."""


def run_again(report: Report, results: Iterable[Result]) -> str:
    """The command that judges the same deployment by these scenarios only.

    It has the same people. Without results it runs the whole specification.
    """
    words = [*_kept(report.settings.arguments), "--seed", str(report.settings.seed)]
    if identities := list(dict.fromkeys(result.identity for result in results)):
        words += ["-m", " or ".join(identities)]
    return shlex.join(["auth-conformance", "run", *words])


def _kept(arguments: list[str]) -> Iterator[str]:
    words = iter(arguments)
    for word in words:
        if word in _WITH_VALUE:
            next(words, None)
        elif not (_is_choice(word) or _names_features(word)):
            yield word


def _is_choice(word: str) -> bool:
    return word in _ALONE or word.partition("=")[0] in _WITH_VALUE


def _names_features(word: str) -> bool:
    path = word.partition("::")[0].rstrip("/")
    return not word.startswith("-") and (path.endswith(".feature") or path.rpartition("/")[2] == "features")

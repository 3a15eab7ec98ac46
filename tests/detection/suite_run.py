"""Runs the specification against a backend as a user would, and reads the report."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.cli.main import main
from harness.core.verdict import Verdict
from tests.detection.backend import Backend, clean_environment
from tests.detection.forks import FORKS, become
from tests.detection.scenarios import FEATURES, all_scenarios
from tests.support.limits import LIMIT_SECONDS

HTTP_SUITE = "not needs-browser"
BROWSER_SUITE = "needs-browser"
PAGE_LIMIT = "4"
"""Seconds; most faults of a page are that something never comes, and is waited for in vain."""


class SuiteError(Exception):
    """The specification did not run to its end; the message holds its last output."""


@dataclass(frozen=True)
class Finding:
    """One line of the report: a scenario (or one of its Examples rows), its verdict and the reason."""

    identity: str
    level: str
    title: str
    verdict: Verdict
    reason: str

    def __str__(self) -> str:
        return f"{self.verdict.value}: {self.title} ({self.identity}): {self.reason}"


@dataclass(frozen=True)
class SuiteRun:
    """A run that ended with a report: its exit code, and what the report says of each scenario."""

    code: int
    findings: list[Finding]


def run_suite(target: Backend, expression: str, folder: Path, profile: str = "") -> list[Finding]:
    """Run the scenarios that the marker expression chooses; returns what the report says of each.

    ``profile`` is TOML that is added to one which extends ``reference``. Raises SuiteError when there is no report
    of the run.
    """
    # The doctor would stop many a run; here it is the scenarios that have to notice.
    return run_whole_suite(target, expression, folder, profile, "--skip-doctor").findings


def run_whole_suite(target: Backend, expression: str, folder: Path, profile: str, *options: str) -> SuiteRun:
    """As `run_suite`, with further options, and the exit code."""
    report = folder / "report"
    words = ["run", target.url, *files_of(expression), "-m", expression, *options]
    words += ["--target", _profile(profile, folder), "--report-dir", str(report), "--page-limit", PAGE_LIMIT]
    output = folder / "output.txt"
    suite = FORKS.Process(target=_suite, args=(words, clean_environment(), target.environment, output))
    suite.start()
    suite.join(LIMIT_SECONDS)
    if suite.is_alive():
        suite.kill()
        suite.join()
        raise SuiteError(f"the suite had not ended after {LIMIT_SECONDS:.0f} s (-m {expression!r}).")
    if not (report / "report.json").exists():
        raise SuiteError(
            f"the suite wrote no report (-m {expression!r}, exit code {suite.exitcode}). Its last output:\n"
            + output.read_text("utf-8", "replace")[-3000:]
        )
    content = json.loads((report / "report.json").read_text("utf-8"))
    return SuiteRun(content["exit_code"], [_finding(entry) for entry in content["results"]])


def _profile(added: str, folder: Path) -> str:
    """The name of the built-in profile, or the path of one that extends it with the TOML."""
    if not added:
        return "reference"
    path = folder / "variant.toml"
    path.write_text('extends = "reference"\n' + added, "utf-8")
    return str(path)


def _suite(words: list[str], clean: dict[str, str], known: Mapping[str, str], output: Path) -> None:
    become({**clean, **known}, output)
    os.dup2(2, 1)
    sys.exit(main(words))


def _finding(entry: Mapping[str, str]) -> Finding:
    title = f"{entry['name']} [{entry['row']}]" if entry["row"] else entry["name"]
    return Finding(entry["identity"], entry["level"], title, Verdict(entry["verdict"]), entry["reason"])


def any_of(identities: Sequence[str]) -> str:
    """The marker expression for these scenarios."""
    return " or ".join(dict.fromkeys(identities))


def files_of(expression: str) -> list[str]:
    """The feature files that hold the scenarios of `any_of`; none for another expression."""
    known = all_scenarios()
    names = set(re.findall(r"[\w-]+", expression)) - {"or"}
    if not names <= known.keys():
        return []
    return sorted({str(FEATURES / f"{known[name].feature}.feature") for name in names})

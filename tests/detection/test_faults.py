"""Every fault turns the scenarios that it names red, for the right reason, and leaves the rest alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from harness.core.verdict import Verdict
from harness.reference.postgres import PostgresServer
from tests.detection.backend import backend
from tests.detection.faults.guessing import DECLARED, SHORT
from tests.detection.registry import EDDSA, HTTPS, Fault, all_faults
from tests.detection.suite_run import BROWSER_SUITE, HTTP_SUITE, Finding, any_of, run_suite

# Nobody but the backend can sign such a token, so its end is waited for.
SHORT_EDDSA = {**EDDSA, "REFERENCE_JWT_EXPIRES_IN": "8"}
SENTINEL = "session-names-its-owner"
"""Passes unless the backend is so broken that the verdicts mean nothing."""
RED = {"must": Verdict.FAIL, "should": Verdict.WARN, "may": Verdict.WARN}


@pytest.mark.parametrize(
    "fault", [pytest.param(fault, id=f"{fault.flow}-{name}") for name, fault in all_faults().items()]
)
def test_the_named_scenarios_turn_red(fault: Fault, server: PostgresServer, tmp_path: Path) -> None:
    with backend(server, fault.settings, tmp_path, fault) as faulty:
        results = run_suite(faulty, any_of([*fault.caught_by, *fault.spares, SENTINEL]), tmp_path, fault.profile)
    for identity in fault.caught_by:
        of_it = [result for result in results if result.identity == identity]
        red = [result for result in of_it if result.verdict is RED[result.level]]
        assert red, f"{identity} did not turn red with the fault {fault.name}:\n{_listing(of_it)}"
        told = [result for result in red if re.search(fault.says, result.reason)]
        assert told, f"no red {identity} says {fault.says!r}:\n{_listing(red)}"
    caught_at = {result.level for result in results if result.identity in fault.caught_by}
    assert fault.level in caught_at, f"{fault.name} is a {fault.level}, but only scenarios of {caught_at} catch it"
    for identity in {SENTINEL, *fault.spares} - {*fault.caught_by}:
        assert {result.verdict for result in results if result.identity == identity} == {Verdict.PASS}, _listing(
            results
        )


@pytest.mark.parametrize(
    ("settings", "expression"),
    [({}, HTTP_SUITE), (SHORT_EDDSA, HTTP_SUITE), (HTTPS, HTTP_SUITE), ({}, BROWSER_SUITE)],
    ids=["http", "eddsa", "https", "browser"],
)
def test_the_backend_without_faults_is_green(
    settings: Mapping[str, str], expression: str, server: PostgresServer, tmp_path: Path
) -> None:
    # A quarter of an hour, as the backend has it by itself, is not waited for.
    with backend(server, {**SHORT, **settings}, tmp_path, None) as sound:
        results = run_suite(sound, expression, tmp_path, DECLARED)
    assert Verdict.PASS in {result.verdict for result in results}
    others = [result for result in results if result.verdict not in (Verdict.PASS, Verdict.NOT_APPLICABLE)]
    assert not others, _listing(others)


def test_one_defect_does_not_cost_the_other_verdicts(server: PostgresServer, tmp_path: Path) -> None:
    """People that scenarios share are signed out by it again and again, and sign in again."""
    ruinous = all_faults()["sign-out-ends-everybodys-sessions"]
    with backend(server, ruinous.settings, tmp_path, ruinous) as faulty:
        results = run_suite(faulty, HTTP_SUITE, tmp_path)
    unjudged = [result for result in results if result.verdict is Verdict.NOT_TESTED]
    assert len(unjudged) <= len(results) * 0.1, _listing(unjudged)


def _listing(findings: list[Finding]) -> str:
    return "\n".join(map(str, findings)) or "it did not run"

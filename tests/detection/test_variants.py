"""Every correct variant leaves the scenarios that it names green, or not tested for the reason that it gives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.core.verdict import Verdict
from harness.reference.postgres import PostgresServer
from tests.detection.backend import backend
from tests.detection.catalogue import checked, entries
from tests.detection.scenarios import all_scenarios
from tests.detection.suite_run import Finding, any_of, run_suite
from tests.detection.variant_registry import Variant, all_variants, uncovered

INAPPLICABLE = {
    "page-guard-covers-every-address": "No page names the id of a build",
    "csrf-simple-request-changes-nothing": "declares no refresh token in a cookie",
    "session-values-cannot-be-guessed": "The access token is a JWT",
    "session-values-have-128-random-bits": "The access token is a JWT",
    "isolation-user-id-is-compared-exactly": "The ids are UUIDs",
}
"""Rows that do not apply to the reference backend as it is, with what their reason says."""


@pytest.mark.parametrize(
    "variant", [pytest.param(variant, id=f"{variant.flow}-{name}") for name, variant in all_variants().items()]
)
def test_the_named_scenarios_do_not_turn_red(variant: Variant, server: PostgresServer, tmp_path: Path) -> None:
    with backend(server, variant.settings, tmp_path, variant) as unusual:
        results = run_suite(unusual, any_of(variant.named), tmp_path, variant.profile)
    wrong = unexpected(variant, results)
    assert not wrong, "\n".join(wrong)


def unexpected(variant: Variant, results: list[Finding]) -> list[str]:
    """What is otherwise than the variant says, a line each; of what it doesn't name nothing may be red."""
    told = [
        (Verdict.NOT_TESTED, variant.not_tested),
        (Verdict.NOT_APPLICABLE, variant.not_applicable),
        (Verdict.WARN, variant.warns),
    ]
    lines = []
    for identity in variant.named:
        of_it = [result for result in results if result.identity == identity and not _is_inapplicable(result)]
        said = [(verdict, reasons[identity]) for verdict, reasons in told if identity in reasons]
        if not of_it:
            lines.append(f"{identity} did not run")
        elif not said:
            lines += [str(result) for result in of_it if result.verdict is not Verdict.PASS]
        else:
            # Of a scenario's rows one may pass where others can't be judged.
            verdict, reason = said[0]
            lines += [str(result) for result in of_it if result.verdict not in (Verdict.PASS, verdict)]
            if not any(result.verdict is verdict and re.search(reason, result.reason) for result in of_it):
                lines.append(f"{identity} is not {verdict.value} with {reason!r}: {'; '.join(map(str, of_it))}")
    red = (Verdict.FAIL, Verdict.WARN, Verdict.ERROR)
    lines += [str(one) for one in results if one.verdict in red and one.identity not in variant.named]
    return lines


def _is_inapplicable(result: Finding) -> bool:
    reason = INAPPLICABLE.get(result.identity)
    return reason is not None and result.verdict is Verdict.NOT_APPLICABLE and reason in result.reason


def test_every_scenario_that_a_variant_names_exists() -> None:
    unknown = {
        variant.name: sorted(set(variant.named) - all_scenarios().keys()) for variant in all_variants().values()
    }
    assert not {name: identities for name, identities in unknown.items() if identities}


def test_every_variant_quotes_the_catalogue() -> None:
    quotable = {entry["id"]: entry["never_fail_on"] for entry in entries()}
    wrong = [
        f"{variant.name}: {entry}: {words}"
        for variant in all_variants().values()
        for entry, words in variant.never_fail_on.items()
        if words not in quotable.get(entry, "")
    ]
    assert not wrong, "never_fail_on of the catalogue does not hold these words"


def test_every_entry_that_a_scenario_carries_has_a_variant_or_a_reason() -> None:
    carried = checked().keys()
    shown = {entry for variant in all_variants().values() for entry in variant.never_fail_on}
    reasons = uncovered()
    assert not sorted(carried - shown - reasons.keys()), (
        "write a variant, or the reason in variants/uncovered.toml"
    )
    assert not sorted(reasons.keys() & shown), "these have a variant, so take the reason out of uncovered.toml"
    assert not sorted(reasons.keys() - carried), "no scenario carries these"

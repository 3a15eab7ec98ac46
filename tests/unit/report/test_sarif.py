"""report.sarif: valid against the schema of SARIF 2.1.0, and what code scanning makes alerts of.

The schema beside this file is sarif-2.1.0-rtm.5.json of the npm package @microsoft/jest-sarif 1.0.0-beta.0 (MIT).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from harness.core.exits import Exit
from harness.core.verdict import Conclusion, Level, Severity, Strictness, Verdict
from harness.report.document import Report
from harness.report.markup import plain
from harness.report.sarif import SPECIFICATION, render
from harness.results.result import Place, Result
from harness.specification.catalogue import requirements
from tests.support.example_report import FIX, WHY, every_verdict, report, result, stale
from tests.support.suite import ROOT

SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0.schema.json").read_text("utf-8"))
KEY = "isolation-list [how: from the second page]"


def run_of(rendered: Report) -> dict[str, Any]:
    """The document's one run; the document is valid."""
    document = json.loads(render(rendered))
    jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(document)
    assert document["version"] == "2.1.0"
    (only,) = document["runs"]
    return dict(only)


def of_catalogue(verdict: Verdict) -> list[Result]:
    """A result of that verdict for each requirement and row of the specification."""
    return [
        result(
            verdict,
            row=row,
            **one.model_dump(include={"identity", "level", "severity", "feature", "line", "sources"}),
        )
        for one in requirements().values()
        for row in one.rows or [""]
    ]


def test_what_did_not_hold_is_a_result_and_nothing_else_is() -> None:
    results = run_of(report())["results"]
    assert [(one["ruleId"], one["level"]) for one in results] == [
        ("isolation-read", "error"),
        ("isolation-list", "error"),
        ("browser-signout", "error"),
        ("signin-alike", "warning"),
        ("signin-slow", "warning"),
    ]
    failure = results[1]
    assert failure["message"]["text"] == every_verdict()[1].reason
    assert failure["properties"]["scenario"] == "features/isolation.feature:11"
    assert failure["partialFingerprints"]["requirement/v1"] == KEY


def place_of(one: Result) -> dict[str, Any]:
    """The one place of a result."""
    (location,) = run_of(report([one]))["results"][0]["locations"]
    assert location["logicalLocations"][0]["fullyQualifiedName"] == one.key
    return dict(location["physicalLocation"])


def test_a_result_is_in_the_users_profile_where_that_is_in_the_repository() -> None:
    declared = Place(file="security/club one.toml", line=7)
    place = place_of(result(Verdict.FAIL, declared=declared))
    assert place == {"artifactLocation": {"uri": "security/club%20one.toml"}, "region": {"startLine": 7}}


def test_it_is_else_at_the_page_of_the_specification_which_each_rule_links_to() -> None:
    identity = next(iter(requirements()))
    place = place_of(result(Verdict.FAIL, identity))
    # Code scanning rejects the whole file where one of its locations has a scheme.
    assert place == {"artifactLocation": {"uri": SPECIFICATION}, "region": {"startLine": 1}}
    both = run_of(report([result(Verdict.FAIL, identity), result(Verdict.FAIL, "a-made-up-one")]))
    rules = both["tool"]["driver"]["rules"]
    assert [rule.get("helpUri") for rule in rules] == [f"https://{SPECIFICATION}#{identity}", None]
    page = SPECIFICATION.partition("/blob/main/")[2]
    assert f'<a id="{identity}"></a>' in (ROOT / page).read_text("utf-8")


def test_fingerprints_do_not_change_with_the_place() -> None:
    prints = [
        run_of(report([result(Verdict.FAIL, declared=place)]))["results"][0]["partialFingerprints"]
        for place in (None, Place(file="a.toml", line=1), Place(file="b.toml", line=2))
    ]
    assert prints[0] == prints[1] == prints[2]


def test_a_waived_finding_is_suppressed_and_says_by_whom() -> None:
    suppressed = [one for one in run_of(report())["results"] if "suppressions" in one]
    assert [one["ruleId"] for one in suppressed] == ["signin-slow"]
    (suppression,) = suppressed[0]["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert "until 2027-01-31 by Accounts (https://issues.example.com/417)" in suppression["justification"]


def test_an_error_is_a_notification_of_a_run_that_did_not_succeed() -> None:
    (invocation,) = run_of(report())["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 1
    assert invocation["startTimeUtc"] == "2026-11-26T17:58:00.065Z"
    assert invocation["endTimeUtc"] == "2026-11-26T18:00:14.265Z"
    told = [(one["level"], one["associatedRule"]["id"]) for one in invocation["toolExecutionNotifications"]]
    untested = [("note", name) for name in ("token-claims", "token-kind", "token-late")]
    assert told == [("error", "token-broken"), *untested]
    (notice,) = invocation["toolConfigurationNotifications"]
    assert notice["message"]["text"] == "the waiver of signin-slow expires on 2027-01-31"


@pytest.mark.parametrize(
    ("rendered", "successful"),
    [
        (report([result(Verdict.PASS)]), True),
        (report([result(Verdict.FAIL)]), True),
        (stale(), True),
        (report([result(Verdict.PASS)], exit_code=Exit.INTERRUPTED, conclusion=Conclusion.PARTIAL), False),
        (report([result(Verdict.PASS)], exit_code=Exit.HARNESS_ERROR, conclusion=Conclusion.BROKEN), False),
    ],
    ids=["conformant", "a failure", "a stale waiver", "interrupted", "broken"],
)
def test_a_finding_is_no_failure_of_the_tool(rendered: Report, successful: bool) -> None:
    (invocation,) = run_of(rendered)["invocations"]
    assert invocation["executionSuccessful"] is successful
    assert invocation["exitCode"] == rendered.exit_code
    assert invocation["exitCodeDescription"] == ("; ".join(rendered.reasons) or rendered.conclusion)


def test_a_rule_says_what_is_demanded_by_whom_and_how_bad_it_is() -> None:
    run = run_of(report())
    rules = run["tool"]["driver"]["rules"]
    assert [rules[one["ruleIndex"]]["id"] for one in run["results"]] == [one["ruleId"] for one in run["results"]]
    rule = next(one for one in rules if one["id"] == "signin-slow")
    assert rule["shortDescription"]["text"] == "The requirement signin-slow"
    assert rule["defaultConfiguration"] == {"level": "warning"}
    assert {"security", "browser-signin", "asvs-8.2.2", "cwe-639", "external/cwe/cwe-639"} <= set(
        rule["properties"]["tags"]
    )
    assert "- [CWE-639](https://cwe.mitre.org/data/definitions/639.html)" in rule["help"]["markdown"]


def test_the_run_says_which_specification_it_is_of() -> None:
    assert run_of(report())["properties"]["specification"] == "1.4"


def test_a_rule_explains_why_it_matters_and_how_to_fix_it() -> None:
    (rule,) = run_of(report([result(Verdict.FAIL, "a-made-up-one")]))["tool"]["driver"]["rules"]
    assert f"Why it matters: {WHY}\nHow to fix it: {FIX}\n" in rule["help"]["text"]
    assert (
        f"**Why it matters:** {plain(WHY)}\n\n**How to fix it:** {plain(FIX)}\n\n- [" in rule["help"]["markdown"]
    )
    assert WHY in rule["fullDescription"]["text"]
    assert len(rule["fullDescription"]["text"]) <= 1024
    own = result(Verdict.FAIL, "a-made-up-one", why="", fix="")
    (rule,) = run_of(report([own]))["tool"]["driver"]["rules"]
    assert "matters" not in rule["help"]["text"]
    assert rule["fullDescription"]["text"].startswith("The requirement a-made-up-one. MUST, ")


def test_the_score_is_in_the_range_of_its_word() -> None:
    # As code scanning reads it: over 9.0 critical, from 7.0 high, from 4.0 medium, below low.
    ranges = {
        Severity.CRITICAL: (9.1, 10.0),
        Severity.HIGH: (7.0, 8.9),
        Severity.MEDIUM: (4.0, 6.9),
        Severity.LOW: (0.1, 3.9),
    }
    for severity, (least, most) in ranges.items():
        (rule,) = run_of(report([result(Verdict.FAIL, identity="a-made-up-one", severity=severity)]))["tool"][
            "driver"
        ]["rules"]
        assert least <= float(rule["properties"]["security-severity"]) <= most


def test_an_outline_is_one_rule_with_its_columns_in_the_name() -> None:
    outline = next(one for one in requirements().values() if len(one.rows) > 1 and "<" in one.name)
    rows = [result(Verdict.FAIL, identity=outline.identity, row=row, name="of a row") for row in outline.rows]
    run = run_of(report(rows))
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["shortDescription"]["text"] == outline.name
    prints = {one["partialFingerprints"]["primaryLocationLineHash"] for one in run["results"]}
    assert len(prints) == len(outline.rows)


def test_fingerprints_do_not_change_with_what_came() -> None:
    one, other = (
        run_of(report([result(Verdict.FAIL, reason=reason, line=line, seconds=seconds)]))["results"][0]
        for reason, line, seconds in (("status 200", 12, 0.1), ("status 500", 99, 7.0))
    )
    assert one["partialFingerprints"] == other["partialFingerprints"]


def test_the_words_of_a_deployment_are_no_link() -> None:
    (found,) = run_of(report([result(Verdict.FAIL, reason="it said [here](https://evil.invalid)")]))["results"]
    assert found["message"]["text"] == "it said [here] (https://evil.invalid)"


def test_what_had_to_be_tested_is_a_warning() -> None:
    (invocation,) = run_of(report(strictness=Strictness(untested=True)))["invocations"]
    assert [one["level"] for one in invocation["toolExecutionNotifications"]] == ["error", *["warning"] * 3]


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.WAIVED])
def test_the_whole_specification_is_within_what_code_scanning_takes(verdict: Verdict) -> None:
    rendered = report(of_catalogue(verdict))
    run = run_of(rendered)
    rules = run["tool"]["driver"]["rules"]
    assert len(rules) == len(requirements())
    assert len(run["results"]) == len(rendered.results) <= 5000
    assert max(len(rule["properties"]["tags"]) for rule in rules) <= 20
    assert max(len(rule["fullDescription"]["text"]) for rule in rules) <= 1024
    assert all("How to fix it: " in rule["help"]["text"] for rule in rules)
    assert len(render(rendered).encode()) < 10_000_000
    assert len({one["partialFingerprints"]["primaryLocationLineHash"] for one in run["results"]}) == len(
        run["results"]
    )
    levels = {
        one.identity: {Level.MUST: "error", Level.SHOULD: "warning", Level.MAY: "note"}[one.level]
        for one in requirements().values()
    }
    assert {rule["id"]: rule["defaultConfiguration"]["level"] for rule in rules} == levels

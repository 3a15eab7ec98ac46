"""The report as text for the terminal."""

from __future__ import annotations

from harness.core.verdict import Verdict
from harness.report.causes import causes
from harness.report.text import by_cause, costs, finding_text, one_cause, verdict_sentence, waiver_text
from harness.results.result import Artefact
from tests.support.example_report import CAME, EXPECTED, FIX, NO_SECRET, REMEDY, WAIVED, exchange, report, result

REASON = f"Expected {EXPECTED}; but {CAME}."


def test_a_finding_has_what_decides_it_and_where_its_files_are() -> None:
    files = [Artefact(kind="repro", path="evidence/repro.sh", about="Reproduce with curl")]
    plain = exchange(url="https://tasks.example.com/api/tasks/7", headers=[], body="{}", decides=True)
    found = result(Verdict.FAIL, exchanges=[exchange(status=204), plain], artefacts=files)
    assert finding_text(found, "build/report/").splitlines() == [
        "FAIL: The requirement isolation-read",
        "  MUST, high: isolation-read (asvs-8.2.2, cwe-639, rfc9110-15.5.4, wstg-athz-04)",
        "  at the step: Then it is refused",
        f"  {REASON}",
        f"  to fix it: {FIX}",
        "",
        "  > GET https://tasks.example.com/api/tasks/7    (Bob)",
        "  >   Authorization: Bearer <access token>",
        "  < 200    (12 ms)",
        "  <   {}",
        "",
        "  Reproduce with curl: build/report/evidence/repro.sh",
    ]


def test_only_what_did_not_hold_says_how_to_fix_it() -> None:
    said = {verdict for verdict in Verdict if FIX in finding_text(result(verdict))}
    assert said == {Verdict.FAIL, Verdict.WARN, Verdict.WAIVED}
    assert "to fix it" not in finding_text(result(Verdict.FAIL, why="", fix=""))


def test_an_error_ends_with_its_traceback() -> None:
    assert finding_text(result(Verdict.ERROR)).endswith("\n\nsteps/x.py:7: ReadTimeout")


def test_a_waived_finding_says_by_whom_until_when() -> None:
    said = "waived until 2027-01-31 by Accounts (https://issues.example.com/417), The new form ships in January"
    assert waiver_text(WAIVED) == said
    assert verdict_sentence(result(Verdict.WAIVED)) == f"{said}: {REASON}"
    assert (
        verdict_sentence(result(Verdict.NOT_TESTED, reason="No\n secret.")) == "not tested (missing): No secret."
    )


def test_results_of_one_reason_are_one_line() -> None:
    rows = [result(Verdict.WARN, "signin-alike", row=f"way: {way}", reason="It tells.") for way in ("a", "b")]
    untested = [result(Verdict.NOT_TESTED, f"token-{number}") for number in range(4)]
    others = [*untested, result(Verdict.NOT_APPLICABLE, "is-https", reason="It is http.")]
    assert by_cause(causes([*rows, *others])) == [
        "warn: 2 rows of signin-alike: It tells.",
        f"not tested (missing): 4 scenarios (token-0, token-1, token-2, ...): {NO_SECRET} {REMEDY}",
        "not applicable: The requirement is-https (is-https): It is http.",
    ]


def test_one_cause_is_named_where_it_stopped_most_of_the_run() -> None:
    untested = [result(Verdict.NOT_TESTED, f"token-{number}", reason="No secret.") for number in range(3)]
    passes = [result(Verdict.PASS, f"task-{number}") for number in range(3)]
    assert one_cause([*untested, *passes], 6) is None
    assert one_cause([*untested, *passes[1:]], 5) == (
        "3 of 5 scenarios could not be judged for one reason: No secret"
    )
    assert one_cause([], 0) is None
    assert one_cause(untested[:1], 1) is None


def test_costs_are_named_where_there_are_any() -> None:
    file = "build/report/accounts.jsonl"
    assert costs(report(throttled=0.4), 0, journal=file, can_delete=False) == []
    assert costs(report(throttled=61.0), 0, journal=file, can_delete=False) == [
        "waited 61 s in all because the deployment throttles"
    ]
    [one] = costs(report(throttled=0.0), 1, journal=file, can_delete=False)
    assert one == (
        "up to 1 account stays behind: the profile declares no operations.delete_user. "
        "Delete what build/report/accounts.jsonl lists"
    )
    [two] = costs(report(throttled=0.0), 2, journal=file, can_delete=True)
    assert two == (
        "up to 2 accounts stay behind: auth-conformance cleanup tries again to delete what "
        "build/report/accounts.jsonl lists"
    )

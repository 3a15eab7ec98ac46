"""The plan of a run: what applies, in whose words, and what it costs."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from harness.cli.main import main
from harness.core.errors import Absent
from harness.core.exits import Exit
from harness.core.verdict import Verdict
from harness.profile import capabilities
from harness.profile.loader import load_profile
from harness.profile.target import Target
from harness.report import plan
from harness.report.figures import figures_text
from harness.report.report_json import ReportError
from harness.specification.catalogue import requirements, specified
from harness.specification.figures import FILE, Figures, figures
from tests.support.example_report import report, result

HTTP = "http://127.0.0.1"
ELSEWHERE = {True: Verdict.PASS, False: Verdict.NOT_APPLICABLE}
REFERENCE = Target(load_profile("reference"), HTTP, HTTP)


def candidate(identity: str, *needs: str, flow: str = "signin") -> plan.Candidate:
    return plan.Candidate(flow, identity, "", needs)


def test_every_scenario_of_the_specification_is_in_the_plan_with_the_reason_of_a_run() -> None:
    selected = plan.specification()
    found = plan.plan_for(selected, REFERENCE, "here")
    assert found.selected == len(found.scenarios) == specified()
    for one, planned in zip(selected, found.scenarios, strict=True):
        try:
            capabilities.check(REFERENCE, one.needs)
            reason = ""
        except Absent as absent:
            reason = absent.reason
        assert planned.absent == reason
    assert 0 < len(found.running) < found.selected
    assert sum(flow.scenarios for flow in found.flows) == len(found.running)


def test_without_a_profile_all_may_run() -> None:
    found = plan.plan_for([candidate("signin-works", "needs-https")], None, "https://a.example")
    assert (len(found.running), found.absent) == (1, {})
    assert plan.UNSEEN in plan.text(found)
    assert "1 of 1 scenario may run" in plan.text(found)


def test_what_does_not_apply_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Figures.model_validate({"seconds": 90, "requests": 2, "sign-ups": 1, "sign-ins": 3})
    monkeypatch.setattr(plan, "figures", lambda: {"one": one, "other": one})
    found = plan.plan_for(
        [candidate("one"), candidate("one"), candidate("other", "needs-https")], REFERENCE, "here"
    )
    said = plan.text(found)
    assert "2 of 3 scenarios would run: about 4 requests, 2 sign-ups, 6 sign-ins and 3 min" in said
    assert "not applicable: other: The deployment is reached over plain http" in said
    assert "the doctor's examination" in said
    assert "| signin | 2 | 4 | 2 | 6 | 180 |" in plan.markdown(found)


def test_a_scenario_without_figures_is_counted_apart() -> None:
    found = plan.plan_for([candidate("ours-only")], REFERENCE, "here", examines=False)
    said = plan.text(found)
    assert "What 1 scenario of your own cost is not known and not counted." in said
    assert "doctor" not in said


@pytest.mark.parametrize(("seconds", "said"), [(0, "1 s"), (59.4, "59 s"), (60, "1 min"), (200, "3 min")])
def test_durations(seconds: float, said: str) -> None:
    assert plan.duration(seconds) == said


# --- the figures ---


def test_every_requirement_has_figures_and_nothing_else_has() -> None:
    assert list(figures()) == list(requirements())
    assert sum(one.measured for one in figures().values()) > 0.8 * len(requirements())
    assert sum(one.seconds > 0 for one in figures().values()) > 0.9 * len(requirements())


def test_the_figures_are_the_mean_of_rows_that_ran_else_the_median_of_the_flow() -> None:
    first, second, *others = requirements()
    flow = requirements()[first].feature
    assert requirements()[second].feature == flow
    results = [
        result(Verdict.PASS, first, row="a: 1", seconds=1.0, sign_ups=1, sign_ins=3, exchanges=[]),
        result(Verdict.FAIL, first, row="a: 2", seconds=2.0, sign_ups=0, exchanges=[]),
        result(Verdict.NOT_APPLICABLE, first, row="a: 3", seconds=0.0),
        result(Verdict.NOT_APPLICABLE, second, seconds=0.0),
        *(result(ELSEWHERE[requirements()[one].feature != flow], one, seconds=9.0) for one in others),
    ]
    text = figures_text(report(results), {})
    found = tomllib.loads(text)
    assert found[first] == {"seconds": 1.5, "requests": 0, "sign-ups": 0.5, "sign-ins": 2.5}
    assert found[second] == {**found[first], "measured": False}
    assert list(found) == list(requirements())
    assert text.splitlines()[:3] == FILE.read_text("utf-8").splitlines()[:3]


def test_what_a_report_lacks_stays_as_it_was_or_is_asked_for() -> None:
    first, *_ = requirements()
    one = report([result(Verdict.PASS, first, seconds=77.0)])
    found = tomllib.loads(figures_text(one, figures()))
    assert found.pop(first)["seconds"] == 77
    before = tomllib.loads(FILE.read_text("utf-8"))
    before.pop(first)
    assert {name: cost for name, cost in found.items() if "measured" not in cost} == {
        name: cost for name, cost in before.items() if "measured" not in cost
    }
    with pytest.raises(ReportError, match="run the whole specification"):
        figures_text(one, {})


# --- list --target ---


def test_a_profile_is_planned_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--target", "reference", "--flow", "signout", "--format", "json"]) == Exit.CONFORMANT
    found = json.loads(capsys.readouterr().out)
    assert {one["feature"] for one in found["scenarios"]} == {"signout"}
    assert found["costs"]["sign-ins"] > 5
    absent = {one["identity"]: one["absent"] for one in found["scenarios"] if one["absent"]}
    assert absent["signout-closes-further-routes"] == ("The profile declares no further route or resource.")


def test_what_can_not_be_planned_for_is_answered(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["list", "--target", "refrence"]) == Exit.USAGE
    assert 'Did you mean "reference"?' in capsys.readouterr().err
    (tmp_path / "auth-conformance.toml").write_text('[targets.staging]\nurl = "https://a.example"\n', "utf-8")
    assert main(["list", "--target", "stagin"]) == Exit.USAGE
    assert "neither a target of auth-conformance.toml, nor a profile" in capsys.readouterr().err
    assert main(["list", "--target", "staging"]) == Exit.CONFORMANT
    assert plan.UNSEEN in capsys.readouterr().out

"""Nothing is called refused unless its control worked before and after, and it really was refused."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from harness.core.exchange import Exchange, NoAnswer
from harness.core.findings import HarnessError, NotTested, Unmet
from harness.core.verdict import Strictness
from harness.deployment.deployment import Deployment
from harness.deployment.expiry import Expiry
from harness.deployment.people import PersonFactory
from harness.deployment.refusal import Attempt, Judge
from harness.profile.loader import load_profile
from harness.profile.target import Target
from harness.pytest_plugin.collection import ScenarioItem
from harness.pytest_plugin.outcomes import carry, record, result_of
from harness.results.waivers import Waivers
from harness.scenario.cast import Cast
from harness.scenario.world import World
from harness.specification.tags import sort_tags
from harness.wire.client import Client
from harness.wire.throttle import ThrottleBudget

KEY = "read Ann's"
CANARY = "cnry0123456789"


def answered(status: int, body: bytes = b"", *headers: tuple[str, str]) -> Exchange:
    return Exchange("somebody", "GET", "http://127.0.0.1/tasks", [], b"", status, headers, body, 0.0)


OWN = replace(answered(200, CANARY.encode()), request_headers=[("Cookie", "sid=Ann")])


def attempt(exchange: Exchange, **more: Any) -> Attempt:
    return Attempt(KEY, "Bob's attempt", exchange, (CANARY,), **more)


def judging(*attempts: Attempt, control: Callable[[], Exchange] = lambda: OWN) -> Judge:
    judge = Judge()
    judge.control(KEY, control)
    for one in attempts:
        judge.attempt(one)
    return judge


def failing_from(call: int, error: Exception) -> Callable[[], Exchange]:
    """A control that works until its ``call``-th call."""
    calls = [0]

    def check() -> Exchange:
        calls[0] += 1
        if calls[0] >= call:
            raise error
        return OWN

    return check


def test_an_attempt_that_sends_what_its_control_sent_is_an_error_of_the_suite() -> None:
    same = replace(answered(401), request_headers=OWN.request_headers)
    with pytest.raises(HarnessError, match="Bob's attempt sent what its control sent, byte for byte"):
        judging(attempt(same)).all_refused()
    judging(attempt(same, repeats=True)).all_refused()


REFUSALS = {
    "401": attempt(answered(401)),
    "403": attempt(answered(403, b"no")),
    "404": attempt(answered(404)),
    "a redirect to sign-in": attempt(answered(302), also_refusal=lambda answer: answer.status == 302),
    "a 2xx that did nothing": attempt(answered(204), harmless_success=True),
    "a page for nobody": attempt(answered(200, b"Sign in"), also_refusal=lambda _: True),
}
FINDINGS = {
    "200": (attempt(answered(200, b"{}")), "it was answered 200 ({})"),
    "204": (attempt(answered(204)), "it was answered 204 with an empty body"),
    "302 elsewhere": (attempt(answered(302, b"", ("Location", "/tasks"))), "it was answered 302 to /tasks"),
    "304": (attempt(answered(304)), "it was answered 304"),
    "500": (attempt(answered(500)), "500 came: the server broke, which is no decision"),
    "503 called a refusal": (
        attempt(answered(503), also_refusal=lambda _: True),
        "503 came: the server broke, which is no decision",
    ),
    "canary in a refusal's body": (
        attempt(answered(403, f"not your {CANARY}".encode())),
        f"the answer (403) carried the owner's private text {CANARY}",
    ),
    "canary in a refusal's header": (
        attempt(answered(403, b"", ("X-Debug", f"title={CANARY}"))),
        f"the answer (403) carried the owner's private text {CANARY}",
    ),
    "canary in a redirect": (
        attempt(answered(302, b"", ("Location", f"/signin?was={CANARY}")), also_refusal=lambda _: True),
        f"the answer (302) carried the owner's private text {CANARY}",
    ),
    "an effect behind a refusal": (
        attempt(answered(403), effect=lambda: "Ann's task is gone"),
        "it took effect: Ann's task is gone (status 403)",
    ),
    "an effect behind a harmless success": (
        attempt(answered(200), effect=lambda: "Ann's task was changed", harmless_success=True),
        "it took effect: Ann's task was changed (status 200)",
    ),
}


@pytest.mark.parametrize("refused", REFUSALS.values(), ids=list(REFUSALS))
def test_a_refusal_is_one(refused: Attempt) -> None:
    judge = judging(refused)
    judge.all_refused()
    assert judge.attempts == []


@pytest.mark.parametrize(("tried", "came"), FINDINGS.values(), ids=list(FINDINGS))
def test_what_is_no_refusal_is_a_finding(tried: Attempt, came: str) -> None:
    with pytest.raises(Unmet) as finding:
        judging(tried).all_refused()
    assert finding.value.expected == "that Bob's attempt is refused"
    assert finding.value.came == came
    assert finding.value.exchanges == (OWN, tried.exchange), "the control, then what decides"


def test_one_bad_answer_among_good_ones_is_found() -> None:
    with pytest.raises(Unmet, match="200"):
        judging(attempt(answered(403)), attempt(answered(200)), attempt(answered(403))).all_refused()


def test_a_refusal_without_a_control_is_our_error() -> None:
    judge = Judge()
    judge.attempt(attempt(answered(403)))
    with pytest.raises(HarnessError, match="is judged without a control"):
        judge.all_refused()


def test_another_ones_control_does_not_count() -> None:
    judge = judging()
    judge.attempt(attempt(answered(403)), "delete Ann's")
    with pytest.raises(HarnessError, match='"delete Ann\'s" is judged without a control'):
        judge.all_refused()


def test_a_replay_without_a_control_is_our_error() -> None:
    with pytest.raises(HarnessError, match="is judged without a control"):
        Judge().refuse_now(attempt(answered(401)), KEY)


def test_judging_nothing_is_our_error() -> None:
    with pytest.raises(HarnessError, match="nothing had been attempted"):
        judging().all_refused()


@pytest.mark.parametrize(
    "error",
    [Unmet("that Ann reads her task", "it was answered 500"), NoAnswer("GET", "/", "reset", timed_out=False)],
)
def test_a_control_that_fails_before_leaves_it_not_tested(error: Exception) -> None:
    judge = Judge()
    with pytest.raises(NotTested, match=r"the control failed: .*so its refusal would prove nothing"):
        judge.control(KEY, failing_from(1, error))
    assert KEY not in judge.controls


@pytest.mark.parametrize(
    "error",
    [Unmet("that Ann reads her task", "it was answered 403"), NoAnswer("GET", "/", "late", timed_out=True)],
)
def test_a_control_that_fails_afterwards_leaves_it_not_tested(error: Exception) -> None:
    judge = judging(attempt(answered(403)), control=failing_from(2, error))
    with pytest.raises(NotTested, match="after the attempt, so its refusal proves nothing"):
        judge.all_refused()


def test_a_finding_outweighs_a_control_that_fails_afterwards() -> None:
    judge = judging(attempt(answered(200)), control=failing_from(2, Unmet("that it works", "403")))
    with pytest.raises(Unmet):
        judge.all_refused()


def test_what_was_ended_on_purpose_needs_no_control_afterwards() -> None:
    judge = judging(control=failing_from(2, Unmet("that it works", "401")))
    judge.refuse_now(attempt(answered(401)), KEY)
    with pytest.raises(Unmet):
        judge.refuse_now(attempt(answered(200)), KEY)


@pytest.fixture
def world() -> Iterator[World]:
    target = Target(load_profile("reference"), "http://127.0.0.1:1", "http://127.0.0.1:1")
    client = Client(target.origins, ThrottleBudget(0.0))
    deployment = Deployment(target, client)
    yield World(Cast(PersonFactory(target.profile.people, 1), deployment), deployment, Expiry(target, 0.0))
    client.close()


@pytest.mark.parametrize(("left", "verdict"), [([attempt(answered(403))], "error"), ([], "pass")])
def test_what_no_step_judged_is_an_error(world: World, left: list[Attempt], verdict: str) -> None:
    world.judge = judging(*left)
    report = pytest.TestReport("a.feature::test_a", ("a.feature", 1, "a"), {}, "passed", None, "call")
    call: pytest.CallInfo[None] = pytest.CallInfo.from_call(lambda: None, "call")
    scenario = ScenarioItem("a", 1, "A door", "", sort_tags(["must", "high", "a-door", "cwe-1"]), ())
    result = record(report, call, scenario, world, Waivers())
    assert result is not None
    carry(report, result, Strictness())
    assert result_of(report) == result
    assert result.verdict == verdict
    assert report.outcome == ("failed" if left else "passed")
    assert ("no step judged it" in result.reason) is bool(left)


def test_what_led_to_the_answer_may_not_leak_either() -> None:
    leaking = answered(308, CANARY.encode(), ("Location", "/tasks/"))
    with pytest.raises(Unmet, match=r"the answer \(308\) carried the owner's private text") as unmet:
        judging(attempt(answered(401), way=(leaking,))).all_refused()
    assert unmet.value.exchanges == (OWN, leaking)


def test_an_answer_like_the_control_s_is_no_refusal() -> None:
    def alike(control: Exchange) -> str:
        return f"it opened as for its owner ({control.status})"

    with pytest.raises(Unmet, match=r"it opened as for its owner \(200\)"):
        judging(attempt(answered(200), also_refusal=lambda _: True, as_accepted=alike)).all_refused()
    judging(attempt(answered(401), as_accepted=lambda _: None)).all_refused()

"""What the page shows of a report, and in which order."""

from __future__ import annotations

import pytest

from harness.core.verdict import Verdict
from harness.report.causes import FOUND, UNJUDGED
from harness.report.html.view import ORDER, by_step, deciding_step, path_of, roles
from harness.wire.transcript import RecordedExchange
from tests.support.example_report import exchange, result


def test_every_verdict_has_its_place() -> None:
    assert sorted(ORDER) == sorted(Verdict)
    assert sorted((*FOUND, *UNJUDGED, Verdict.PASS)) == sorted(Verdict)


def test_the_first_of_two_alike_from_different_steps_is_the_control() -> None:
    control, attempt = exchange("Given Ann reads it", decides=True), exchange(decides=True)
    assert [role.partition(":")[0] for role in roles([control, attempt])] == ["Control", "Attempt"]
    other_query = exchange("Given Ann reads it", url="https://tasks.example.com/api/tasks/7?page=2")
    assert roles([other_query, attempt])[0].startswith("Control")


@pytest.mark.parametrize(
    "first", [exchange(), exchange("Given", method="POST"), exchange("Given", url="https://x/")]
)
def test_two_that_are_not_surely_control_and_attempt_are_only_numbered(first: RecordedExchange) -> None:
    assert roles([first, exchange()]) == ["Answer 1 of 2", "Answer 2 of 2"]


def test_one_answer_and_three() -> None:
    assert roles([exchange()]) == ["The answer that decided"]
    assert roles([exchange()] * 3)[2] == "Answer 3 of 3"


def test_a_step_that_stands_there_twice_decided_the_last_time() -> None:
    steps = ["Given a", "Then it is refused", "When b", "Then it is refused"]
    assert deciding_step(result(Verdict.FAIL, "one-fail", steps=steps)) == 3
    assert deciding_step(result(Verdict.FAIL, "one-fail", step="before this scenario")) is None


def test_exchanges_stand_under_their_step_in_order() -> None:
    found = by_step([exchange("a"), exchange("a"), exchange("b"), exchange("a")])
    assert [(step, len(exchanges)) for step, exchanges in found] == [("a", 2), ("b", 1), ("a", 1)]


@pytest.mark.parametrize(
    ("url", "path"),
    [("https://x.example", "/"), ("https://x.example/a?b=c#d", "/a?b=c"), ("http://[bad/", "http://[bad/")],
)
def test_the_path_of_a_request(url: str, path: str) -> None:
    assert path_of(exchange(url=url)) == path

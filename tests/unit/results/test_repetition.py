"""What a scenario amounts to that was tried more than once."""

from __future__ import annotations

import pytest

from harness.core.verdict import Verdict
from harness.results.repetition import repeated
from tests.support.example_report import result


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (Verdict.FAIL, Verdict.PASS, "Failed, then held on repetition: it opened it."),
        (Verdict.ERROR, Verdict.PASS, "Broke, then held on repetition: it opened it."),
        (Verdict.WARN, Verdict.PASS, "Did not hold, then held on repetition: it opened it."),
        (Verdict.FAIL, Verdict.NOT_TESTED, "Failed, then not tested on repetition: it opened it."),
    ],
)
def test_what_held_once_of_two_times_is_what_it_was_at_worst(first: Verdict, second: Verdict, said: str) -> None:
    found = repeated(result(first, reason="it opened it."), result(second, reason=""))
    assert (found.verdict, found.reason) == (first, said)


def test_what_fails_again_is_said_as_it_came_last() -> None:
    found = repeated(result(Verdict.FAIL, reason="one"), result(Verdict.FAIL, reason="two"))
    assert (found.verdict, found.reason, found.notes) == (
        Verdict.FAIL,
        "two",
        ["Failed, then failed on repetition."],
    )


def test_a_second_pass_does_not_say_it_twice() -> None:
    found = result(Verdict.FAIL, reason="one")
    for _ in range(3):
        found = repeated(found, result(Verdict.PASS))
    assert found.reason == "Failed, then held on repetition: one"

"""One function decides which word a scenario gets."""

import pytest

from harness.core.blocker import Blocker
from harness.core.errors import Absent, Misfit, Unavailable
from harness.core.exchange import Exchange, NoAnswer
from harness.core.findings import HarnessError, NotApplicable, NotTested, Unmet
from harness.core.verdict import Level, Verdict, decide, finding

UNMET = Unmet("that it is refused", "it was answered 200")


@pytest.mark.parametrize(
    ("raised", "must", "should", "may"),
    [
        (None, "pass", "pass", "pass"),
        (UNMET, "fail", "warn", "warn"),
        (NotTested("the control failed"), "not tested", "not tested", "not tested"),
        (NotApplicable("no such operation"), "not applicable", "not applicable", "not applicable"),
        (Unavailable("no browser", "Install one."), "not tested", "not tested", "not tested"),
        (Misfit("no such field", "Correct it."), "not tested", "not tested", "not tested"),
        (Absent("no such operation"), "not applicable", "not applicable", "not applicable"),
        (HarnessError("no control"), "error", "error", "error"),
        (NoAnswer("GET", "/", "reset", timed_out=False), "not tested", "not tested", "not tested"),
        (AssertionError("a bare assert"), "error", "error", "error"),
        (KeyError("x"), "error", "error", "error"),
        (KeyboardInterrupt(), "error", "error", "error"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_the_verdict(raised: BaseException | None, must: str, should: str, may: str) -> None:
    assert [decide(level, raised).value for level in Level] == [must, should, may]


def test_what_is_unavailable_keeps_its_reason_its_remedy_and_its_evidence() -> None:
    answer = answered(429)
    found = finding(Unavailable("it throttles.", "Raise the limit.", [answer]))
    assert isinstance(found, NotTested)
    assert (found.reason, found.remedy, found.exchanges) == ("it throttles.", "Raise the limit.", (answer,))
    assert finding(UNMET) is UNMET


def test_a_profile_is_not_blamed_for_what_broke() -> None:
    assert Misfit("neither of the two.", "Check the profile.", [answered(401)]).remedy == "Check the profile."
    assert "profile" not in Misfit("neither of the two.", "Check the profile.", [answered(502)]).remedy


def answered(status: int) -> Exchange:
    return Exchange("Ann", "GET", "http://127.0.0.1/", [], b"", status, [], b"", 0.0)


@pytest.mark.parametrize(
    ("raised", "blocker"),
    [
        (Misfit("no such field"), Blocker.UNFIT),
        (Misfit("no such field", "", [answered(200)]), Blocker.UNFIT),
        (Misfit("no such field", "", [answered(200), answered(503)]), Blocker.STATE),
        (Misfit("no such field", "", [answered(429)]), Blocker.STATE),
        (Unavailable("it throttles"), Blocker.STATE),
        (Unavailable("no browser", blocker=Blocker.MISSING), Blocker.MISSING),
    ],
)
def test_what_kept_it_from_being_judged_is_remembered(raised: Unavailable, blocker: Blocker) -> None:
    found = finding(raised)
    assert isinstance(found, NotTested)
    assert found.blocker is blocker


def test_every_verdict_is_a_word_of_the_design() -> None:
    words = ["pass", "fail", "warn", "waived", "not applicable", "not tested", "error"]
    assert [verdict.value for verdict in Verdict] == words


def test_a_finding_says_what_was_expected_and_what_came() -> None:
    assert str(UNMET) == "expected that it is refused; it was answered 200"
    assert str(NotTested("throttled.", "Wait.")) == "throttled. Wait."

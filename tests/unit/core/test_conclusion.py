"""What the verdicts of a run amount to."""

from __future__ import annotations

import pytest

from harness.core.exits import Exit
from harness.core.verdict import Conclusion, Level, Outcome, Strictness, Verdict, conclude

MUST, SHOULD = Level.MUST, Level.SHOULD


def concluded(*ended: tuple[Level, Verdict], specified: int | None = None, **changed: object) -> Outcome:
    """The outcome of a run of the whole specification, unless ``specified`` says that there is more."""
    strictness = Strictness(**{key: bool(changed.pop(key)) for key in ("warnings", "untested") if key in changed})
    return conclude(ended, len(ended) if specified is None else specified, strictness, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("strictness", "red"),
    [
        (Strictness(), {Verdict.FAIL, Verdict.ERROR}),
        (Strictness(warnings=True), {Verdict.FAIL, Verdict.ERROR, Verdict.WARN}),
        (Strictness(untested=True), {Verdict.FAIL, Verdict.ERROR, Verdict.NOT_TESTED}),
    ],
)
def test_flags_make_more_verdicts_red(strictness: Strictness, red: set[Verdict]) -> None:
    assert {verdict for verdict in Verdict if strictness.is_red(verdict)} == red


@pytest.mark.parametrize(
    ("level", "verdict", "conclusion"),
    [
        (MUST, Verdict.PASS, Conclusion.CONFORMANT),
        (SHOULD, Verdict.WARN, Conclusion.CONFORMANT),
        (SHOULD, Verdict.NOT_TESTED, Conclusion.CONFORMANT),
        (SHOULD, Verdict.WAIVED, Conclusion.CONFORMANT),
        (MUST, Verdict.NOT_APPLICABLE, Conclusion.CONFORMANT),
        (MUST, Verdict.WAIVED, Conclusion.WITH_WAIVERS),
        (MUST, Verdict.NOT_TESTED, Conclusion.UNDECIDED),
    ],
)
def test_a_green_run_says_how_much_it_knows(level: Level, verdict: Verdict, conclusion: Conclusion) -> None:
    outcome = concluded((MUST, Verdict.PASS), (level, verdict))
    assert (outcome.conclusion, outcome.exit_code, outcome.reasons) == (conclusion, Exit.CONFORMANT, ())


def test_a_part_of_the_specification_is_no_word_about_conformance() -> None:
    assert concluded((MUST, Verdict.PASS), specified=2).conclusion is Conclusion.PARTIAL


def test_a_failed_must_is_red() -> None:
    outcome = concluded((MUST, Verdict.PASS), (MUST, Verdict.FAIL), (MUST, Verdict.FAIL))
    assert outcome == Outcome(Conclusion.NOT_CONFORMANT, Exit.NOT_CONFORMANT, ("2 scenarios did not hold",))


def test_a_flag_is_named_where_it_makes_the_run_red() -> None:
    ended = [(SHOULD, Verdict.WARN), (MUST, Verdict.NOT_TESTED)]
    assert concluded(*ended, warnings=True, untested=True).reasons == (
        "1 scenario did not hold and --strict is on",
        "1 scenario could not be tested and --require-tested is on",
    )


@pytest.mark.parametrize("verdict", [Verdict.NOT_TESTED, Verdict.NOT_APPLICABLE])
def test_a_run_that_judged_nothing_is_red(verdict: Verdict) -> None:
    outcome = concluded((MUST, verdict))
    assert (outcome.conclusion, outcome.exit_code) == (Conclusion.UNDECIDED, Exit.TARGET_UNUSABLE)
    assert outcome.reasons == ("nothing could be judged, so nothing is known about this deployment",)


@pytest.mark.parametrize(
    ("level", "specified", "conclusion"),
    [(MUST, 2, Conclusion.UNDECIDED), (SHOULD, 2, Conclusion.UNDECIDED), (MUST, 3, Conclusion.PARTIAL)],
)
def test_a_must_that_could_not_be_judged_leaves_no_run_green(
    level: Level, specified: int, conclusion: Conclusion
) -> None:
    ended = [(MUST, Verdict.PASS), (level, Verdict.NOT_TESTED)]
    outcome = concluded(*ended, specified=specified, blocked=["1 could not be judged"])
    assert outcome == Outcome(conclusion, Exit.TARGET_UNUSABLE, ("1 could not be judged",))


def test_what_else_is_red_goes_first() -> None:
    failed = concluded((MUST, Verdict.FAIL), blocked=["it does not fit"])
    assert failed == Outcome(
        Conclusion.NOT_CONFORMANT, Exit.NOT_CONFORMANT, ("1 scenario did not hold", "it does not fit")
    )
    broken = concluded((MUST, Verdict.PASS), broken=["a file held a secret"], blocked=["it does not fit"])
    assert (broken.conclusion, broken.exit_code) == (Conclusion.BROKEN, Exit.HARNESS_ERROR)
    assert broken.reasons == ("a file held a secret", "it does not fit")


def test_a_stale_waiver_is_red_whatever_the_verdicts_are() -> None:
    outcome = concluded((MUST, Verdict.PASS), objections=["a waiver is stale"])
    assert outcome == Outcome(Conclusion.NOT_CONFORMANT, Exit.NOT_CONFORMANT, ("a waiver is stale",))


def test_an_error_alone_is_a_broken_suite_and_a_failure_outweighs_it() -> None:
    error = (MUST, Verdict.ERROR)
    broken = concluded((MUST, Verdict.PASS), error, broken=["a file held a secret"])
    assert (broken.conclusion, broken.exit_code) == (Conclusion.BROKEN, Exit.HARNESS_ERROR)
    assert broken.reasons == ("1 ended in an error of the suite or the network", "a file held a secret")
    failed = concluded((MUST, Verdict.FAIL), error)
    assert (failed.conclusion, failed.exit_code) == (Conclusion.NOT_CONFORMANT, Exit.NOT_CONFORMANT)
    assert len(failed.reasons) == 2


def test_an_interrupted_run_keeps_what_it_found() -> None:
    passed = concluded((MUST, Verdict.PASS), interrupted=True)
    assert passed == Outcome(Conclusion.PARTIAL, Exit.INTERRUPTED, ("the run was interrupted",))
    failed = concluded((MUST, Verdict.FAIL), interrupted=True)
    assert (failed.conclusion, failed.exit_code) == (Conclusion.NOT_CONFORMANT, Exit.INTERRUPTED)

"""The command that runs scenarios of a report again."""

from __future__ import annotations

from harness.core.verdict import Verdict
from harness.report.html.rerun import run_again
from tests.support.example_report import report, result


def test_what_chose_scenarios_is_chosen_again_and_the_rest_is_kept() -> None:
    words = ["-c", "/x/pyproject.toml", "-p", "no:cacheprovider", "-m", "not needs-browser", "--report-dir=/tmp/r"]
    words += ["--base-url", "https://x.example", "--target", "my profile.toml", "--lf", "-n", "2", "--seed", "9"]
    words += ["--history", "past", "--cucumber-messages=m.ndjson"]
    words += ["/x/features", "features/signin.feature::test_a", "--strict"]
    source = report()
    source = source.model_copy(update={"settings": source.settings.model_copy(update={"arguments": words})})
    kept = "auth-conformance run --base-url https://x.example --target 'my profile.toml' --strict --seed 4711"
    assert run_again(source, []) == kept
    two = [result(Verdict.FAIL, name) for name in ("one-a", "one-b", "one-a")]
    assert run_again(source, two) == f"{kept} -m 'one-a or one-b'"

"""What the kill matrix runs of the specification."""

from collections import Counter
from pathlib import Path

from tests.detection.first_rows import environment
from tests.support.suite import run

OUTLINE = "isolation-identity-from-credential-only"


def test_a_scenario_that_is_not_named_runs_with_its_first_row_alone(tmp_path: Path) -> None:
    words = ("features/isolation.feature", "--collect-only", "-q")
    whole = run(tmp_path, *words)
    first = run(tmp_path, *words, env=environment(()))
    named = run(tmp_path, *words, env=environment((OUTLINE,)))
    rows = Counter(line.partition("[")[0] for line in whole.output.splitlines() if "::" in line)
    assert max(rows.values()) > 1
    assert Counter(line.partition("[")[0] for line in first.output.splitlines() if "::" in line) == dict.fromkeys(
        rows, 1
    )
    assert first.output.count("::") < named.output.count("::") < whole.output.count("::")

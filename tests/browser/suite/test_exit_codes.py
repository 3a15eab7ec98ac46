"""Only a run of everything, the browser's part included, is called conformant."""

from pathlib import Path

from harness.core.exits import Exit
from harness.core.verdict import Conclusion
from tests.support.suite import run, said


def test_the_whole_specification_that_holds_is_conformant(tmp_path: Path) -> None:
    ended = run(tmp_path, "features", "-n", "2", "--postgres", "embedded")
    assert said(ended) == (Exit.CONFORMANT, Conclusion.CONFORMANT)
    assert ended.report["expected"] == ended.report["specified"]

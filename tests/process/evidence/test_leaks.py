"""A run whose report would hold a secret is broken, and the file is gone."""

from pathlib import Path

import pytest

from harness.core.exits import Exit
from harness.core.verdict import Conclusion
from tests.support.suite import run

LEAKY_PLUGIN = '''
"""Writes the run's secrets into its report, as a defect of the suite would."""

from harness.core.redaction import registered
from harness.report import folder


def _careless(report):
    return "\\n".join(value for value, _ in registered())


folder.FORMS["report.md"] = _careless
'''


def test_a_run_whose_report_leaks_is_broken_and_the_file_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "careless.py").write_text(LEAKY_PLUGIN, "utf-8")
    words = ("features/signin.feature", "-k", "password", "--postgres", "embedded", "-p", "careless")
    ended = run(tmp_path / "report", *words, env={"PYTHONPATH": str(tmp_path)})
    assert ended.code == ended.report["exit_code"] == Exit.HARNESS_ERROR, ended.output
    assert ended.report["conclusion"] == Conclusion.BROKEN
    assert "red: report.md held a secret (" in ended.output
    assert not (tmp_path / "report" / "report.md").exists()
    assert (tmp_path / "report" / "report.json").exists()

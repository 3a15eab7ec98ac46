"""What would stand in a form of the report is masked at the end."""

from pathlib import Path

import pytest

from harness.core.exits import Exit
from tests.support.suite import run

LEAKY_PLUGIN = '''
"""Writes the run's secrets into its report, as a defect of the suite would."""

from harness.core.redaction import registered
from harness.report import folder


def _careless(report):
    return "\\n".join(value for value, _ in registered())


folder.FORMS["report.md"] = _careless
'''


def test_a_secret_in_a_form_of_the_report_is_masked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "careless.py").write_text(LEAKY_PLUGIN, "utf-8")
    words = ("features/signin.feature", "-k", "password", "--postgres", "embedded", "-p", "careless")
    ended = run(tmp_path / "report", *words, env={"PYTHONPATH": str(tmp_path)})
    assert ended.code == ended.report["exit_code"] == Exit.CONFORMANT, ended.output
    lines = (tmp_path / "report" / "report.md").read_text("utf-8").splitlines()
    assert {"<password>", "<cookie>"} <= set(lines)
    assert [line for line in lines if "<" not in line] == []

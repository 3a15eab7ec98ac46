"""An example is not as expected where the script of a finding does not show it again."""

from __future__ import annotations

import json
from pathlib import Path

from examples.common.judgement import Running, _unreproduced


def test_a_script_that_does_not_reproduce_is_a_difference(tmp_path: Path) -> None:
    scripts = {
        "good.sh": "echo reproduced",
        "bad.sh": "echo first; echo 'this run saw 401: not reproduced'; exit 1",
        "needy.sh": '[ "$GIVEN" = along ] && echo reproduced',
    }
    for name, commands in scripts.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{commands}\n", "utf-8")
        (tmp_path / name).chmod(0o755)
    artefacts = [{"kind": "repro", "path": name} for name in scripts] + [{"kind": "trace", "path": "trace.zip"}]
    result = {"identity": "made-up", "row": "how: plainly", "artefacts": artefacts}
    (tmp_path / "report.json").write_text(json.dumps({"results": [result]}), "utf-8")
    running = Running("http://127.0.0.1:1", environment={"GIVEN": "along"})
    assert _unreproduced("default", running, tmp_path) == [
        "default: made-up [how: plainly]: bad.sh did not reproduce it: this run saw 401: not reproduced"
    ]


def test_a_run_without_a_report_has_no_script(tmp_path: Path) -> None:
    assert _unreproduced("default", Running("http://127.0.0.1:1"), tmp_path) == []

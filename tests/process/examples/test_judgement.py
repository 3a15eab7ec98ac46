"""Which runs of an example are judged; and it is not as expected where a script does not show a finding again."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest

from examples.common import judgement
from examples.common.judgement import Run, Running, _unreproduced, main


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


@pytest.mark.parametrize(
    ("third", "judged"), [((), "abcd"), (("--third", "0"), "ad"), (("--third=1",), "b"), (("--third", "2"), "c")]
)
def test_a_third_is_every_third_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, third: tuple[str, ...], judged: str
) -> None:
    seen: list[tuple[str, list[str]]] = []

    def judge(_: str, run: Run, options: list[str], __: object) -> list[str]:
        seen.append((run.name, options))
        return []

    monkeypatch.setattr(judgement, "_judge", judge)
    monkeypatch.setattr(judgement, "stop_on_sigterm", lambda: None)
    (tmp_path / "verdicts.json").write_text(json.dumps({name: {} for name in "abcd"}), "utf-8")
    runs = [Run(name, lambda: contextlib.nullcontext(Running("http://127.0.0.1:1")), "profile") for name in "abcd"]
    assert main(tmp_path, runs, [*third, "-k", "signin"]) == 0
    assert seen == [(name, ["-k", "signin"]) for name in judged]

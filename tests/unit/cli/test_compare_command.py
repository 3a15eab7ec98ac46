"""`auth-conformance compare`, by its files, its output and its exit code."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.cli.main import main
from harness.core.exits import Exit
from harness.report.comparison import Comparison

Write = Callable[..., str]
RESULT: dict[str, object] = {
    **dict.fromkeys(("reason", "step", "expected", "came", "remedy", "traceback", "row"), ""),
    **{key: [] for key in ("steps", "sources", "defects", "needs", "notes", "exchanges")},
    "level": "must",
    "severity": "high",
    "feature": "signin",
    "line": 1,
    "seconds": 0.1,
    "sign_ups": 0,
    "sign_ins": 0,
    "throttled": 0.0,
}
REPORT = {
    "format": 2,
    "suite": {"version": "0.1.0"},
    "target": {
        "title": "T",
        "profile": "shop",
        "base_url": "https://t.example.com",
        "api_url": "https://t.example.com",
    },
    "capabilities": {},
    "absent": [],
    "environment": {"python": "3.11", "platform": "Linux", "postgres": ""},
    "settings": {"seed": 1, "strict": False, "require_tested": False, "waivers": 0, "arguments": []},
    "started": "2026-11-26T11:49:55Z",
    "seconds": 1.0,
    "conclusion": "partial",
    "exit_code": 0,
    "reasons": [],
    "notices": [],
    "specified": 9,
    "expected": 2,
    "ran": 2,
    "verdicts": {},
    "sign_ups": 0,
    "sign_ins": 0,
    "throttled": 0.0,
}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the report of a run with these verdicts; returns its path."""

    def _write(name: str, **verdicts: str) -> str:
        results = [
            {
                **RESULT,
                "identity": f"signin-{key}",
                "name": f"The {key} <b>",
                "verdict": verdict,
                "reason": f"It {verdict}.",
            }
            for key, verdict in verdicts.items()
        ]
        path = tmp_path / name
        path.write_text(json.dumps({**REPORT, "results": results}), "utf-8")
        return str(path)

    return _write


def test_what_got_worse_is_told_with_its_reason(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = (
        write("a.json", one="pass", two="fail", three="pass"),
        write("b.json", one="fail", two="pass", three="pass"),
    )
    assert main(["compare", a, b]) == Exit.NOT_CONFORMANT
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"A  {a}: https://t.example.com, profile shop, 2026-11-26 11:49 UTC: partial: ")
    assert "1 broken, 1 fixed, 1 unchanged. 1 got worse." in lines
    assert lines[lines.index("broken:") + 1 :][:2] == [
        "  worse  pass -> fail  MUST    signin-one",
        "         It fail.",
    ]
    assert lines[lines.index("fixed:") + 1] == "         fail -> pass  MUST    signin-two"
    assert not any("signin-three" in line for line in lines)


def test_nothing_worse_is_zero(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["compare", write("a.json", one="fail"), write("b.json", one="pass", two="pass")]) == Exit.CONFORMANT
    )
    assert "1 fixed, 1 added. Nothing got worse." in capsys.readouterr().out


def test_markdown_is_a_table(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = write("a.json", one="pass"), write("b.json", one="not tested")
    assert main(["compare", a, b, "--format", "markdown"]) == Exit.NOT_CONFORMANT
    page = capsys.readouterr().out
    assert page.startswith("# 1 got worse.\n")
    row = (
        r"| no longer tested | pass -\> not tested | worse | MUST | signin-one | The one \<b\> | It not tested. |"
    )
    assert row in page.splitlines()


def test_json_is_the_whole_comparison(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = write("a.json", one="pass"), write("b.json", one="error")
    assert main(["compare", a, b, "--format", "json"]) == Exit.NOT_CONFORMANT
    found = Comparison.model_validate_json(capsys.readouterr().out)
    assert (found.worse, found.changes[0].key, found.before.path) == (1, "signin-one", a)


def test_another_target_is_minded(write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = write("a.json", one="pass")
    other = json.loads(Path(a).read_text("utf-8"))
    other["target"]["base_url"] = "https://other.example.com"
    b = tmp_path / "b.json"
    b.write_text(json.dumps(other), "utf-8")
    assert main(["compare", a, str(b)]) == Exit.CONFORMANT
    minded = "Mind that they are of different targets: https://t.example.com and https://other.example.com."
    assert minded in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, r"wrong\.json can't be read: No such file or directory\."),
        (b"# A page", r"wrong\.json is no report: it is not JSON\."),
        (b"\xff\xfe", r"wrong\.json is no report: it is not JSON\."),
        (b"[]", r"wrong\.json is no report of auth-conformance\."),
        (b'{"a": 1}', r"wrong\.json is no report of auth-conformance\."),
        (
            b'{"format": 1, "results": []}',
            r"wrong\.json is a report of format 1; this version reads format 2 only\.",
        ),
        (
            b'{"format": 3, "results": []}',
            r"wrong\.json is a report of format 3; this version reads format 2 only\.",
        ),
        (b'{"format": 2, "results": []}', r"wrong\.json is no report of format 2: suite: Field required\."),
    ],
    ids=["missing", "no JSON", "no text", "a list", "something else", "older", "newer", "incomplete"],
)
@pytest.mark.parametrize("place", [0, 1], ids=["first", "second"])
def test_a_file_that_is_no_report_is_one_sentence(
    content: bytes | None, said: str, place: int, write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.json"
    if content is not None:
        wrong.write_bytes(content)
    files = [write("right.json", one="pass")]
    files.insert(place, str(wrong))
    assert main(["compare", *files]) == Exit.USAGE
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert re.search(said, told.err)


def test_one_file_is_not_enough(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "a.json"]) == Exit.USAGE
    assert "B.json" in capsys.readouterr().err

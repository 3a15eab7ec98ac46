"""Rooms below the flows raise what happened; what it means for a requirement is said at the edge."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import harness

ROOT = Path(harness.__file__).parent
JUDGING = ("core", "scenario", "flows", "pytest_plugin", "deployment/refusal.py", "doctor/trials.py")
"""Where verdicts belong: refusal holds the controls of a scenario, and one that fails is a verdict; the doctor
does what flows do."""
VERDICTS = {"NotTested", "NotApplicable"}


def handlers(path: Path) -> Iterator[ast.ExceptHandler]:
    return (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ExceptHandler))


def names(node: ast.AST | None) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} if node is not None else set()


def test_no_room_below_the_flows_speaks_of_verdicts() -> None:
    speaking = [
        str(path.relative_to(ROOT))
        for path in sorted(ROOT.rglob("*.py"))
        if not str(path.relative_to(ROOT)).startswith(JUDGING)
        and VERDICTS & names(ast.parse(path.read_text("utf-8")))
    ]
    assert speaking == []


def test_a_verdict_is_caught_at_the_edge_only() -> None:
    catching = {
        str(path.relative_to(ROOT))
        for path in sorted(ROOT.rglob("*.py"))
        for handler in handlers(path)
        if VERDICTS & names(handler.type)
    }
    assert catching == {"pytest_plugin/outcomes.py", "doctor/trials.py"}

"""Where things live: what import-linter can't hold of ARCHITECTURE.md."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FEATURES = sorted(path.stem.replace("-", "_") for path in (ROOT / "features").glob("*.feature"))


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_has_a_flow_and_steps_of_its_name(feature: str) -> None:
    assert (ROOT / "harness" / "flows" / f"{feature}.py").is_file()
    assert (ROOT / "steps" / f"{feature}.py").is_file()


def test_no_module_but_a_flow_or_steps_is_named_by_a_gerund() -> None:
    modules = [
        path.relative_to(ROOT)
        for folder in ("harness", "auth_conformance")
        for path in (ROOT / folder).rglob("*.py")
    ]
    others = [path for path in modules if path.parts[:2] != ("harness", "flows")]
    assert len(others) > 100
    assert [str(path) for path in others if path.stem.endswith("ing")] == []

"""Whether a run may have scenarios in a browser, before anything is collected."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.pytest_plugin.selection import feature_files, may_need_browser

FEATURES = Path(__file__).parents[3] / "features"


def config(*args: str, marks: str = "") -> pytest.Config:
    options: dict[str, Any] = {"markexpr": marks}
    return cast("pytest.Config", SimpleNamespace(args=list(args), getoption=options.get))


@pytest.mark.parametrize(
    ("args", "marks", "expected"),
    [
        ([str(FEATURES)], "", True),
        ([str(FEATURES.parent)], "core", True),
        ([str(FEATURES)], "not needs-browser", False),
        ([str(FEATURES)], "core and not needs-browser", False),
        ([str(FEATURES / "signin.feature")], "", False),
        ([str(FEATURES / "browser-signin.feature")], "", True),
        ([str(FEATURES / "signin.feature"), str(FEATURES / "browser-signin.feature::x")], "", True),
        ([str(Path(__file__))], "", False),
    ],
)
def test_a_run_in_workers_knows_whether_a_browser_may_be_needed(
    args: list[str], marks: str, expected: bool
) -> None:
    assert may_need_browser(config(*args, marks=marks)) is expected


def test_feature_files_are_those_of_the_arguments() -> None:
    assert feature_files(config(str(FEATURES / "signin.feature::name"))) == [FEATURES / "signin.feature"]
    assert len(feature_files(config(str(FEATURES)))) == len(list(FEATURES.glob("*.feature")))

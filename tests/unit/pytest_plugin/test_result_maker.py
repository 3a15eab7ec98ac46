"""A scenario whose result can't be made is an error, and the run has a report."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.core.verdict import Verdict
from harness.pytest_plugin import result_maker
from harness.pytest_plugin.result_maker import recorded
from harness.specification.catalogue import FEATURES
from harness.specification.gherkin import read_feature


def test_what_can_not_be_recorded_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def record(*_: object) -> None:
        raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")

    monkeypatch.setattr(result_maker, "record", record)
    report = pytest.TestReport("features/x.feature::test_x", ("x", 1, "x"), {}, "passed", None, "call")
    pickle = read_feature(FEATURES / "signin.feature")[0]
    scenario = cast("Any", SimpleNamespace(**vars(pickle), feature="signin", is_own=False))
    found = recorded(report, cast("Any", None), scenario, None, cast("Any", SimpleNamespace(waivers=None)))
    assert found is not None
    assert found.verdict is Verdict.ERROR
    assert found.reason.startswith("what came could not be recorded: UnicodeEncodeError: ")

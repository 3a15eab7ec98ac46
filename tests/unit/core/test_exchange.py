"""What is true of any exchange."""

from __future__ import annotations

import pytest

from harness.core.exchange import is_safe


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE"])
def test_a_method_that_rfc_9110_calls_safe_is(method: str) -> None:
    assert is_safe(method)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "CONNECT"])
def test_any_other_method_may_change_something(method: str) -> None:
    assert not is_safe(method)

"""A word means one thing, and one that is not in the table is answered with the nearest."""

from __future__ import annotations

import pytest

from harness.core.findings import HarnessError
from harness.core.vocabulary import Vocabulary

COLOURS = Vocabulary("colour", {"red": 1, "dark red": 2})


def test_a_word_has_its_meaning() -> None:
    assert COLOURS["dark red"] == 2
    assert [*COLOURS] == ["red", "dark red"]
    assert "red" in COLOURS
    assert "blue" not in COLOURS


def test_an_unknown_word_is_answered_with_the_nearest() -> None:
    with pytest.raises(HarnessError, match=r'^there is no colour called "darkred"\. Did you mean "dark red"\?$'):
        COLOURS["darkred"]


def test_a_word_that_is_near_to_none_is_only_named() -> None:
    with pytest.raises(HarnessError, match=r'^there is no colour called "octarine"\.$'):
        COLOURS["octarine"]

"""Two answers are one page when they have nearly all words in common."""

from __future__ import annotations

import pytest

from harness.deployment.likeness import likeness

SHELL = "<html><script src=/a.js nonce=f81d4fae7dec11d0a765></script><div id=root></div></html>"


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        (SHELL, SHELL, 1),
        (SHELL, SHELL.replace("f81d4fae7dec11d0a765", "0a1b2c3d4e5f60718293"), 1),
        ("a b c d", "a b c e", 0.75),
        ("a a a a", "a", 0.4),
        ("a b", "c d", 0),
        ("", "", 0),
        ("", SHELL, 0),
    ],
)
def test_the_share_of_words_in_common(one: str, other: str, share: float) -> None:
    assert likeness(one, other) == likeness(other, one) == share

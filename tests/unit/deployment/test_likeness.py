"""Two answers are one page when they have nearly all words in common."""

from __future__ import annotations

import pytest

from harness.deployment.likeness import likeness, resembles

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


OWN = "<title>Your tasks</title><h1>Your tasks</h1><nav>Ann Sign out</nav><ul><li>water the plants</li></ul>"
PUBLIC = [
    "<title>Sign in</title><h1>Sign in</h1>Email Password",
    "<title>Welcome</title><a href=/tasks>Your tasks</a>",
]


@pytest.mark.parametrize(
    ("page", "does"),
    [
        ("<title>Your tasks</title><p>Nothing, guest", True),
        ("<TITLE>Other</TITLE><h1 class=x>Your  tasks</h1>", True),
        ("<li>water the plants</li>", True),
        ("<h1>Sign in</h1>", False),
        ("<h1>Your session has ended</h1>", False),
        ("<title>Welcome</title>Your tasks", False),
        ("", False),
    ],
)
def test_a_page_that_is_more_of_one_than_of_the_others(page: str, does: bool) -> None:
    assert resembles(page, OWN, PUBLIC) is does

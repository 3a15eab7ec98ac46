"""What has something in common, together."""

from __future__ import annotations

from harness.core.groups import grouped


def test_groups_and_their_members_keep_their_order() -> None:
    groups = grouped(["signout", "token", "signin", "tasks"], lambda word: word[0])
    assert list(groups.items()) == [("s", ["signout", "signin"]), ("t", ["token", "tasks"])]


def test_nothing_has_no_groups() -> None:
    assert grouped([], len) == {}

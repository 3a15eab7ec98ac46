"""Cache-Control and Vary are read as RFC 9111 and RFC 9110 say."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from harness.wire.cache_control import cache_control, is_fresh_for_a_while, varies_by
from tests.support.scenario import answered

TOMORROW, YESTERDAY = (formatdate(time.time() + days * 86_400, usegmt=True) for days in (1, -1))


@pytest.mark.parametrize(
    ("lines", "forbids", "limits"),
    [
        ([], False, False),
        (["no-store"], True, True),
        (["No-Store"], True, True),
        (["private", "no-store"], True, True),
        (["private,no-cache"], False, True),
        (["private=True, no-store=True"], False, False),
        (['private="set-cookie", max-age=5'], False, False),
        (["x-no-store"], False, False),
        (['community="no-store, private"'], False, False),
        (["max-age=0, must-revalidate"], False, False),
    ],
)
def test_what_a_cache_must_not_store(lines: list[str], forbids: bool, limits: bool) -> None:
    control = cache_control(answered(200, "", *(("Cache-Control", line) for line in lines)))
    assert (control.forbids_storing, control.limits_storing) == (forbids, limits)


@pytest.mark.parametrize(
    ("line", "kept_out"),
    [
        ('no-cache="Set-Cookie, X-A"', True),
        ("no-cache=set-cookie", True),
        ('private="set-cookie"', True),
        ("no-cache", False),
        ('no-cache="x-a"', False),
    ],
)
def test_fields_that_are_kept_out(line: str, kept_out: bool) -> None:
    assert cache_control(answered(200, "", ("Cache-Control", line))).keeps_field_out("set-cookie") is kept_out


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [
        ([("Cache-Control", "max-age=60")], True),
        ([("Cache-Control", 'max-age="60"')], True),
        ([("Cache-Control", "max-age=0, s-maxage=9")], True),
        ([("Cache-Control", "private, max-age=60")], True),
        ([("Cache-Control", "max-age=0")], False),
        ([("Cache-Control", "max-age=soon")], False),
        ([("Cache-Control", "max-age=60, no-store")], False),
        ([("Cache-Control", "max-age=60, no-cache")], False),
        ([("Cache-Control", "max-age=0"), ("Expires", TOMORROW)], False),
        ([("Expires", TOMORROW)], True),
        ([("Expires", YESTERDAY)], False),
        ([("Expires", "0")], False),
        ([], False),
    ],
)
def test_what_may_be_used_again(headers: list[tuple[str, str]], fresh: bool) -> None:
    assert is_fresh_for_a_while(answered(200, "", *headers)) is fresh


def test_vary_is_a_list_without_case() -> None:
    answer = answered(200, "", ("Vary", "Accept"), ("Vary", "accept-encoding, COOKIE"))
    assert varies_by(answer, "Cookie")
    assert not varies_by(answer, "Origin")
    assert varies_by(answered(200, "", ("Vary", "*")), "Origin")

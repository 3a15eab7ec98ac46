"""What allows a shared cache to keep an answer, by RFC 9111."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from harness.core.findings import HarnessError, Unmet
from harness.flows.caching import must_not_be_shared, open_place, shared_storage
from harness.flows.common import control_place
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import Answer
from tests.support.scenario import SESSION, answered

TOMORROW, YESTERDAY = (formatdate(time.time() + days * 86_400, usegmt=True) for days in (1, -1))
AUTHORIZED = [("Authorization", "Bearer x")]


@pytest.mark.parametrize(
    ("headers", "authorized", "allowance"),
    [
        ([], False, None),
        ([("Cache-Control", "no-store")], False, None),
        ([("Cache-Control", "private, max-age=60")], False, None),
        ([("Cache-Control", "max-age=60"), ("Cache-Control", "private")], False, None),
        ([("Cache-Control", "no-cache")], False, None),
        ([("Cache-Control", "max-age=0")], False, None),
        ([("Cache-Control", "s-maxage=0")], False, None),
        ([("Cache-Control", "max-age=60")], True, None),
        ([("Expires", YESTERDAY)], False, None),
        ([("Expires", "0")], False, None),
        ([("Expires", "Thu, 99999999999999999999 Jan 2020 00:00:00 GMT")], False, None),
        ([("Expires", TOMORROW)], True, None),
        ([("Expires", TOMORROW), ("Cache-Control", "no-cache")], False, None),
        ([("Cache-Control", "public")], True, "Cache-Control: public"),
        ([("Cache-Control", "S-MaxAge=60")], True, "Cache-Control: s-maxage=60"),
        ([("Cache-Control", "max-age=60")], False, "Cache-Control: max-age=60, and not private"),
        ([("Cache-Control", "max-age=60, must-revalidate")], True, "max-age=60, must-revalidate, and not private"),
        ([("Expires", TOMORROW)], False, "and nothing that makes it private"),
    ],
)
def test_what_a_shared_cache_may_keep(
    headers: list[tuple[str, str]], authorized: bool, allowance: str | None
) -> None:
    found = shared_storage(answered(200, "", *headers, sent=AUTHORIZED if authorized else []))
    assert found is None if allowance is None else allowance in (found or "")


def test_an_answer_that_nothing_lets_be_kept_is_fine(world: World) -> None:
    for place in ("session endpoint", "token endpoint", "protected page", "task list"):
        control_place(world, "Ann", place)
        open_place(world, "Ann", place)
        must_not_be_shared(world)


def test_one_that_may_be_kept_is_named_with_its_owner(world: World, backend: FakeBackend) -> None:
    control_place(world, "Ann", "session endpoint")
    proper = backend.routes[SESSION]
    backend.routes[SESSION] = lambda sent: Answer(200, proper(sent).body, [("Cache-Control", "public")])
    open_place(world, "Ann", "session endpoint")
    with pytest.raises(Unmet, match=r"keep Ann's .*/get-session; it says Cache-Control: public"):
        must_not_be_shared(world)


def test_an_answer_that_was_not_shown_to_be_private_is_our_error(world: World) -> None:
    control_place(world, "Ann", "task list")
    open_place(world, "Ann", "session endpoint")
    with pytest.raises(HarnessError, match="judged without a control"):
        must_not_be_shared(world)

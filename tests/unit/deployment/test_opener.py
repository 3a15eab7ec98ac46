"""What opens the tasks, in the hands of whoever holds a copy: a token, or the session's cookies."""

from __future__ import annotations

import pytest

from harness.core.errors import Absent
from harness.scenario.world import World
from tests.support.fake_backend import COOKIE, FakeBackend
from tests.support.fake_client import FakeClient
from tests.support.scenario import world_of

BY_SESSION = 'proxy = false\n[tasks]\nbase = "web"\ncredential = "session"\n'
OPAQUE = '[credentials.token]\nkind = "opaque"\n'
CSRF = '[csrf]\nkind = "cookie to header"\ncookie = "xsrf"\nheader = "X-XSRF"\n'


def opened(changes: str) -> World:
    world = world_of(FakeClient(FakeBackend()), changes)
    world.introduce(world.cast.share("Ann"))
    return world


def test_a_cookie_is_presented_in_its_own_place() -> None:
    world = opened(BY_SESSION)
    device = world.device("Ann", "first device")
    assert (world.opener.noun, world.opener.is_jwt) == ("session cookie", False)
    value = world.opener.value(device)
    assert value == next(kept.value for kept in device.jar.alive if kept.name == COOKIE)
    presented = world.opener.presenting(device, "altered", "forged")
    assert (presented.label, dict(presented.cookies), presented.headers) == ("forged", {COOKIE: "altered"}, ())


def test_a_write_has_the_csrf_token_of_the_session_it_pretends_to_be() -> None:
    world = opened(BY_SESSION + CSRF)
    device = world.device("Ann", "first device")
    url = world.deployment.url("session")
    device.jar.store(["xsrf=of-the-session; Path=/"], url)
    presented = world.opener.presenting(device, "altered", "forged", writes=True)
    assert dict(presented.cookies) == {COOKIE: "altered", "xsrf": "of-the-session"}
    assert presented.headers == (("X-XSRF", "of-the-session"),)


def test_a_token_is_presented_as_the_profile_says() -> None:
    world = opened("")
    assert (world.opener.noun, world.opener.is_jwt) == ("token", True)
    presented = world.opener.presenting(world.device("Ann", "first device"), "x.y.z", "forged")
    assert (dict(presented.cookies), presented.headers) == ({}, (("Authorization", "Bearer x.y.z"),))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [(BY_SESSION, "the session's cookie opens the tasks, and is no JWT"), (OPAQUE, "the access token is opaque")],
)
def test_what_is_no_jwt_has_no_parts_to_change(changes: str, sentence: str) -> None:
    with pytest.raises(Absent, match=sentence):
        opened(changes).opener.must_be_jwt()


def test_a_cookie_is_no_token() -> None:
    opened("").opener.must_be_token()
    with pytest.raises(Absent, match="no access token does"):
        opened(BY_SESSION).opener.must_be_token()


def test_the_front_end_is_judged_where_it_is_the_only_way() -> None:
    assert world_of(FakeClient(FakeBackend())).tasks.route == "tasks"
    alone = world_of(FakeClient(FakeBackend()), "tasks = false\n")
    assert (alone.tasks.route, alone.opener.by_cookie) == ("proxy", True)

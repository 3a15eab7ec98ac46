"""Signing out takes the session cookie from the browser."""

from __future__ import annotations

import pytest

from harness.core.errors import Absent
from harness.core.findings import HarnessError, NotTested, Unmet
from harness.flows.common import sign_in, sign_out
from harness.flows.signout import control_cookie, must_hold_no_cookie
from harness.scenario.world import World
from tests.support.fake_backend import COOKIE, FakeBackend
from tests.support.fake_client import Answer, FakeClient
from tests.support.scenario import SIGN_OUT, said, world_of


@pytest.fixture
def laptop(world: World) -> World:
    """Ann's laptop was seen to hold a session cookie."""
    sign_in(world, "Ann", "laptop")
    control_cookie(world, "Ann", "laptop")
    return world


@pytest.mark.parametrize(
    "cookie", [f"{COOKIE}=; Path=/; Max-Age=0", f"{COOKIE}=x; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"]
)
def test_a_cookie_that_is_gone_is_fine(laptop: World, backend: FakeBackend, cookie: str) -> None:
    backend.routes[SIGN_OUT] = said(Answer(200, {}, [("Set-Cookie", cookie)]))
    sign_out(laptop, "Ann", "laptop")
    must_hold_no_cookie(laptop, "Ann", "laptop")


def test_one_that_is_emptied_is_fine(laptop: World, backend: FakeBackend) -> None:
    backend.routes[SIGN_OUT] = said(Answer(200, {}, [("Set-Cookie", f"{COOKIE}=; Path=/")]))
    sign_out(laptop, "Ann", "laptop")
    must_hold_no_cookie(laptop, "Ann", "laptop")


@pytest.mark.parametrize(
    "headers",
    [[], [("Set-Cookie", f"{COOKIE}=; Path=/api; Max-Age=0")], [("Set-Cookie", "another=; Path=/; Max-Age=0")]],
    ids=["nothing is set", "another path", "another name"],
)
def test_one_that_stays_is_found_out(laptop: World, backend: FakeBackend, headers: list[tuple[str, str]]) -> None:
    backend.routes[SIGN_OUT] = said(Answer(200, {}, headers))
    sign_out(laptop, "Ann", "laptop")
    with pytest.raises(Unmet, match=f'clears the session cookie; the browser still holds "{COOKIE}"'):
        must_hold_no_cookie(laptop, "Ann", "laptop")


def test_one_of_a_guest_is_fine(laptop: World, backend: FakeBackend) -> None:
    guest = [
        ("Set-Cookie", f"{COOKIE}=; Path=/; Max-Age=0"),
        ("Set-Cookie", f"{COOKIE}=guest; Path=/; HttpOnly"),
    ]
    backend.routes[SIGN_OUT] = said(Answer(200, {}, guest))
    sign_out(laptop, "Ann", "laptop")
    must_hold_no_cookie(laptop, "Ann", "laptop")


def test_one_of_a_guest_beside_the_old_one_is_found_out(laptop: World, backend: FakeBackend) -> None:
    backend.routes[SIGN_OUT] = said(Answer(200, {}, [("Set-Cookie", f"{COOKIE}=guest; Path=/api; HttpOnly")]))
    sign_out(laptop, "Ann", "laptop")
    with pytest.raises(Unmet, match=f'the browser still holds "{COOKIE}"; a deletion must repeat its name'):
        must_hold_no_cookie(laptop, "Ann", "laptop")


@pytest.mark.parametrize("whose", ["Ann", "Bob"])
def test_a_new_one_that_signs_in_is_found_out(laptop: World, backend: FakeBackend, whose: str) -> None:
    backend.sessions["renewed"] = backend.accounts[laptop.person(whose).email]
    backend.routes[SIGN_OUT] = said(Answer(200, {}, [("Set-Cookie", f"{COOKIE}=renewed; Path=/")]))
    sign_out(laptop, "Ann", "laptop")
    with pytest.raises(Unmet, match=f"the browser still holds {COOKIE}, which signs in as {whose.lower()}"):
        must_hold_no_cookie(laptop, "Ann", "laptop")


def test_one_that_does_not_sign_in_proves_nothing(world: World, backend: FakeBackend) -> None:
    backend.sessions.clear()
    with pytest.raises(NotTested, match="the control failed"):
        control_cookie(world, "Ann", "first device")


def test_without_the_control_nothing_is_judged(world: World) -> None:
    sign_out(world, "Ann", "first device")
    with pytest.raises(HarnessError, match="judged without a control"):
        must_hold_no_cookie(world, "Ann", "first device")


def test_a_session_in_no_cookie_leaves_none(client: FakeClient) -> None:
    world = world_of(client, '[credentials.session]\nkind = "token"\n')
    with pytest.raises(Absent):
        control_cookie(world, "Ann", "first device")

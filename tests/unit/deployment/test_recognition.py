"""A request is known by method and address, as the profile has them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.deployment.recognition import Recognition
from tests.support.fake_backend import AUTH
from tests.support.fake_client import API, WEB, FakeClient
from tests.support.scenario import answered, world_of


@pytest.mark.parametrize(
    ("method", "url", "places"),
    [
        ("POST", f"{WEB}{AUTH}/sign-in/email", {"operations.sign_in"}),
        ("POST", f"{WEB}{AUTH}/sign-in/email?x=1", {"operations.sign_in"}),
        ("GET", f"{WEB}{AUTH}/sign-in/email", set()),
        ("GET", f"{WEB}{AUTH}/get-session", {"operations.session"}),
        ("GET", f"{API}/api/tasks", {"tasks.list"}),
        ("GET", f"{WEB}/api/tasks", {"proxy.list"}),
        ("GET", f"{API}/api/tasks/7", {"tasks.read"}),
        ("GET", f"{API}/api/tasks/7/more", set()),
        ("GET", f"{WEB}/signin?callbackURL=%2Ftasks", {"pages.sign_in"}),
        ("GET", f"{WEB}/tasks", {"pages.protected"}),
        ("GET", f"{WEB}/elsewhere", set()),
    ],
)
def test_places(method: str, url: str, places: set[str]) -> None:
    target = world_of(FakeClient(lambda _: pytest.fail("nothing is asked"))).target
    exchange = replace(answered(), method=method, url=url)
    assert {one.place for one in Recognition(target).of(exchange)} == places


def test_a_place_knows_what_opens_it() -> None:
    target = world_of(FakeClient(lambda _: pytest.fail("nothing is asked"))).target
    (tasks,) = Recognition(target).of(replace(answered(), method="GET", url=f"{API}/api/tasks"))
    assert (tasks.credential, tasks.method) == ("token", "GET")

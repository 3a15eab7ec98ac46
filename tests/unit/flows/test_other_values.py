"""What a browser holds besides the access token opens nothing in its place."""

from __future__ import annotations

import pytest

from harness.core.errors import Absent
from harness.core.findings import Unmet
from harness.flows.access_token import control_token
from harness.flows.other_values import VALUES, present_as_token
from harness.scenario.world import World
from tests.support.fake_backend import COOKIE, FakeBackend
from tests.support.fake_client import WEB, FakeClient, Sent
from tests.support.scenario import with_people, world_of

SESSION, PART, OTHER = VALUES


def judged(world: World, value: str) -> None:
    control_token(world, "Ann")
    present_as_token(world, "Ann", value)
    world.judge.all_refused()


def keep(world: World, *cookies: str) -> None:
    world.device("Ann", "first device").jar.store([f"{cookie}; Path=/" for cookie in cookies], f"{WEB}/")


def presented(client: FakeClient) -> list[str]:
    """What was presented as a token that is none."""
    headers = [sent.header("authorization") or "" for sent in client.sent if sent.who == "an attacker"]
    return [header.removeprefix("Bearer ") for header in headers]


@pytest.mark.parametrize(
    ("value", "cookie", "tried"),
    [
        (SESSION, f"{COOKIE}=session-number-one", ["session-number-one"]),
        (SESSION, f"{COOKIE}=of%2Dthe%2Dsession.sig", ["of%2Dthe%2Dsession.sig", "of-the-session.sig"]),
        (PART, f"{COOKIE}=the-session.the-signature", ["the-session", "the-signature"]),
        (OTHER, "remembered=the-value-of-another", ["the-value-of-another"]),
    ],
)
def test_what_is_refused_is_right(
    world: World, client: FakeClient, value: str, cookie: str, tried: list[str]
) -> None:
    keep(world, cookie)
    judged(world, value)
    assert presented(client) == tried


@pytest.mark.parametrize(
    ("value", "cookie", "taken"),
    [
        (SESSION, f"{COOKIE}=session-number-one", "session-number-one"),
        (PART, f"{COOKIE}=the-session.the-signature", "the-session"),
        (OTHER, "remembered=the-value-of-another", "the-value-of-another"),
    ],
)
def test_what_opens_the_tasks_is_found_out(
    world: World, backend: FakeBackend, value: str, cookie: str, taken: str
) -> None:
    keep(world, cookie)
    ann, proper = backend.accounts[world.person("Ann").email], backend.caller

    def caller(sent: Sent) -> object:
        return ann if sent.header("authorization") == f"Bearer {taken}" else proper(sent)

    backend.caller = caller  # type: ignore[method-assign, assignment]
    with pytest.raises(Unmet, match=f"{value} in place of an access token is refused; .*private text"):
        judged(world, value)


@pytest.mark.parametrize("value", [PART, OTHER])
def test_where_there_is_none_nothing_is_presented(world: World, value: str) -> None:
    keep(world, "lang=en")
    with pytest.raises(Absent, match="that is not the access token"):
        judged(world, value)


def test_the_token_itself_in_a_cookie_is_no_other_value(world: World) -> None:
    token = world.opener.value(world.device("Ann", "first device"))
    keep(world, f"copy={token}", f"envelope=s:{token}.signature")
    with pytest.raises(Absent, match="no such value that is not the access token: another of"):
        judged(world, OTHER)


def test_where_a_cookie_opens_the_tasks_there_is_no_place_for_a_token(client: FakeClient) -> None:
    world = with_people(world_of(client, '[tasks]\nbase = "web"\ncredential = "session"\n'), "Ann")
    with pytest.raises(Absent, match="no access token does"):
        judged(world, SESSION)

"""A sign-out with an expired access token ends what outlives that token."""

from __future__ import annotations

import jwt
import pytest

from harness.core.errors import Absent
from harness.core.findings import NotTested, Unmet
from harness.deployment.errors import EndOutOfReach
from harness.flows.common import sign_in_also
from harness.flows.signout_expired import control_outliving, must_be_dead, sign_out_expired
from harness.scenario.world import World
from tests.support.fake_backend import COOKIE, SECRET, UNAUTHENTICATED, FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import REFRESH, SESSION, SIGN_OUT, said, with_people, world_of

BY_TOKEN = '[operations.sign_out]\ncredential = "token"\n'
COOKIE_ALONE = BY_TOKEN + "[operations]\nrefresh = false\n[credentials]\nrefresh = false\n"
STATELESS = BY_TOKEN + '[credentials.session]\nafter_sign_out = "until it ends"\n'


@pytest.fixture
def laptop(client: FakeClient) -> World:
    return of(client, BY_TOKEN)


def of(client: FakeClient, profile: str) -> World:
    """Ann is signed in on her laptop, too."""
    world = with_people(world_of(client, profile), "Ann")
    sign_in_also(world, "Ann", "laptop")
    return world


def ending(backend: FakeBackend, *, needs_live_token: bool = False, status: int = 401, ends: bool = True) -> None:
    """Have sign-out end all of a device, by the token that it presents."""

    def sign_out(sent: Sent) -> Answer:
        token = (sent.header("authorization") or "").removeprefix("Bearer ")
        try:
            jwt.decode(token, SECRET, ["HS256"], options={"verify_aud": False})
        except jwt.InvalidTokenError:
            answer = Answer(status)
            if needs_live_token:
                return answer
        else:
            answer = Answer(200, {"success": True})
        account = backend.signed_in(sent)
        if account is not None and ends:
            backend.sessions.pop(sent.cookies[COOKIE])
            backend.refresh_tokens.pop([*backend.refresh_tokens][-1])
        return answer

    backend.routes[SIGN_OUT] = sign_out


def judged(world: World) -> None:
    control_outliving(world, "Ann", "laptop")
    sign_out_expired(world, "Ann", "laptop")
    must_be_dead(world)


@pytest.mark.parametrize("status", [200, 401])
def test_whatever_is_answered_a_dead_session_is_fine(laptop: World, backend: FakeBackend, status: int) -> None:
    ending(backend, status=status)
    judged(laptop)
    assert any("mint" in note for note in laptop.notes)


@pytest.mark.parametrize("status", [200, 401, 500])
def test_what_lives_on_is_found_out(laptop: World, backend: FakeBackend, status: int) -> None:
    ending(backend, needs_live_token=True, status=status)
    expected = f"answered {status}.* and after it there lives the session's cookie and the refresh token"
    with pytest.raises(Unmet, match=expected) as failed:
        judged(laptop)
    control, decisive = failed.value.exchanges
    assert (control.status, decisive.status) == (200, status)


def test_a_refresh_token_that_no_sign_out_ends_is_judged_elsewhere(laptop: World) -> None:
    with pytest.raises(NotTested, match="with a live access token there lives the refresh token, too"):
        judged(laptop)


def test_a_cookie_alone_is_enough(client: FakeClient, backend: FakeBackend) -> None:
    ending(backend, needs_live_token=True)
    with pytest.raises(Unmet, match=r"there lives the session's cookie$"):
        judged(of(client, COOKIE_ALONE))


def test_a_session_that_no_sign_out_can_end_is_left_out(client: FakeClient, backend: FakeBackend) -> None:
    ending(backend, needs_live_token=True)
    with pytest.raises(Unmet, match=r"there lives the refresh token$"):
        judged(of(client, STATELESS))


def test_where_no_sign_out_ends_anything_nothing_is_judged(laptop: World, backend: FakeBackend) -> None:
    ending(backend, ends=False)
    with pytest.raises(
        NotTested, match="with a live access token there lives the session's cookie and the refresh"
    ):
        judged(laptop)


@pytest.mark.parametrize(
    ("route", "answer"), [(REFRESH, UNAUTHENTICATED), (SESSION, Answer(200, None))], ids=["refresh", "session"]
)
def test_what_does_not_work_before_is_not_judged(
    laptop: World, backend: FakeBackend, route: str, answer: Answer
) -> None:
    backend.routes[route] = said(answer)
    with pytest.raises(NotTested):
        control_outliving(laptop, "Ann", "laptop")


OPAQUE = BY_TOKEN + '[credentials.token]\nkind = "opaque"\nlifetime = 1\n'


def test_an_opaque_token_is_waited_for(client: FakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    world = of(client, OPAQUE)
    monkeypatch.setattr(world.expiry, "end_opaque_token", lambda: "waited")
    control_outliving(world, "Ann", "laptop")
    sign_out_expired(world, "Ann", "laptop")
    assert world.notes[-1] == "waited"


def test_a_token_that_no_wait_is_long_enough_for_is_not_judged(client: FakeClient) -> None:
    world = of(client, OPAQUE)
    control_outliving(world, "Ann", "laptop")
    with pytest.raises(EndOutOfReach):
        sign_out_expired(world, "Ann", "laptop")


def test_a_token_of_another_secret_proves_nothing(client: FakeClient, backend: FakeBackend) -> None:
    del backend
    world = with_people(world_of(client, BY_TOKEN, secret="another secret of thirty-two bytes and more"), "Ann")
    sign_in_also(world, "Ann", "laptop")
    control_outliving(world, "Ann", "laptop")
    with pytest.raises(NotTested, match="a clone of the access token, signed with the given secret"):
        sign_out_expired(world, "Ann", "laptop")


@pytest.mark.parametrize(
    ("profile", "why"),
    [
        ("", "sign-out takes no access token"),
        ('[operations.sign_out]\ncredential = "none"\n', "sign-out takes no access token"),
        (f"{STATELESS}[operations]\nrefresh = false\n[credentials]\nrefresh = false\n", "nothing that outlives"),
    ],
)
def test_where_there_is_nothing_to_end_it_does_not_apply(client: FakeClient, profile: str, why: str) -> None:
    world = of(client, profile)
    with pytest.raises(Absent, match=why):
        control_outliving(world, "Ann", "laptop")

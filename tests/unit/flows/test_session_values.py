"""Each sign-in opens a session of its own."""

from __future__ import annotations

import pytest

from harness.core.findings import Unmet
from harness.flows.session_values import Pairs, must_be_new, sign_in_twice
from harness.scenario.world import World
from tests.support.fake_backend import COOKIE, Account, FakeBackend, signed
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import SESSION, SIGN_IN, SIGN_OUT, with_people, world_of

TOKEN = """
[operations]
token = false
[operations.session]
credential = "token"
[credentials.session]
kind = "token"
[credentials.token]
issued_by = "sign_in"
pointer = "/token"
"""


def opening(backend: FakeBackend, value: str, *further: str) -> Answer:
    """The answer that signs in under that value."""
    cookies = [("Set-Cookie", f"{COOKIE}={value}; Path=/; HttpOnly")]
    return Answer(200, {}, [*cookies, *(("Set-Cookie", one) for one in further)])


def signing_in(backend: FakeBackend, values: list[str]) -> None:
    """Have each sign-in open a session under the next of the values; the last one is for all that follow."""

    def sign_in(sent: Sent) -> Answer:
        account = backend.accounts[sent.fields["email"].lower()]
        value = values.pop(0) if len(values) > 1 else values[0]
        backend.sessions[value] = account
        return opening(backend, value, "theme=dark; Path=/")

    backend.routes[SIGN_IN] = sign_in


def test_two_sign_ins_cost_two(world: World, backend: FakeBackend, client: FakeClient) -> None:
    before = len(client.sent)
    sign_in_twice(world, "Ann", "laptop")
    must_be_new(world, "Ann")
    assert len([one for one in client.sent[before:] if f"POST {one.path}" == SIGN_IN]) == 2
    assert not client.paused
    assert len(backend.sessions) == 3  # the first devices', and the latest


def test_a_cookie_that_signs_in_nobody_may_stay_the_same(world: World, backend: FakeBackend) -> None:
    signing_in(backend, ["one", "two", "three"])
    sign_in_twice(world, "Ann", "laptop")
    must_be_new(world, "Ann")


def test_a_value_of_the_users_own_is_found_out(world: World, backend: FakeBackend, client: FakeClient) -> None:
    signing_in(backend, ["always"])
    world.cast.shared["Ann"].in_doubt = True
    world.deployment.sessions.sign_in_verified(world.device("Ann", "first device"))
    sign_in_twice(world, "Ann", "laptop")
    with pytest.raises(Unmet, match="her first device and her laptop have the same session value"):
        must_be_new(world, "Ann")
    assert client.paused


def test_an_ended_session_that_comes_again_is_found_out(world: World, backend: FakeBackend) -> None:
    signing_in(backend, ["laptop"])
    sign_in_twice(world, "Ann", "laptop")
    with pytest.raises(Unmet, match="her laptop and her laptop, signed in again have the same session value"):
        must_be_new(world, "Ann")


def test_what_is_made_of_a_whole_second_may_come_twice_in_it(
    world: World, backend: FakeBackend, client: FakeClient
) -> None:
    signing_in(backend, ["second 1", "second 1", "second 2"])
    sign_in_twice(world, "Ann", "laptop")
    must_be_new(world, "Ann")
    assert len(client.paused) == 1


def test_without_a_sign_out_it_is_only_signed_in_twice(client: FakeClient, backend: FakeBackend) -> None:
    world = with_people(world_of(client, "[operations]\nsign_out = false\n"), "Ann")
    del backend.routes[SIGN_OUT]
    sign_in_twice(world, "Ann", "laptop")
    must_be_new(world, "Ann")
    assert "without a sign-out" in world.notes[-1]


@pytest.mark.parametrize("claims", [{}, {"jti": "another"}])
def test_a_session_that_is_a_token_is_compared_by_it(
    client: FakeClient, backend: FakeBackend, claims: dict[str, str]
) -> None:
    said: list[str] = []

    def sign_in(sent: Sent) -> Answer:
        account = backend.accounts.get(sent.fields["email"].lower())
        if account is None:
            return Answer(401)
        same = {name: f"{value} {len(said)}" for name, value in claims.items()}
        said.append(signed(account, iat=1, exp=4_000_000_000, **same))
        return Answer(200, {"token": said[-1]})

    def session(sent: Sent) -> Answer:
        account: Account | None = next(iter(backend.accounts.values()), None)
        token = (sent.header("authorization") or "").removeprefix("Bearer ")
        return Answer(200, {"user": account.user}) if account and token in said else Answer(401)

    backend.routes |= {SIGN_IN: sign_in, SESSION: session}
    backend.routes["POST /api/auth/sign-up/email"] = lambda sent: (
        FakeBackend.sign_up(backend, sent),
        sign_in(sent),
    )[1]
    world = with_people(world_of(client, TOKEN), "Ann")
    sign_in_twice(world, "Ann", "laptop")
    assert bool(world.recall(Pairs).repeated) is not bool(claims)

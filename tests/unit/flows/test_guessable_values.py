"""Credentials that can be guessed from others of the same user."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable
from dataclasses import replace

import pytest

from harness.core.errors import Absent
from harness.core.findings import NotTested, Unmet
from harness.flows.guessable_values import collect, must_be_random, must_not_be_guessable
from harness.scenario.world import World
from tests.support.fake_backend import COOKIE, FakeBackend, signed
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import SIGN_IN, TOKEN, with_people, world_of

SESSION_IS_JWT = """
[credentials.session]
kind = "token"
[credentials.token]
issued_by = "sign_in"
pointer = "/token"
"""
NO_REFRESH = "[operations]\nrefresh = false\n[credentials]\nrefresh = false\n"


def drawing(backend: FakeBackend, draw: Callable[[], str], refresh: Callable[[], str] = secrets.token_hex) -> None:
    """Have sign-in open a session under what is drawn, and give such a refresh token."""

    def sign_in(sent: Sent) -> Answer:
        account, value = backend.accounts[sent.fields["email"].lower()], draw()
        backend.sessions[value] = account
        return Answer(200, {"refreshToken": refresh()}, [("Set-Cookie", f"{COOKIE}={value}; Path=/; HttpOnly")])

    backend.routes[SIGN_IN] = sign_in


def sign_ins(client: FakeClient) -> int:
    return sum(f"POST {sent.path}" == SIGN_IN for sent in client.sent)


def counted(form: str) -> Callable[[], str]:
    numbers = itertools.count(100)
    return lambda: form.format(next(numbers))


def test_random_values_are_right_and_are_collected_once(
    world: World, backend: FakeBackend, client: FakeClient
) -> None:
    drawing(backend, lambda: secrets.token_urlsafe(16))
    before = sign_ins(client)
    for kind in ("session value", "refresh token"):
        collect(world, "Ann", kind, 8)
        must_not_be_guessable(world, "Ann")
        must_be_random(world, "Ann")
    assert sign_ins(client) - before == 8
    assert "judged by 8 different refresh tokens of Ann's" in world.notes


@pytest.mark.parametrize("kind", ["session value", "refresh token"])
def test_a_counter_is_found_out(world: World, backend: FakeBackend, kind: str) -> None:
    drawing(backend, counted("session-{:08}"), counted("refresh-{:08}"))
    collect(world, "Ann", kind, 8)
    came = (
        r"8 .*s of Ann's.* differ by 64 random bits or more; it is 3 bits at most: of their 16 characters 15 are"
    )
    with pytest.raises(Unmet, match=came):
        must_not_be_guessable(world, "Ann")
    with pytest.raises(Unmet, match="by 128 random bits or more"):
        must_be_random(world, "Ann")


def test_eight_random_bytes_are_too_few_for_128_bits(world: World, backend: FakeBackend) -> None:
    drawing(backend, lambda: secrets.token_hex(8))
    collect(world, "Ann", "session value", 8)
    must_not_be_guessable(world, "Ann")
    with pytest.raises(Unmet, match="it is 64 bits at most: of their 16 characters 16 differ"):
        must_be_random(world, "Ann")


def test_what_may_be_a_second_secret_is_no_failure(world: World, backend: FakeBackend) -> None:
    numbers = counted("{:08}")
    drawing(backend, lambda: f"{numbers()}.{secrets.token_urlsafe(32)}")
    collect(world, "Ann", "session value", 8)
    must_not_be_guessable(world, "Ann")
    with pytest.raises(Unmet, match="before the last dot, after which a signature may stand, of their 8 char"):
        must_be_random(world, "Ann")


def test_what_surely_is_a_signature_does_not_count(world: World, backend: FakeBackend) -> None:
    numbers = counted("s:{:08}")
    drawing(backend, lambda: f"{numbers()}.{secrets.token_urlsafe(32)}")
    collect(world, "Ann", "session value", 8)
    with pytest.raises(Unmet, match="it is 3 bits at most"):
        must_not_be_guessable(world, "Ann")


def test_one_random_cookie_of_two_is_enough(client: FakeClient, backend: FakeBackend) -> None:
    numbers = counted("{:08}")

    def sign_in(sent: Sent) -> Answer:
        account, value = backend.accounts.get(sent.fields["email"].lower()), secrets.token_hex(16)
        if account is None:
            return Answer(401)
        backend.sessions[value] = account
        cookies = (f"{COOKIE}={value}; Path=/", f"number={numbers()}; Path=/")
        return Answer(200, {}, [("Set-Cookie", one) for one in cookies])

    backend.routes[SIGN_IN] = sign_in
    backend.routes["POST /api/auth/sign-up/email"] = lambda sent: (backend.sign_up(sent), sign_in(sent))[1]
    world = with_people(world_of(client, f'[credentials.session]\ncookie = ["{COOKIE}", "number"]\n'), "Ann")
    collect(world, "Ann", "session value", 8)
    must_not_be_guessable(world, "Ann")
    must_be_random(world, "Ann")


def test_opaque_tokens_of_an_endpoint_are_asked_for(client: FakeClient, backend: FakeBackend) -> None:
    numbers = counted("access-{:08}")
    backend.routes[TOKEN] = lambda _: Answer(200, {"token": numbers()})
    world = with_people(
        world_of(client, '[credentials.token]\nkind = "opaque"\n[tasks]\ncredential = "session"\n')
    )
    world.introduce(world.cast.share("Ann"))
    collect(world, "Ann", "access token", 8)
    with pytest.raises(Unmet, match="8 access tokens of Ann's differ by"):
        must_not_be_guessable(world, "Ann")


def test_sign_ins_that_give_the_same_again_show_nothing(world: World, backend: FakeBackend) -> None:
    drawing(backend, lambda: "always-the-same")
    with pytest.raises(NotTested, match="after 8 sign-ins Ann had only 1 different session values"):
        collect(world, "Ann", "session value", 8)


def test_refresh_tokens_that_are_jwts_cost_one_sign_in(
    world: World, backend: FakeBackend, client: FakeClient
) -> None:
    drawing(backend, secrets.token_hex, lambda: signed(next(iter(backend.accounts.values()))))
    before = sign_ins(client)
    with pytest.raises(Absent, match="Each refresh token is a JWT"):
        collect(world, "Ann", "refresh token", 8)
    assert sign_ins(client) - before == 1


def test_where_no_refresh_token_comes_that_is_said(world: World, backend: FakeBackend) -> None:
    def sign_in(sent: Sent) -> Answer:
        answer = FakeBackend.sign_in(backend, sent)
        return replace(answer, body={"user": {}})

    backend.routes[SIGN_IN] = sign_in
    with pytest.raises(NotTested, match=r"no refresh token where credentials\.refresh says"):
        collect(world, "Ann", "refresh token", 8)


def test_a_jwt_is_not_guessed(client: FakeClient, world: World) -> None:
    with pytest.raises(Absent, match="The access token is a JWT"):
        collect(world, "Ann", "access token", 8)
    with pytest.raises(Absent, match="The session is a JWT"):
        collect(world_of(client, SESSION_IS_JWT), "Ann", "session value", 8)
    with pytest.raises(Absent, match="no refresh token"):
        collect(world_of(client, NO_REFRESH), "Ann", "refresh token", 8)

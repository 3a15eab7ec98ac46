"""Where a token is taken, how its scheme may be written, and what it may say."""

from __future__ import annotations

import pytest

from harness.core.errors import Absent
from harness.core.findings import HarnessError, NotTested, Unmet
from harness.deployment.credential import ANONYMOUS
from harness.flows.access_token import control_token
from harness.flows.expiry import present_expired
from harness.flows.token_transport import (
    ELSEWHERE,
    must_hold_no_secret,
    must_open_too,
    must_say_unauthorized,
    present_elsewhere,
    read_token,
    respell_scheme,
)
from harness.profile.credentials import Token
from harness.scenario.world import World
from harness.tokens.jws import Jwt
from tests.support.fake_backend import COOKIE, SECRET, FakeBackend
from tests.support.fake_client import API, Answer, FakeClient, Sent
from tests.support.scenario import LIST, said, with_people, world_of

IN_HEADER = [place for place in ELSEWHERE if not place.startswith("in the address")]


@pytest.fixture
def opened(world: World) -> World:
    """Ann's token was seen to open her tasks."""
    control_token(world, "Ann")
    return world


@pytest.mark.parametrize("place", [*ELSEWHERE])
def test_a_token_that_is_not_taken_there_is_fine(opened: World, place: str) -> None:
    present_elsewhere(opened, "Ann", place)
    opened.judge.all_refused()


@pytest.mark.parametrize("place", [*ELSEWHERE])
def test_a_token_that_is_taken_there_is_found_out(opened: World, backend: FakeBackend, place: str) -> None:
    ann, proper = backend.accounts[opened.person("Ann").email], backend.caller
    token = opened.opener.value(opened.device("Ann", "first device"))

    def caller(sent: Sent) -> object:
        anywhere = f"{sent.url} {sent.header('authorization')}"
        return ann if sent.url.startswith(API) and token in anywhere else proper(sent)

    backend.caller = caller  # type: ignore[assignment,method-assign]
    present_elsewhere(opened, "Ann", place)
    with pytest.raises(Unmet, match=f"Ann's token {place} is refused; .*private text"):
        opened.judge.all_refused()


@pytest.mark.parametrize("place", IN_HEADER)
@pytest.mark.parametrize("declared", ['scheme = ""', 'header = "X-Token"', 'in_cookie = "token"'])
def test_another_way_that_is_declared_is_right(client: FakeClient, place: str, declared: str) -> None:
    world = world_of(client, f"[credentials.token]\n{declared}\n")
    token = world.target.profile.credentials.token
    assert isinstance(token, Token)
    with pytest.raises(Absent, match="in another way than as a bearer token"):
        ELSEWHERE[place](token, "a token")


def test_an_address_that_is_declared_is_right(client: FakeClient) -> None:
    world = world_of(client, '[credentials.token]\nin_query = "key"\n')
    token = world.target.profile.credentials.token
    assert isinstance(token, Token)
    with pytest.raises(Absent, match="the address carries the token"):
        ELSEWHERE["in the address as token"](token, "a token")


# --- the scheme ---


@pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
def test_a_scheme_has_no_case(opened: World, backend: FakeBackend, scheme: str) -> None:
    respell_scheme(opened, "Ann", scheme)
    must_open_too(opened, "Ann")
    proper = backend.caller
    backend.caller = lambda sent: (  # type: ignore[method-assign]
        proper(sent) if (sent.header("authorization") or "").startswith("Bearer") else None
    )
    with pytest.raises(Unmet, match=f'"{scheme}" is the scheme that "Bearer" is.*answered 401'):
        must_open_too(opened, "Ann")


def test_without_its_control_no_scheme_is_judged(world: World) -> None:
    respell_scheme(world, "Ann", "bearer")
    with pytest.raises(HarnessError, match="without a control"):
        must_open_too(world, "Ann")


# --- what a bearer of an expired one is answered ---


def answered_expired(world: World, backend: FakeBackend, status: int) -> None:
    """Ann's token after its end is answered so."""
    proper = backend.list_tasks
    backend.routes[LIST] = lambda sent: proper(sent) if backend.caller(sent) else Answer(status, {"message": "no"})
    present_expired(world, "Ann")
    must_say_unauthorized(world)


def test_an_expired_token_is_answered_401(opened: World, backend: FakeBackend) -> None:
    answered_expired(opened, backend, 401)
    assert opened.judge.attempts == []


@pytest.mark.parametrize("status", [400, 403, 404, 303])
def test_another_answer_is_found_out(opened: World, backend: FakeBackend, status: int) -> None:
    with pytest.raises(Unmet, match=rf"token after its end is answered 401, or as .*; it was answered {status}"):
        answered_expired(opened, backend, status)


IN_THE_PROFILE = ["[outcomes]\nunauthenticated", "[tasks.list]\noutcomes.unauthenticated"]


@pytest.mark.parametrize("declared", IN_THE_PROFILE, ids=["all", "the list's"])
def test_what_is_declared_is_right(client: FakeClient, backend: FakeBackend, declared: str) -> None:
    world = with_people(world_of(client, f"{declared} = {{ status = 403 }}\n"), "Ann")
    control_token(world, "Ann")
    answered_expired(world, backend, 403)


@pytest.mark.parametrize("status", [200, 500])
def test_what_is_no_refusal_is_not_judged_here(opened: World, backend: FakeBackend, status: int) -> None:
    with pytest.raises(NotTested, match=f"was not refused: it was answered {status}"):
        answered_expired(opened, backend, status)


def test_what_everybody_is_answered_says_nothing(opened: World, backend: FakeBackend) -> None:
    present_expired(opened, "Ann")
    backend.routes[LIST] = said(Answer(403, {"message": "closed"}))
    with pytest.raises(NotTested, match="the control failed"):
        must_say_unauthorized(opened)


def test_a_token_that_is_no_bearer_token_is_answered_otherwise_by_right(
    client: FakeClient, backend: FakeBackend
) -> None:
    backend.caller = lambda _: next(iter(backend.accounts.values()), None)  # type: ignore[method-assign,assignment]
    world = with_people(world_of(client, '[credentials.token]\nin_query = "token"\n'), "Ann")
    control_token(world, "Ann")
    world.judge.attempt(
        world.tasks.attempt("list", "x", ANONYMOUS, world.person("Ann"), world.task_of("Ann"), what="a token")
    )
    with pytest.raises(Absent, match="in another way than as a bearer token"):
        must_say_unauthorized(world)


# --- what it says ---


def says(world: World, value: object) -> None:
    device = world.device("Ann", "first device")
    own = Jwt.parse(world.opener.value(device))
    device.access_token = own.with_claims(extra=value).signed(SECRET.encode())
    read_token(world, "Ann")
    must_hold_no_secret(world, "Ann")


def test_a_name_and_an_address_are_no_secret(world: World) -> None:
    ann = world.person("Ann")
    says(world, {"name": ann.name, "email": ann.email, "roles": ["user"], "emailVerified": False})


def test_what_nobody_may_read_is_named(world: World) -> None:
    ann, device = world.person("Ann"), world.device("Ann", "first device")
    device.refresh_token = "a-refresh-token-of-ann"
    session = world.session_of("Ann").cookies[COOKIE]
    for value, what in {
        ann.password: "Ann's password",
        f"x{session}x": "Ann's session",
        session.partition(".")[0]: "Ann's session",
        device.refresh_token: "Ann's refresh token",
        SECRET: "the secret that signs it",
        "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g": "what looks like the hash of a password",
    }.items():
        with pytest.raises(Unmet, match=f"says nothing secret; it holds {what}"):
            says(world, {"deep": [value]})

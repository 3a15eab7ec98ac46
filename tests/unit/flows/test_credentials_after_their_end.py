"""Tokens that were accepted before their end, and refresh tokens, after it."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from types import ModuleType
from typing import Any

import jwt
import pytest

from harness.core.blocker import Blocker
from harness.core.findings import NotApplicable, NotTested, Unmet
from harness.deployment.errors import EndOutOfReach
from harness.deployment.expiry import Expiry
from harness.flows.access_token import control_token
from harness.flows.cached_verification import use_beyond_end
from harness.flows.common import sign_in_also
from harness.flows.refresh import must_have_yielded_nothing
from harness.flows.refresh_expired import present_expired
from harness.scenario.world import World
from harness.tokens.jws import Jwt
from tests.support.fake_backend import SECRET, UNAUTHENTICATED, Account, FakeBackend, signed
from tests.support.fake_client import API, Answer, FakeClient, Sent
from tests.support.scenario import REFRESH, SIGN_IN, with_people, world_of


@pytest.fixture
def by_clock(world: World, backend: FakeBackend, waits: list[float]) -> World:
    """Tokens end by the clock of the test."""
    proper = backend.caller

    def caller(sent: Sent) -> Account | None:
        token = (sent.header("authorization") or "").removeprefix("Bearer ")
        if not sent.url.startswith(API) or not token:
            return proper(sent)
        return proper(sent) if Jwt.parse(token).ends > time.time() else None

    backend.caller = caller  # type: ignore[method-assign]
    world.expiry = Expiry(world.target, 15.0)
    control_token(world, "Ann")
    return world


def test_a_token_that_is_refused_after_its_end_is_right(by_clock: World, waits: list[float]) -> None:
    use_beyond_end(by_clock, "Ann")
    by_clock.judge.all_refused()
    assert 5 < sum(waits) <= 6


def test_a_verifier_that_remembers_is_found_out(by_clock: World, backend: FakeBackend) -> None:
    proper, kept = backend.caller, dict[str, Account | None]()

    def caller(sent: Sent) -> Account | None:
        token = sent.header("authorization") or ""
        if not kept.get(token):
            kept[token] = proper(sent)
        return kept[token]

    backend.caller = caller  # type: ignore[method-assign]
    use_beyond_end(by_clock, "Ann")
    with pytest.raises(
        Unmet, match=r"Ann's token after its end, before which it was accepted, is refused; .*private"
    ):
        by_clock.judge.all_refused()


def test_an_end_that_is_too_far_is_not_waited_for(client: FakeClient) -> None:
    world = with_people(world_of(client, "[jwt]\nleeway = 60\n"), "Ann")
    world.expiry = Expiry(world.target, 15.0)
    with pytest.raises(EndOutOfReach, match="later than the 15 s that --max-wait allows"):
        use_beyond_end(world, "Ann")


def test_without_the_secret_none_is_made(client: FakeClient) -> None:
    with pytest.raises(NotTested, match="secret was not given"):
        use_beyond_end(with_people(world_of(client, secret=None), "Ann"), "Ann")


# --- refresh tokens ---


def ageing(world: World, backend: FakeBackend, monkeypatch: pytest.MonkeyPatch, *, ends: bool) -> None:
    world.expiry = Expiry(replace(world.target, database_url="sqlite://"), 0.0)

    def age(_url: str, statement: str, who: dict[str, str]) -> None:
        assert "refresh_tokens" in statement
        assert who == {"email": world.person("Ann").email}
        if ends:
            backend.refresh_tokens.clear()

    module = ModuleType("expiry_sql")
    module.age_sessions = age  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "harness.deployment.expiry_sql", module)


def test_an_aged_refresh_token_that_yields_nothing_is_right(
    world: World, backend: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in_also(world, "Ann", "laptop")
    ageing(world, backend, monkeypatch, ends=True)
    present_expired(world, "Ann", "laptop")
    must_have_yielded_nothing(world)
    assert world.notes[-1].startswith("age: ")


def test_one_that_yields_a_token_is_found_out(
    world: World, backend: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in_also(world, "Ann", "laptop")
    ageing(world, backend, monkeypatch, ends=False)
    present_expired(world, "Ann", "laptop")
    with pytest.raises(
        Unmet, match="a refresh token of Ann's after its end yields nothing; it yielded a new access"
    ):
        must_have_yielded_nothing(world)


def test_a_refresh_that_never_works_is_no_control(world: World, backend: FakeBackend) -> None:
    sign_in_also(world, "Ann", "laptop")
    backend.routes[REFRESH] = lambda _: UNAUTHENTICATED
    with pytest.raises(NotTested, match="a live refresh token yields a new token"):
        present_expired(world, "Ann", "laptop")


@pytest.mark.parametrize("is_verified", [True, False])
def test_with_the_secret_an_expired_one_is_made(
    client: FakeClient, backend: FakeBackend, is_verified: bool
) -> None:
    presented: list[str] = []

    def admitted(sent: Sent) -> Answer:
        account = backend.accounts.get(sent.fields["email"].lower())
        if account is None:
            return Answer(401)
        answer = backend.admitted(account)
        return replace(answer, body={**answer.body, "refreshToken": signed(account, jti=backend.number())})

    def refresh(sent: Sent) -> Answer:
        presented.append(sent.fields["refreshToken"])
        options: Any = {"verify_aud": False, "verify_exp": is_verified}
        try:
            claims = jwt.decode(presented[-1], SECRET, ["HS256"], options=options)
        except jwt.InvalidTokenError:
            return UNAUTHENTICATED
        account = next(one for one in backend.accounts.values() if one.id == claims["sub"])
        return Answer(200, {"token": signed(account), "refreshToken": signed(account, jti=backend.number())})

    backend.routes |= {SIGN_IN: admitted, REFRESH: refresh}
    world = with_people(world_of(client), "Ann")
    sign_in_also(world, "Ann", "laptop")
    present_expired(world, "Ann", "laptop")
    assert Jwt.parse(presented[1]).ends < time.time()
    assert world.notes[-1].startswith("mint: ")
    if is_verified:
        must_have_yielded_nothing(world)
        return
    with pytest.raises(Unmet, match="yielded a new access token"):
        must_have_yielded_nothing(world)


def test_a_declared_lifetime_is_waited_for(client: FakeClient, waits: list[float]) -> None:
    changes = "age_session = false\ncredentials.refresh.lifetime = 5\n"
    world = with_people(world_of(client, changes), "Ann")
    world.expiry = Expiry(world.target, 15.0)
    sign_in_also(world, "Ann", "laptop")
    present_expired(world, "Ann", "laptop")
    assert 6 < sum(waits) <= 7
    with pytest.raises(Unmet, match="yielded a new access token"):
        must_have_yielded_nothing(world)
    world.expiry = Expiry(world.target, 3.0)
    with pytest.raises(EndOutOfReach, match=r"lives 7 s more.*age_session\.refresh_statement"):
        present_expired(world, "Ann", "phone")


def test_an_end_that_nothing_tells_is_out_of_reach(client: FakeClient) -> None:
    world = with_people(world_of(client, "age_session = false\n"), "Ann")
    sign_in_also(world, "Ann", "laptop")
    with pytest.raises(EndOutOfReach, match="nothing tells when the refresh token ends") as raised:
        present_expired(world, "Ann", "laptop")
    assert raised.value.blocker is Blocker.UNFIT


def test_a_deployment_without_a_shared_secret_is_none_of_this(client: FakeClient, backend: FakeBackend) -> None:
    world = with_people(world_of(client), "Ann")
    token = world.opener.value(world.device("Ann", "first device"))
    world.device("Ann", "first device").access_token = Jwt({"alg": "EdDSA"}, Jwt.parse(token).claims, "c2ln").text
    with pytest.raises(NotApplicable, match="there is no shared secret"):
        use_beyond_end(world, "Ann")

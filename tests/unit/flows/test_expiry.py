"""A token has an end, and after it opens nothing; how the end was reached is noted."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from types import ModuleType

import jwt
import pytest

from harness.core.blocker import Blocker
from harness.core.findings import NotTested, Unmet
from harness.deployment.errors import EndOutOfReach
from harness.deployment.expiry import Expiry
from harness.flows.access_token import ask_for_token, control_task_call
from harness.flows.captured import capture, control_captured, must_be_dead
from harness.flows.common import sign_in
from harness.flows.expiry import (
    end_on_server,
    must_be_short_lived,
    must_end,
    must_end_within_ten_years,
    must_name_its_end,
    present_expired,
    replay,
)
from harness.flows.frozen_copies import CapturedSession
from harness.scenario.world import World
from harness.tokens.jws import Jwt
from tests.support.fake_backend import SECRET, Account, FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import SIGN_IN, TOKEN, said, with_people, world_of

SESSION_IS_JWT = """
[credentials.session]
kind = "token"
[credentials.token]
issued_by = "sign_in"
pointer = "/token"
"""


def test_a_token_that_has_an_end_names_it(world: World) -> None:
    ask_for_token(world, "Ann")
    must_name_its_end(world)


@pytest.mark.parametrize("claims", [{}, {"exp": "tomorrow"}], ids=["no exp", "an exp that is text"])
def test_one_that_has_none_is_found_out(world: World, backend: FakeBackend, claims: dict[str, str]) -> None:
    token = Jwt({"alg": "HS256"}, {"sub": "1", **claims}, "c2ln").signed(SECRET.encode())
    backend.routes[TOKEN] = said(Answer(200, {"token": token}))
    ask_for_token(world, "Ann")
    with pytest.raises(Unmet, match="has an expiry"):
        must_name_its_end(world)


@pytest.mark.parametrize(
    ("end", "came"),
    [
        (
            time.time() * 1000 + 900_000,
            "years away; a NumericDate counts seconds, and this looks like milliseconds",
        ),
        (time.time() + 11 * 366 * 86_400, r"which is 11 years away$"),
    ],
    ids=["milliseconds", "eleven years"],
)
def test_an_end_beyond_ten_years_is_found_out(world: World, backend: FakeBackend, end: float, came: str) -> None:
    token = Jwt({"alg": "HS256"}, {"sub": "1", "exp": int(end)}, "c2ln").signed(SECRET.encode())
    backend.routes[TOKEN] = said(Answer(200, {"token": token}))
    ask_for_token(world, "Ann")
    with pytest.raises(Unmet, match=rf"expires within ten years; its exp is \d+, .*{came}"):
        must_end_within_ten_years(world)


@pytest.mark.parametrize("years", [0, 9])
def test_a_long_life_is_a_policy(world: World, backend: FakeBackend, years: int) -> None:
    end = time.time() + 60 + years * 365 * 86_400
    token = Jwt({"alg": "HS256"}, {"sub": "1", "exp": end}, "c2ln").signed(SECRET.encode())
    backend.routes[TOKEN] = said(Answer(200, {"token": token}))
    ask_for_token(world, "Ann")
    must_end_within_ten_years(world)


def test_a_token_without_an_end_is_judged_by_its_own_requirement(world: World, backend: FakeBackend) -> None:
    token = Jwt({"alg": "HS256"}, {"sub": "1"}, "c2ln").signed(SECRET.encode())
    backend.routes[TOKEN] = said(Answer(200, {"token": token}))
    ask_for_token(world, "Ann")
    with pytest.raises(NotTested, match="expiry-token-has-exp judges"):
        must_end_within_ten_years(world)


def test_an_expired_token_is_refused(world: World) -> None:
    control_task_call(world, "Ann", "list")
    present_expired(world, "Ann")
    world.judge.all_refused()
    assert world.notes == ["mint: signed again with an end one hour ago"]


def test_one_that_is_accepted_is_found_out(world: World, backend: FakeBackend) -> None:
    control_task_call(world, "Ann", "list")

    def caller(sent: Sent) -> Account | None:
        token = (sent.header("authorization") or "").removeprefix("Bearer ")
        claims = jwt.decode(token, SECRET, ["HS256"], options={"verify_exp": False, "verify_aud": False})
        return next(one for one in backend.accounts.values() if one.id == claims["sub"])

    backend.caller = caller  # type: ignore[method-assign]
    present_expired(world, "Ann")
    with pytest.raises(Unmet, match=r"Ann's token after its end is refused; .*private text"):
        world.judge.all_refused()


def test_a_wrong_secret_is_noticed_before_it_proves_anything(client: FakeClient) -> None:
    world = with_people(world_of(client, secret="another-secret-of-some-length-0001"), "Ann")
    with pytest.raises(NotTested, match="the control failed"):
        present_expired(world, "Ann")


def test_without_a_secret_the_end_has_to_be_waited_for(client: FakeClient) -> None:
    world = with_people(world_of(client, secret=None), "Ann")
    with pytest.raises(EndOutOfReach, match="longer than the 0 s"):
        present_expired(world, "Ann")


# --- sessions ---


def test_a_session_that_ends_in_days_is_out_of_reach(world: World) -> None:
    capture(world, "Ann", "first device")
    with pytest.raises(EndOutOfReach, match="the session lives"):
        end_on_server(world, "Ann", "Bob")


@pytest.fixture
def by_token(client: FakeClient, backend: FakeBackend) -> World:
    """A deployment whose session is a JWT that sign-in hands out; it was captured on Ann's first device."""
    tokens: dict[str, Account] = {}

    def handed_out(answer: Answer, account: Account) -> Answer:
        now = int(time.time())
        token = jwt.encode({"sub": account.id, "iat": now, "exp": now + 900}, SECRET, "HS256")
        tokens[token] = account
        return Answer(200, {"user": account.user, "token": token})

    def sign_in(sent: Sent) -> Answer:
        account = backend.accounts.get(sent.fields["email"])
        return handed_out(backend.admitted(account), account) if account else Answer(401)

    def sign_up(sent: Sent) -> Answer:
        backend.sign_up(sent)
        return sign_in(sent)

    def session(sent: Sent) -> Answer:
        account = backend.caller(sent) if sent.header("authorization") else None
        return Answer(200, {"user": account.user}) if account else Answer(401)

    def caller(sent: Sent) -> Account | None:
        token = (sent.header("authorization") or "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, SECRET, ["HS256"])
        except jwt.InvalidTokenError:
            return None
        return next(one for one in backend.accounts.values() if one.id == claims["sub"])

    backend.caller = caller  # type: ignore[method-assign]
    backend.routes |= {
        "POST /api/auth/sign-up/email": sign_up,
        "POST /api/auth/sign-in/email": sign_in,
        "GET /api/auth/get-session": session,
    }
    world = world_of(client, SESSION_IS_JWT)
    world.introduce(world.cast.share("Ann"))
    capture(world, "Ann", "first device")
    return world


def test_a_session_that_is_a_token_is_replaced_by_one_past_its_end(by_token: World) -> None:
    before = by_token.recall(CapturedSession)
    end_on_server(by_token, "Ann", "Bob")
    after = by_token.recall(CapturedSession)
    (then,), (now,) = before.values, after.values
    assert Jwt.parse(now).claims["exp"] < time.time() < Jwt.parse(then).claims["exp"]
    assert now in after.credential.carried["Authorization"]
    assert after.device is before.device


def test_one_whose_clone_is_not_accepted_proves_nothing(by_token: World, backend: FakeBackend) -> None:
    backend.routes["GET /api/auth/get-session"] = said(Answer(401))
    with pytest.raises(NotTested, match="a clone of the session, signed with the given secret, is not accepted"):
        end_on_server(by_token, "Ann", "Bob")


# --- ageing ---


@pytest.fixture
def aged(client: FakeClient, backend: FakeBackend, monkeypatch: pytest.MonkeyPatch) -> tuple[World, list[Account]]:
    """Ann's session was captured; the statement that ages sessions ends those of the accounts in the list."""
    world = with_people(world_of(client), "Ann", "Bob")
    target = replace(world.target, database_url="sqlite://")
    world.expiry = Expiry(target, 0.0)
    ended: list[Account] = []

    def age(_url: str, _statement: str, who: dict[str, str]) -> None:
        assert who == {"email": world.person("Ann").email}
        backend.sessions = {key: one for key, one in backend.sessions.items() if one not in ended}

    module = ModuleType("expiry_sql")
    module.age_sessions = age  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "harness.deployment.expiry_sql", module)
    capture(world, "Ann", "first device")
    control_captured(world, "Ann", "session endpoint")
    return world, ended


def test_an_aged_session_is_refused_and_another_users_lives(
    aged: tuple[World, list[Account]], backend: FakeBackend
) -> None:
    world, ended = aged
    ended.append(backend.accounts[world.person("Ann").email])
    end_on_server(world, "Ann", "Bob")
    must_be_dead(world, "Ann", "session endpoint")


def test_a_statement_that_ends_every_session_shows_nothing(
    aged: tuple[World, list[Account]], backend: FakeBackend
) -> None:
    world, ended = aged
    ended.extend(backend.accounts.values())
    with pytest.raises(NotTested, match=r"ended Bob's too.*Correct age_session\.statement") as failed:
        end_on_server(world, "Ann", "Bob")
    assert failed.value.blocker is Blocker.UNFIT


def test_a_user_who_is_not_signed_in_is_no_control(
    aged: tuple[World, list[Account]], backend: FakeBackend
) -> None:
    world, _ = aged
    backend.sessions.clear()
    with pytest.raises(NotTested, match="Bob's first device is not signed in before any session expires"):
        end_on_server(world, "Ann", "Bob")


# --- what nothing revokes ---

NO_SIGN_OUT = "[operations]\nsign_out = false\nrevoke_session = false\nrevoke_other_sessions = false\n"


def _alone(client: FakeClient, changes: str) -> World:
    world = with_people(world_of(client, changes), "Ann")
    world.expiry.max_wait = 15
    sign_in(world, "Ann", "laptop")
    return world


@pytest.mark.parametrize(
    ("changes", "came"),
    [
        (NO_SIGN_OUT, r"a session that nothing revokes ends within 3600 s .*; it lives 604[78]\d\d s"),
        (
            f"{NO_SIGN_OUT}[credentials.session]\nmax_lifetime = 700000\n",
            r"the profile allows 700000 s in credentials\.session\.max_lifetime\); it lives 604[78]\d\d s",
        ),
        (
            '[credentials.token]\nafter_sign_out = "until it ends"\nmax_lifetime = 300\n',
            r"an access token that nothing revokes ends within 300 s .*it lives (900|899) s more, by its exp",
        ),
    ],
    ids=["no sign-out", "a long declaration", "a short declaration"],
)
def test_a_credential_that_nothing_revokes_is_short_lived(client: FakeClient, changes: str, came: str) -> None:
    with pytest.raises(Unmet, match=came):
        must_be_short_lived(_alone(client, changes), "Ann", "laptop")


def test_a_token_of_a_quarter_of_an_hour_is(client: FakeClient) -> None:
    must_be_short_lived(_alone(client, '[credentials.token]\nafter_sign_out = "until it ends"\n'), "Ann", "laptop")


def test_one_whose_end_nothing_tells_hides_no_other(client: FakeClient, backend: FakeBackend) -> None:
    backend.routes[SIGN_IN] = lambda sent: _without_end(backend.sign_in(sent))
    world = _alone(client, NO_SIGN_OUT)
    with pytest.raises(EndOutOfReach, match="nothing tells when the session ends"):
        must_be_short_lived(world, "Ann", "laptop")
    world = _alone(client, f"{NO_SIGN_OUT}[credentials.token]\nmax_lifetime = 300\n")
    with pytest.raises(Unmet, match="an access token that nothing revokes ends within 300 s"):
        must_be_short_lived(world, "Ann", "laptop")


def _without_end(answer: Answer) -> Answer:
    return replace(answer, headers=[(name, value.partition("; Max-Age")[0]) for name, value in answer.headers])


def test_a_session_without_a_sign_out_ends(client: FakeClient, clock: None) -> None:
    world = _alone(client, NO_SIGN_OUT)
    capture(world, "Ann", "laptop")
    replay(world)
    with pytest.raises(Unmet, match="a session that no sign-out can end ends within 3600 s"):
        must_end(world)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is waited for."""
    monkeypatch.setattr(time, "sleep", lambda _: None)

"""A credential that nothing revokes ends when it was declared to, and its end is measured."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from harness.core.findings import Unmet
from harness.deployment import ends
from harness.deployment.ends import End
from harness.deployment.errors import EndOutOfReach
from harness.flows.captured import (
    capture,
    capture_token,
    control_captured,
    must_be_dead,
    must_end_as_declared,
)
from harness.flows.common import Ended, sign_out
from harness.flows.lifetimes import Bound, must_end_within
from harness.scenario.world import World
from harness.tokens.jws import Jwt
from tests.support.fake_backend import COOKIE, FakeBackend, signed
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import LIST, SESSION, SIGN_IN, SIGN_OUT, TOKEN, said, with_people, world_of

PLACE = "session endpoint"
DONE = said(Answer(200, {"success": True}))
STATELESS = '[credentials.session]\nafter_sign_out = "until it ends"\nmax_lifetime = {}\n'
OPAQUE = '[credentials.token]\nkind = "opaque"\nafter_sign_out = "until it ends"\n'
LIMIT = Bound(3600, "credentials.token.max_lifetime")


class Clock:
    """Time that only waiting moves."""

    def __init__(self) -> None:
        self.now = time.time()

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock()
    monkeypatch.setattr(time, "time", moved.time)
    monkeypatch.setattr(time, "sleep", moved.sleep)
    return moved


class StatelessBackend(FakeBackend):
    """Sign-out takes the cookie from the browser and ends nothing."""

    lifetime = "; Max-Age=900"
    told: Callable[[], dict[str, Any]] = staticmethod(dict)
    reissued: str | None = None
    """What follows the session's name in the cookie that each look at it sets."""

    def __init__(self) -> None:
        super().__init__()
        self.routes[SIGN_OUT] = said(Answer(200, {}, [("Set-Cookie", f"{COOKIE}=; Path=/; Max-Age=0")]))
        self.routes[SIGN_IN] = lambda sent: self.with_lifetime(self.sign_in(sent))
        self.routes[SESSION] = self.look

    def with_lifetime(self, answer: Answer) -> Answer:
        headers = [(name, value.replace("; Max-Age=604800", self.lifetime)) for name, value in answer.headers]
        return Answer(answer.status, answer.body, headers)

    def look(self, sent: Sent) -> Answer:
        account = self.signed_in(sent)
        if account is None:
            return self.session(sent)
        headers = []
        if self.reissued is not None:
            following = f"session-number-{self.number()}"
            self.sessions[following] = account
            headers.append(("Set-Cookie", f"{COOKIE}={following}; Path=/{self.reissued}"))
        return Answer(200, {"user": account.user, **self.told()}, headers)


@pytest.fixture
def backend() -> StatelessBackend:
    return StatelessBackend()


def signed_out(client: FakeClient, changes: str = "", *, limit: int = 3600, max_wait: float = 15) -> World:
    """The session of Ann's laptop was captured, and she signed out there."""
    world = with_people(world_of(client, STATELESS.format(limit) + changes), "Ann")
    world.expiry.max_wait = max_wait
    world.deployment.sessions.sign_in_verified(world.new_device("Ann", "laptop"))
    capture(world, "Ann", "laptop")
    control_captured(world, "Ann", PLACE)
    sign_out(world, "Ann", "laptop")
    return world


# --- sessions ---


def test_a_session_that_ends_in_time_passes_and_says_by_what(client: FakeClient, clock: Clock) -> None:
    world = signed_out(client, limit=900)
    must_be_dead(world, "Ann", PLACE)
    assert world.notes == [
        f'a session that outlives sign-out ends by its cookie "{COOKIE}", within 900 s; not waited for'
    ]


def test_a_session_that_is_dead_needs_no_end(client: FakeClient, backend: StatelessBackend) -> None:
    backend.lifetime = ""
    world = signed_out(client, max_wait=0)
    backend.sessions.clear()
    must_be_dead(world, "Ann", PLACE)


@pytest.mark.parametrize(
    ("lifetime", "told", "by"),
    [
        ("; Max-Age=2678400", {}, "its cookie"),
        ("; Max-Age=900", {"session": {"expiresAt": "2999-01-01T00:00:00Z"}}, r"\(/session/expiresAt\)"),
        ("", {"expires": 32503680000}, r"the session endpoint \(/expires\)"),
        ("", {"expires": 32503680000000}, r"the session endpoint \(/expires\)"),
    ],
    ids=["its cookie", "the endpoint's date", "seconds", "milliseconds"],
)
def test_one_that_lives_longer_is_found_out(
    client: FakeClient, backend: StatelessBackend, clock: Clock, lifetime: str, told: dict[str, Any], by: str
) -> None:
    backend.lifetime, backend.told = lifetime, lambda: told
    with pytest.raises(Unmet, match=rf"ends within 3600 s .*max_lifetime\); it lives \d+ s more, by .*{by}"):
        must_be_dead(signed_out(client), "Ann", PLACE)


@pytest.mark.parametrize(
    ("reissued", "moves", "came"),
    [("; Max-Age=900", 0, "a replay is given a new cookie"), (None, 900, "tells an end that moves with each use")],
    ids=["a new cookie", "a later end is told"],
)
def test_a_replay_that_prolongs_it_is_found_out(
    client: FakeClient, backend: StatelessBackend, clock: Clock, reissued: str | None, moves: int, came: str
) -> None:
    backend.reissued = reissued
    backend.told = (lambda: {"expires": clock.now + moves}) if moves else dict
    with pytest.raises(Unmet, match=f"that no replay prolongs a session that outlives sign-out; .*{came}"):
        must_be_dead(signed_out(client), "Ann", PLACE)


def test_a_cookie_that_is_given_again_with_its_own_end_prolongs_nothing(
    client: FakeClient, backend: StatelessBackend, clock: Clock
) -> None:
    end = clock.now + 900
    backend.look = lambda sent: Answer(  # type: ignore[method-assign]
        200,
        {"user": account.user} if (account := backend.signed_in(sent)) else None,
        [("Set-Cookie", f"{COOKIE}=guest; Path=/; Max-Age={end - clock.now:.0f}")],
    )
    backend.routes[SESSION] = backend.look
    must_be_dead(signed_out(client), "Ann", PLACE)


def test_where_the_profile_says_that_the_endpoint_tells_the_end_its_cookie_does_not_count(
    client: FakeClient, backend: StatelessBackend, clock: Clock
) -> None:
    backend.lifetime, ends_at = "; Max-Age=2678400", clock.now + 900
    backend.told = lambda: {"until": ends_at}
    must_be_dead(signed_out(client, '[operations.session]\nexpires = "/until"\n'), "Ann", PLACE)
    backend.told = lambda: {"expires": ends_at}
    with pytest.raises(Unmet, match="by its cookie"):
        must_be_dead(signed_out(client), "Ann", PLACE)


def test_an_end_that_nothing_tells_is_not_tested(
    client: FakeClient, backend: StatelessBackend, clock: Clock
) -> None:
    backend.lifetime = ""
    with pytest.raises(EndOutOfReach, match=r"nothing tells when .* operations\.session\.expires"):
        must_be_dead(signed_out(client), "Ann", PLACE)


def test_a_declared_end_is_waited_for(client: FakeClient, backend: StatelessBackend, clock: Clock) -> None:
    backend.lifetime, began = "", clock.now
    ends_at = began + 6
    backend.routes[SESSION] = lambda sent: backend.look(sent) if clock.now < ends_at else Answer(200, None)
    world = signed_out(client, "lifetime = 4\nleeway = 3\n")
    must_be_dead(world, "Ann", PLACE)
    assert clock.now == began + 4 + 3 + 2
    assert world.notes == ["waited until the end that credentials.session.lifetime declares"]


def test_one_that_outlives_its_declared_end_is_found_out(
    client: FakeClient, backend: StatelessBackend, clock: Clock
) -> None:
    backend.lifetime = ""
    with pytest.raises(Unmet, match=r"ends as credentials\.session\.lifetime says; it still signs in after that"):
        must_be_dead(signed_out(client, "lifetime = 4\n"), "Ann", PLACE)


@pytest.mark.parametrize(("lifetime", "max_wait", "remedy"), [(900, 15, 900), (4, 1, 2)])
def test_what_takes_too_long_to_see_is_not_tested(
    client: FakeClient, backend: StatelessBackend, clock: Clock, lifetime: int, max_wait: int, remedy: int
) -> None:
    backend.lifetime = ""
    world = signed_out(client, f"lifetime = {lifetime}\n", max_wait=max_wait)
    with pytest.raises(EndOutOfReach, match=f"Run with --max-wait {remedy}"):
        must_be_dead(world, "Ann", PLACE)


@pytest.mark.parametrize("by", ["revocation", "a change of the password"])
def test_what_is_there_to_end_sessions_ends_them(client: FakeClient, clock: Clock, by: Any) -> None:
    world = signed_out(client)
    world.remember(Ended(by))
    with pytest.raises(Unmet, match="the captured session at the session endpoint is refused"):
        must_be_dead(world, "Ann", PLACE)


def test_an_end_that_the_endpoint_does_not_tell_where_the_profile_says_is_named(
    client: FakeClient, clock: Clock
) -> None:
    world = signed_out(client, '[operations.session]\nexpires = "/until"\n')
    with pytest.raises(Exception, match=r"tells no end of the session at /until.*operations\.session\.expires"):
        must_be_dead(world, "Ann", PLACE)


# --- access tokens ---


def with_token(client: FakeClient, changes: str) -> World:
    """Ann's token was captured, and she signed out."""
    world = with_people(world_of(client, changes), "Ann")
    world.expiry.max_wait = 15
    capture_token(world, "Ann", "first device")
    sign_out(world, "Ann", "first device")
    return world


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_token_that_opens_nothing_is_dead_whatever_its_exp_says(
    client: FakeClient, backend: StatelessBackend, status: int
) -> None:
    backend.routes[TOKEN] = lambda sent: Answer(
        200,
        {"token": signed(account, exp=int(time.time()) + 691_200)} if (account := backend.signed_in(sent)) else {},
    )
    world = with_token(client, '[credentials.token]\nafter_sign_out = "until it ends"\n')
    with pytest.raises(
        Unmet, match=r"ends within 3600 s \(credentials\.token\.max_lifetime\); it lives 691\d\d\d s"
    ):
        must_end_as_declared(world, "Ann")
    backend.routes[LIST] = said(Answer(status))
    must_end_as_declared(world, "Ann")


@pytest.mark.parametrize(
    ("lifetime", "finding", "message"),
    [
        ("lifetime = 7200", Unmet, r"7200 s more, by credentials\.token\.lifetime"),
        ("lifetime = 8", Unmet, r"after the end that credentials\.token\.lifetime declares is refused"),
        ("lifetime = 900", EndOutOfReach, "Run with --max-wait 902"),
        ("", EndOutOfReach, r"nothing tells .* credentials\.token\.lifetime"),
    ],
    ids=["too long", "outlived", "not waited for", "not declared"],
)
def test_an_opaque_token_has_its_declared_lifetime(
    client: FakeClient, clock: Clock, lifetime: str, finding: type[Exception], message: str
) -> None:
    with pytest.raises(finding, match=message):
        must_end_as_declared(with_token(client, f"{OPAQUE}{lifetime}\n"), "Ann")


def test_an_opaque_token_is_judged_when_its_lifetime_is_over(
    client: FakeClient, backend: StatelessBackend, clock: Clock
) -> None:
    world = with_token(client, f"{OPAQUE}lifetime = 8\n")
    ends_at, listing = clock.now + 8, backend.routes[LIST]
    backend.routes[LIST] = lambda sent: listing(sent) if clock.now < ends_at else Answer(401)
    must_end_as_declared(world, "Ann")
    assert world.notes == ["waited until the end that credentials.token.lifetime declares"]


# --- ends ---


@pytest.mark.parametrize(
    ("claims", "came"),
    [
        ({}, "it never ends"),
        ({"exp": "soon"}, "it never ends"),
        ({"exp": time.time() + 90_000}, r"it lives (90000|89\d{3}) s more, by its exp claim"),
    ],
    ids=["no end", "an end that is none", "an end a day later"],
)
def test_a_jwt_says_its_end(claims: dict[str, object], came: str) -> None:
    token = Jwt({"alg": "HS256"}, claims, "c2ln").text
    with pytest.raises(Unmet, match=rf"that it ends within 3600 s \(credentials\.token\.max_lifetime\); {came}"):
        must_end_within(ends.of_jwt(token), LIMIT, "it")


def test_one_that_ends_in_time_is_fine() -> None:
    must_end_within(End(time.time() + 900, "its exp claim"), LIMIT, "it")

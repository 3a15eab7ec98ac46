"""Sessions that end by themselves, and whose end a use moves."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import ModuleType

import pytest

from harness.core.findings import NotTested, Unmet
from harness.deployment.errors import EndOutOfReach
from harness.deployment.expiry import Expiry
from harness.flows.captured import capture, control_captured
from harness.flows.common import sign_in_also
from harness.flows.sliding_sessions import (
    leave_unused,
    must_be_renewed,
    must_have_ended,
    use_after_update_age,
    use_until_the_end,
)
from harness.scenario.world import World
from tests.support.fake_backend import COOKIE, FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import SESSION, with_people, world_of

DAY = 86_400.0
WEEK, MONTH = 7 * DAY, 30 * DAY


@dataclass
class Moments:
    """When a session began, when its end moved last, and that end."""

    begun: float
    moved: float
    ends: float


@dataclass
class Clock:
    """The sessions of the backend by time; a test makes one rule wrong."""

    backend: FakeBackend
    known: dict[str, Moments] = field(default_factory=dict)
    idle: float = WEEK
    longest: float = MONTH
    sets_cookie: bool = True
    next_end: Callable[[Moments], float] | None = None
    after: Callable[[str], object] = lambda _: None

    def session(self, sent: Sent) -> Answer:
        """Who is there, until when; a use moves the end once a day."""
        value, now = sent.cookies.get(COOKIE, ""), time.time()
        account = self.backend.sessions.get(value)
        if account is None:
            return Answer(200, None)
        own = self.known.setdefault(value, Moments(now, now, now + self.idle))
        if own.ends <= now:
            return Answer(200, None)
        cookies = []
        if now - own.moved >= DAY:
            end = min(now + self.idle, own.begun + self.longest)
            own.moved, own.ends = now, self.next_end(own) if self.next_end is not None else end
            self.after(value)
            if self.sets_cookie:
                cookies = [("Set-Cookie", f"{COOKIE}={value}; Path=/; Max-Age={own.ends - now:.0f}")]
        return Answer(200, {"user": account.user, "session": {"expiresAt": own.ends}}, cookies)

    def elapse(self, _url: str, _statement: str, who: dict[str, float]) -> None:
        """Let time pass for every session."""
        for own in self.known.values():
            own.begun, own.moved, own.ends = (
                moment - who["seconds"] for moment in (own.begun, own.moved, own.ends)
            )


@pytest.fixture
def clock(backend: FakeBackend) -> Clock:
    made = Clock(backend)
    backend.routes[SESSION] = made.session
    return made


def ann(client: FakeClient, clock: Clock, monkeypatch: pytest.MonkeyPatch, changes: str = "") -> World:
    world = with_people(world_of(client, changes), "Ann")
    world.expiry = Expiry(replace(world.target, database_url="sqlite://"), 0.0)
    module = ModuleType("expiry_sql")
    module.age_sessions = clock.elapse  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "harness.deployment.expiry_sql", module)
    return world


@pytest.fixture
def world(client: FakeClient, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> World:
    """Ann is signed in on her laptop, and time passes by a statement."""
    made = ann(client, clock, monkeypatch)
    sign_in_also(made, "Ann", "laptop")
    return made


# --- unused ---


def unused(world: World) -> None:
    capture(world, "Ann", "first device")
    control_captured(world, "Ann", "session endpoint")
    leave_unused(world, "Ann")


def test_a_session_that_ends_unused_is_right(world: World) -> None:
    unused(world)
    must_have_ended(world)
    assert world.notes[-1].startswith("elapse: ")


def test_one_that_does_not_is_found_out(world: World, clock: Clock) -> None:
    for own in clock.known.values():
        own.ends += WEEK
    unused(world)
    came = r"Ann's session, not used for the 604800 s of credentials\.session\.idle_timeout, is refused"
    with pytest.raises(Unmet, match=came):
        must_have_ended(world)


# --- used ---


def test_a_session_that_ends_though_it_is_used_is_right(world: World, client: FakeClient) -> None:
    before = len(client.sent)
    use_until_the_end(world, "Ann", "laptop")
    must_have_ended(world)
    assert len(client.sent) - before < 20


def test_one_that_lives_for_ever_is_found_out(world: World, clock: Clock) -> None:
    clock.longest = 10 * MONTH
    use_until_the_end(world, "Ann", "laptop")
    with pytest.raises(
        Unmet, match=r"used every 302400 s until the 2592000 s of .*absolute_lifetime were over, is ref"
    ):
        must_have_ended(world)


def test_one_that_ends_too_early_shows_nothing(world: World, clock: Clock) -> None:
    clock.idle = DAY
    sign_in_also(world, "Ann", "phone")
    with pytest.raises(NotTested, match=r"ended within 302400 s, though it was used every 302400 s"):
        use_until_the_end(world, "Ann", "phone")


def test_a_session_is_not_used_a_thousand_times(
    client: FakeClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = ann(client, clock, monkeypatch, "credentials.session.idle_timeout = 900\n")
    with pytest.raises(NotTested, match="would have to be used more than 100 times"):
        use_until_the_end(world, "Ann", "first device")


def test_without_a_statement_it_is_waited_for(client: FakeClient, clock: Clock, waits: list[float]) -> None:
    limits = "absolute_lifetime = 12\nidle_timeout = 6\nupdate_age = 1"
    world = with_people(world_of(client, f"age_session = false\n[credentials.session]\n{limits}\n"), "Ann")
    clock.idle, clock.longest = 60.0, 12.0
    sign_in_also(world, "Ann", "laptop")
    world.expiry = Expiry(world.target, 5.0)
    with pytest.raises(
        EndOutOfReach, match=r"lifetime of 12 s is over after 14 s, later than the 5 s .*age_session\.el"
    ):
        use_until_the_end(world, "Ann", "laptop")
    world.expiry = Expiry(world.target, 15.0)
    clock.known.clear()
    use_until_the_end(world, "Ann", "laptop")
    assert 13 < sum(waits) < 15
    assert world.notes[-1] == "waited for it"


# --- renewed ---


def renewed(world: World) -> None:
    use_after_update_age(world, "Ann", "laptop")
    must_be_renewed(world)


def test_a_renewal_that_moves_both_ends_is_right(world: World) -> None:
    renewed(world)


def test_a_session_that_tells_no_end_need_only_live(world: World, clock: Clock, backend: FakeBackend) -> None:
    def without_end(sent: Sent) -> Answer:
        answer = clock.session(sent)
        return replace(answer, body={"user": answer.body["user"]}) if answer.body else answer

    backend.routes[SESSION] = without_end
    clock.sets_cookie = False
    renewed(world)


def test_a_new_value_that_is_sent_is_right(world: World, clock: Clock, backend: FakeBackend) -> None:
    def rotating(sent: Sent) -> Answer:
        answer, old = clock.session(sent), sent.cookies.get(COOKIE, "")
        if not any(name == "Set-Cookie" for name, _ in answer.headers):
            return answer
        backend.sessions["rotated-session"], clock.known["rotated-session"] = (
            backend.sessions.pop(old),
            clock.known[old],
        )
        return replace(answer, headers=[("Set-Cookie", f"{COOKIE}=rotated-session; Path=/; Max-Age=604800")])

    backend.routes[SESSION] = rotating
    renewed(world)


def test_a_lost_session_is_found_out(world: World, clock: Clock, backend: FakeBackend) -> None:
    clock.after = backend.sessions.pop
    with pytest.raises(
        Unmet, match="leaves it signed in; with the cookies that it left the session endpoint answered"
    ):
        renewed(world)


def test_a_session_that_ends_instead_is_found_out(world: World, clock: Clock) -> None:
    for own in clock.known.values():
        own.ends -= WEEK - DAY / 2
    with pytest.raises(
        Unmet, match=r"a use of Ann's laptop's session after the 86400 s of .* leaves it signed in; it"
    ):
        renewed(world)


def test_an_end_that_moves_back_is_found_out(world: World, clock: Clock) -> None:
    clock.next_end = lambda _: time.time() + 3600
    with pytest.raises(Unmet, match=r"never shortens it; by the session endpoint .* it ends \d+ s sooner"):
        renewed(world)


def test_an_end_that_stays_is_found_out(world: World, clock: Clock) -> None:
    clock.next_end = lambda own: own.ends
    with pytest.raises(Unmet, match=r"moves its end; by the session endpoint .* it is the same as before"):
        renewed(world)


def test_an_end_beyond_the_last_one_is_found_out(world: World, clock: Clock) -> None:
    clock.next_end = lambda own: own.begun + MONTH + DAY
    with pytest.raises(
        Unmet, match=r"no further than credentials\.session\.absolute_lifetime; .* 864\d\d s after"
    ):
        renewed(world)


def test_an_end_that_the_browser_is_not_told_is_found_out(world: World, clock: Clock) -> None:
    clock.sets_cookie = False
    with pytest.raises(
        Unmet, match=r"the end of its cookie, too; its cookie .* s before the session does, and is not"
    ):
        renewed(world)


def test_a_session_that_can_move_no_further_need_not_move(
    client: FakeClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = ann(client, clock, monkeypatch, "credentials.session.absolute_lifetime = 604800\n")
    clock.longest = WEEK
    sign_in_also(world, "Ann", "laptop")
    renewed(world)


def test_without_a_session_nothing_is_renewed(world: World, backend: FakeBackend) -> None:
    backend.sessions.clear()
    with pytest.raises(NotTested, match="is not signed in before the session is renewed"):
        use_after_update_age(world, "Ann", "laptop")

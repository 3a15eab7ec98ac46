"""A copy of an ended session is dead, or dies in time, and does nothing until then."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from harness.core.findings import HarnessError, NotApplicable, Unmet
from harness.deployment.errors import EndOutOfReach
from harness.flows.account_deletion import delete_account
from harness.flows.captured import capture as capture_session
from harness.flows.captured import control_captured
from harness.flows.captured import must_be_dead as must_be_dead_as_captured
from harness.flows.common import sign_in_also, sign_out
from harness.flows.copied_actions import DEEDS
from harness.flows.ended_sessions import (
    ENDINGS,
    capture,
    control_places,
    end,
    must_be_dead,
    must_die_in_time,
    must_have_done_nothing,
    try_with_copy,
)
from harness.scenario.world import World
from tests.support.fake_backend import AUTH, COOKIE, Account, FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import BROKEN, SESSION, TOKEN, said, with_people, world_of

CACHE = f"{COOKIE}_cache"
DECLARED = f'[credentials.session]\ncache_cookies = ["{CACHE}"]\n'
RENAME, LIST = f"POST {AUTH}/update-user", f"GET {AUTH}/list-sessions"
REVOKE = f"POST {AUTH}/revoke-other-sessions"


class CachingBackend(FakeBackend):
    """Answers for a session by a second cookie, at the routes that ``believe`` it."""

    def __init__(self, seconds: int | None = 60, honoured: float | None = None) -> None:
        super().__init__()
        self.seconds, self.honoured = seconds, honoured
        self.believe, self.renew = {SESSION}, set[str]()
        self.cached: dict[str, tuple[Account, float]] = {}

    def signed_in(self, sent: Sent) -> Account | None:
        return super().signed_in(sent) or self._cached(sent)

    def _cached(self, sent: Sent) -> Account | None:
        account, ends = self.cached.get(sent.cookies.get(CACHE, ""), (None, 0.0))
        fits = f"{sent.method} {sent.path}" in self.believe and COOKIE in sent.cookies
        return account if fits and ends > time.time() else None

    def admitted(self, account: Account) -> Answer:
        return self.caching(super().admitted(account), account)

    def caching(self, answer: Answer, account: Account) -> Answer:
        key = f"cache-number-{self.number()}"
        seconds = 300 if self.seconds is None else self.seconds
        self.cached[key] = account, time.time() + (seconds if self.honoured is None else self.honoured)
        end = "" if self.seconds is None else f"; Max-Age={self.seconds}"
        return Answer(answer.status, answer.body, [*answer.headers, ("Set-Cookie", f"{CACHE}={key}; Path=/{end}")])

    def __call__(self, sent: Sent) -> Answer:
        account = self.signed_in(sent)
        answer = super().__call__(sent)
        renewed = account is not None and f"{sent.method} {sent.path}" in self.renew
        return self.caching(answer, account) if renewed and account is not None else answer


def copied(backend: FakeBackend, changes: str = DECLARED, device: str = "laptop") -> World:
    """A scenario in which all that a device of Ann's holds has been copied."""
    world = with_people(world_of(FakeClient(backend), changes), "Ann")
    world.expiry.max_wait = 5.0
    if device != "first device":
        sign_in_also(world, "Ann", device)
    capture(world, "Ann", device)
    return world


def made_old(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whatever is waited for be over at once."""
    skipped = 0.0
    now = time.time

    def sleep(seconds: float) -> None:
        nonlocal skipped
        skipped += seconds

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setattr(time, "time", lambda: now() + skipped)


# --- what a copy does ---


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("backend", [FakeBackend(), CachingBackend()], ids=["no cache", "a cache"])
def test_an_ended_session_does_nothing(backend: FakeBackend, ending: str) -> None:
    world = copied(backend)
    end(world, "Ann", "laptop", ending)
    try_with_copy(world, "Ann", [*DEEDS])
    assert len(world.judge.attempts) == len([*DEEDS])
    must_have_done_nothing(world)


@pytest.mark.parametrize(
    ("believing", "deed", "done"),
    [
        (RENAME, "change the name", "Ann's name was changed"),
        (LIST, "list the sessions", "it listed 1 session of Ann's"),
        (REVOKE, "revoke the other sessions", "the session of Ann's first device was revoked"),
    ],
)
def test_a_cache_that_acts_is_found_out(believing: str, deed: str, done: str) -> None:
    backend = CachingBackend()
    backend.believe.add(believing)
    world = copied(backend)
    end(world, "Ann", "laptop", "sign-out")
    try_with_copy(world, "Ann", [deed])
    with pytest.raises(Unmet, match=f"an attempt to {deed} with a copy of Ann's laptop .* is refused; .*{done}"):
        must_have_done_nothing(world)


def test_success_without_an_effect_is_fine() -> None:
    backend = CachingBackend()
    world = copied(backend)
    end(world, "Ann", "laptop", "sign-out")
    backend.routes |= {RENAME: said(Answer(200, {"status": True})), LIST: said(Answer(200, []))}
    try_with_copy(world, "Ann", [*DEEDS])
    must_have_done_nothing(world)


def test_a_crash_is_no_refusal() -> None:
    backend = FakeBackend()
    world = copied(backend)
    end(world, "Ann", "laptop", "sign-out")
    backend.routes[LIST] = said(BROKEN)
    try_with_copy(world, "Ann", ["list the sessions"])
    with pytest.raises(Unmet, match="500 came"):
        must_have_done_nothing(world)


@pytest.mark.parametrize("deed", ["renew the session", "change the name"])
def test_a_cache_that_renews_itself_is_found_out(monkeypatch: pytest.MonkeyPatch, deed: str) -> None:
    backend = CachingBackend()
    backend.believe.add(RENAME)
    backend.renew |= {SESSION, RENAME}
    world = copied(backend, device="first device")
    delete_account(world, "Ann")
    made_old(world, monkeypatch)
    try_with_copy(world, "Ann", [deed])
    with pytest.raises(
        Unmet, match=rf'prolonged: a new cookie "{CACHE}" \(Max-Age=60\) came, which opens the account'
    ):
        must_have_done_nothing(world)


def test_another_cookie_of_the_same_end_renews_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = CachingBackend()
    backend.renew.add(SESSION)
    world = copied(backend)
    ends = time.time() + 60
    caching = backend.caching

    def same_end(answer: Answer, account: Account) -> Answer:
        backend.seconds = round(ends - time.time())
        return caching(answer, account)

    backend.caching = same_end  # type: ignore[method-assign]
    end(world, "Ann", "laptop", "sign-out")
    made_old(world, monkeypatch)
    try_with_copy(world, "Ann", ["renew the session"])
    must_have_done_nothing(world)


def test_what_the_deployment_lacks_is_left_out() -> None:
    world = copied(FakeBackend(), f"{DECLARED}[operations]\nlist_sessions = false\n")
    end(world, "Ann", "laptop", "sign-out")
    try_with_copy(world, "Ann", ["list the sessions", "renew the session"])
    assert len(world.judge.attempts) == 1
    assert world.notes[-1].startswith("not tried to list the sessions: ")


def test_nothing_is_judged_without_a_copy(world: World) -> None:
    with pytest.raises(HarnessError):
        try_with_copy(world, "Ann", [*DEEDS])


def test_a_session_that_nothing_ends_is_not_judged_here() -> None:
    world = copied(FakeBackend(), f'{DECLARED}after_sign_out = "until it ends"\n')
    end(world, "Ann", "laptop", "sign-out")
    for judge in (must_be_dead, must_die_in_time):
        with pytest.raises(NotApplicable, match="can't be revoked"):
            judge(world, "Ann")
    with pytest.raises(NotApplicable, match="can't be revoked"):
        try_with_copy(world, "Ann", [*DEEDS])


def test_what_is_there_to_end_sessions_ends_them() -> None:
    world = copied(CachingBackend(7 * 24 * 3600), f'{DECLARED}after_sign_out = "until it ends"\n')
    end(world, "Ann", "laptop", "revocation")
    with pytest.raises(Unmet, match="604800 s more"):
        must_die_in_time(world, "Ann")


# --- how long it lives ---


def test_without_a_cache_it_is_dead() -> None:
    world = copied(FakeBackend(), "")
    control_places(world, "Ann", ["token endpoint", "task list"])
    end(world, "Ann", "laptop", "sign-out")
    must_be_dead(world, "Ann")
    must_die_in_time(world, "Ann")
    assert not world.notes


@pytest.mark.parametrize("changes", [DECLARED, ""], ids=["declared", "unknown"])
def test_a_cache_is_named_with_its_seconds(changes: str) -> None:
    backend = CachingBackend()
    backend.believe.add(TOKEN)
    world = copied(backend, changes)
    control_places(world, "Ann", ["token endpoint", "task list"])
    end(world, "Ann", "laptop", "sign-out")
    with pytest.raises(
        Unmet,
        match="opens nothing after sign-out; it opens the session endpoint and token endpoint; the cookie "
        rf'"{CACHE}" '
        "answers for it, and says that it lives 60 s more",
    ):
        must_be_dead(world, "Ann")


@pytest.mark.parametrize(("declared", "seconds"), [("", 301), ("cache_lifetime = 900\n", 901)])
def test_a_cache_of_too_many_seconds_is_found_out(declared: str, seconds: int) -> None:
    world = copied(CachingBackend(seconds + 1), DECLARED + declared)
    end(world, "Ann", "laptop", "sign-out")
    with pytest.raises(Unmet, match=f"dead within {seconds - 1} s after sign-out; .* lives {seconds + 1} s more"):
        must_die_in_time(world, "Ann")


@pytest.mark.parametrize("seconds", [60, None])
def test_a_cache_that_outlasts_the_run_is_not_judged(seconds: int | None) -> None:
    world = copied(CachingBackend(seconds))
    end(world, "Ann", "laptop", "sign-out")
    with pytest.raises(EndOutOfReach, match="--max-wait"):
        must_die_in_time(world, "Ann")


@pytest.mark.parametrize(("honoured", "is_found"), [(2, False), (3600, True)])
def test_the_end_of_a_cache_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, honoured: float, is_found: bool
) -> None:
    world = copied(CachingBackend(2, honoured))
    end(world, "Ann", "laptop", "sign-out")
    made_old(world, monkeypatch)
    if is_found:
        with pytest.raises(Unmet, match="opens the session endpoint after that"):
            must_die_in_time(world, "Ann")
    else:
        must_die_in_time(world, "Ann")
        assert "waited for the end" in world.notes[-1]


# --- beside the session alone ---


def _signed_out(seconds: int) -> Callable[[], World]:
    def after() -> World:
        world = with_people(world_of(FakeClient(CachingBackend(seconds)), DECLARED), "Ann")
        sign_in_also(world, "Ann", "laptop")
        capture_session(world, "Ann", "laptop")
        control_captured(world, "Ann", "session endpoint")
        sign_out(world, "Ann", "laptop")
        return world

    return after


def test_a_captured_session_is_replayed_with_all_that_was_held() -> None:
    world = _signed_out(7 * 24 * 3600)()
    with pytest.raises(
        Unmet, match=r"all that Ann's laptop held is dead within 300 s after sign-out; .* 604800 s more"
    ):
        must_be_dead_as_captured(world, "Ann", "session endpoint")


def test_a_copy_within_the_bound_is_noted() -> None:
    world = _signed_out(60)()
    must_be_dead_as_captured(world, "Ann", "session endpoint")
    assert "lives on: it opens the session endpoint" in world.notes[-1]

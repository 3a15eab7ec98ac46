"""Guessing is slowed down by account and by place; nobody can lock anybody else's device out."""

from __future__ import annotations

import contextlib

import pytest

from reference_backend import throttle
from reference_backend.errors import ApiError
from reference_backend.settings import Settings
from reference_backend.throttle import Attempt, Counters, place_of

HERE, THERE = "192.0.2.1", "192.0.2.2"
WRONG = ApiError(401, "INVALID_EMAIL_OR_PASSWORD", "Invalid email or password")


class Clock:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(throttle, "time", clock)
    return clock


@pytest.fixture
def settings() -> Settings:
    return Settings.model_construct(sign_in_limit=3, sign_in_limit_overall=10, sign_in_window=300)


def guess(counters: Counters, settings: Settings, attempt: Attempt, error: Exception | None = WRONG) -> int:
    """The status of an attempt that ends with that error."""
    try:
        with throttle.guarded(counters, settings, attempt):
            if error is not None:
                raise error
    except ApiError as refused:
        return refused.status
    return 200


def fail(counters: Counters, settings: Settings, attempt: Attempt, times: int) -> list[int]:
    return [guess(counters, settings, attempt) for _ in range(times)]


def test_failures_fill_a_bucket_that_runs_out_with_time(clock: Clock, settings: Settings) -> None:
    counters, ann = Counters(), Attempt(HERE, "ann")
    assert fail(counters, settings, ann, 5) == [401, 401, 401, 429, 429]
    with pytest.raises(ApiError) as refused, throttle.guarded(counters, settings, ann):
        pass
    assert refused.value.extra == {"Retry-After": "100"}
    clock.now += 100
    assert fail(counters, settings, ann, 2) == [401, 429]
    clock.now += 300
    assert fail(counters, settings, ann, 4) == [401, 401, 401, 429]


def test_right_passwords_and_other_errors_count_for_nothing(clock: Clock, settings: Settings) -> None:
    counters, ann = Counters(), Attempt(HERE, "ann")
    for error in (None, ApiError(400, "PASSWORD_TOO_SHORT", "")) * 20:
        assert guess(counters, settings, ann, error) in (200, 400)
    for _ in range(20):
        with pytest.raises(RuntimeError):
            guess(counters, settings, ann, RuntimeError())
    assert fail(counters, settings, ann, 4) == [401, 401, 401, 429]


def test_a_right_password_gives_back_no_failure_of_others(clock: Clock, settings: Settings) -> None:
    counters = Counters()
    for number in range(10):
        assert guess(counters, settings, Attempt(HERE, f"person{number}")) == 401
        assert guess(counters, settings, Attempt(HERE, "own account of the guesser"), None) == (
            200 if number < 9 else 429
        )


def test_attempts_under_way_count(clock: Clock, settings: Settings) -> None:
    counters, ann = Counters(), Attempt(HERE, "ann")
    with contextlib.ExitStack() as under_way:
        for _ in range(3):
            under_way.enter_context(throttle.guarded(counters, settings, ann))
        assert guess(counters, settings, ann) == 429
    assert guess(counters, settings, ann) == 401


def test_one_place_leaves_the_others_alone(clock: Clock, settings: Settings) -> None:
    counters = Counters()
    fail(counters, settings, Attempt(HERE, "ann"), 50)
    assert guess(counters, settings, Attempt(THERE, "ann")) == 401
    assert guess(counters, settings, Attempt(HERE, "bob")) == 401


def test_a_known_device_is_spared_whatever_others_do(clock: Clock, settings: Settings) -> None:
    counters, laptop = Counters(), Attempt(HERE, "ann", "laptop")
    for number in range(100):
        fail(counters, settings, Attempt(f"192.0.2.{number}", "ann"), 5)
        fail(counters, settings, Attempt(HERE, f"person{number}"), 5)
    assert guess(counters, settings, Attempt("198.51.100.1", "ann")) == 429
    assert guess(counters, settings, Attempt(HERE, "zoe")) == 429
    assert fail(counters, settings, laptop, 4) == [401, 401, 401, 429]


def test_what_tells_who_has_an_account_is_limited_by_place(clock: Clock, settings: Settings) -> None:
    counters, taken = Counters(), ApiError(422, "USER_ALREADY_EXISTS", "")
    statuses = [guess(counters, settings, Attempt(HERE), taken) for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert guess(counters, settings, Attempt(THERE), taken) == 422


def test_no_more_is_remembered_than_there_is_room_for(
    clock: Clock, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "MOST_BUCKETS", 5)
    counters = Counters()
    for number in range(50):
        guess(counters, settings, Attempt(f"192.0.2.{number}", f"person{number}"))
    assert {kind: len(buckets) for kind, buckets in counters.levels.items()} == {
        "account and place": 5,
        "account": 5,
        "place": 5,
    }


def test_a_limit_of_none_counts_nothing(clock: Clock) -> None:
    counters = Counters()
    settings = Settings.model_construct(sign_in_limit=0, sign_in_limit_overall=1, sign_in_window=1)
    assert fail(counters, settings, Attempt(HERE, "ann"), 50) == [401] * 50


@pytest.mark.parametrize(
    ("peer", "place"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_a_place_is_an_address_or_a_network(peer: str, place: str) -> None:
    assert place_of(peer) == place

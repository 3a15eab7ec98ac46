"""Passwords count behind addresses of the greatest length, before and after a good sign-in."""

from __future__ import annotations

import pytest

from harness.core.findings import NotApplicable, NotTested, Unmet
from harness.deployment.accounts import SIGN_IN as SIGNS_IN
from harness.flows.long_address import sign_up, try_others, try_others_first
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import Answer, Sent
from tests.support.scenario import BROKEN, SIGN_IN, SIGN_UP


def refuse(backend: FakeBackend, is_refused: object) -> None:
    """Refuse the sign-ups of those addresses."""
    proper = backend.routes[SIGN_UP]
    backend.routes[SIGN_UP] = lambda sent: (
        Answer(400, {"message": "Too long"}) if is_refused(sent.fields["email"]) else proper(sent)  # type: ignore[operator]
    )


def play(world: World) -> None:
    try_others_first(world, "Zoe")
    world.judge.control(SIGNS_IN, world.accounts.signs_in(world.person("Zoe")))
    try_others(world, "Zoe")
    world.judge.all_refused()


def test_the_address_is_as_long_as_may_be(world: World) -> None:
    sign_up(world, "Zoe")
    email = world.person("Zoe").email
    assert len(email.partition("@")[0]) == 64
    assert len(email) > 100
    play(world)


def test_a_shorter_one_is_tried_where_it_is_refused(world: World, backend: FakeBackend) -> None:
    refuse(backend, lambda email: len(email) > 100)
    sign_up(world, "Zoe")
    assert world.person("Zoe").email.endswith("@example.com")
    assert len(world.person("Zoe").email.partition("@")[0]) == 64
    play(world)


def test_a_deployment_without_long_addresses_has_nothing_to_judge(world: World, backend: FakeBackend) -> None:
    refuse(backend, lambda email: len(email) > 60)
    with pytest.raises(NotApplicable, match=r'before the @ \(it was answered 400 \(message: "Too long"'):
        sign_up(world, "Zoe")


def test_a_crash_is_no_refusal(world: World, backend: FakeBackend) -> None:
    backend.routes[SIGN_UP] = lambda _: BROKEN
    with pytest.raises(NotTested, match="answered 500"):
        sign_up(world, "Zoe")


def cut(backend: FakeBackend, sent: Sent) -> Answer:
    """Sign in by the first 72 bytes of address and password."""
    account = backend.accounts.get(sent.fields["email"].lower())
    given = (sent.fields["email"] + sent.fields["password"])[:72]
    if account is None or (account.email + account.password)[:72] != given:
        return Answer(401, {"message": "Invalid email or password"})
    return backend.admitted(account)


def test_a_hash_of_both_that_is_cut_is_found_out(world: World, backend: FakeBackend) -> None:
    sign_up(world, "Zoe")
    backend.routes[SIGN_IN] = lambda sent: cut(backend, sent)
    found = "a random password of allowed length at Zoe's address of 1.. characters, before her own signed in"
    with pytest.raises(Unmet, match=f"{found}, is refused; it took effect"):
        play(world)


def test_a_cache_that_is_cut_is_found_out(world: World, backend: FakeBackend) -> None:
    sign_up(world, "Zoe")
    proper, known = backend.routes[SIGN_IN], set[str]()

    def cached(sent: Sent) -> Answer:
        key = (sent.fields["email"] + sent.fields["password"])[:72]
        answer = cut(backend, sent) if key in known else proper(sent)
        if answer.status == 200:
            known.add(key)
        return answer

    backend.routes[SIGN_IN] = cached
    with pytest.raises(Unmet, match="after her own signed in, is refused; it took effect"):
        play(world)

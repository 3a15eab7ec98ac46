"""A rightly signed token is its subject's, whatever else it says, and breaks nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.core.errors import Absent
from harness.core.findings import HarnessError, NotTested, Unmet
from harness.flows.tasks import control_clone
from harness.flows.token_claims import BESIDE, ODD, ask_beside, must_break_nothing, present_odd
from harness.scenario.world import World
from harness.tokens.jws import Jwt, decode_segment
from tests.support.fake_backend import SECRET, Account, FakeBackend
from tests.support.fake_client import API, FakeClient, Sent
from tests.support.scenario import BROKEN, LIST, with_people, world_of

NULL = "null for a claim"


@pytest.fixture
def cloned(world: World) -> World:
    """A clone of Ann's token was seen to open her tasks."""
    device, ann = world.device("Ann", "first device"), world.person("Ann")
    own = Jwt.parse(world.opener.value(device))
    device.access_token = own.with_claims(email=ann.email.upper(), name="Ann").signed(SECRET.encode())
    control_clone(world, "Ann")
    return world


def said_by(sent: Sent) -> list[tuple[str, Any]]:
    """The claims of a request's token, each as it stands."""
    token = (sent.header("authorization") or "").removeprefix("Bearer ")
    pairs: list[tuple[str, Any]] = json.loads(
        decode_segment(token.split(".")[1]), object_pairs_hook=lambda all_: all_
    )
    return pairs


def opening(world: World, backend: FakeBackend, whose: str) -> None:
    """Take whoever's token is not Ann's own for that person."""
    person = backend.accounts[world.person(whose).email]
    own, proper = world.opener.value(world.device("Ann", "first device")), backend.caller

    def caller(sent: Sent) -> Account | None:
        at_api = sent.url.startswith(API) and own not in (sent.header("authorization") or "")
        return person if at_api else proper(sent)

    backend.caller = caller  # type: ignore[method-assign]


# --- another person beside the subject ---


def test_the_address_of_another_stands_wherever_the_own_one_did(cloned: World, client: FakeClient) -> None:
    device = cloned.device("Ann", "first device")
    own = Jwt.parse(cloned.opener.value(device))
    device.access_token = own.with_claims(upn=cloned.person("Ann").email).signed(SECRET.encode())
    ask_beside(cloned, "Ann", "Bob", "has his address")
    said, bob = dict(said_by(client.sent[-1])), cloned.person("Bob").email
    assert (said["sub"], said["email"], said["upn"], said["name"]) == (own.claims["sub"], bob, bob, "Ann")
    assert 'with Bob\'s address in its claim "email" and "upn"' in cloned.judge.attempts[-1].what


def test_the_other_s_subject_comes_first_and_the_own_one_last(cloned: World, client: FakeClient) -> None:
    ask_beside(cloned, "Ann", "Bob", "names him first and her last")
    subjects = [value for name, value in said_by(client.sent[-1]) if name == "sub"]
    own = [
        Jwt.parse(cloned.opener.value(cloned.device(who, "first device"))).claims["sub"] for who in ("Bob", "Ann")
    ]
    assert subjects == own


@pytest.mark.parametrize("word", [*BESIDE])
@pytest.mark.parametrize("whose", ["Ann", None])
def test_the_own_data_and_a_refusal_are_both_right(
    cloned: World, backend: FakeBackend, word: str, whose: str | None
) -> None:
    if whose is not None:
        opening(cloned, backend, whose)
    else:
        own, proper = cloned.opener.value(cloned.device("Ann", "first device")), backend.caller
        backend.caller = lambda sent: (  # type: ignore[method-assign]
            proper(sent) if own in (sent.header("authorization") or "") or not sent.url.startswith(API) else None
        )
    ask_beside(cloned, "Ann", "Bob", word)
    cloned.judge.all_refused()


@pytest.mark.parametrize("word", [*BESIDE])
def test_the_other_s_data_is_found_out(cloned: World, backend: FakeBackend, word: str) -> None:
    opening(cloned, backend, "Bob")
    ask_beside(cloned, "Ann", "Bob", word)
    with pytest.raises(Unmet, match=r"Ann's token, rightly signed, with .*Bob's .*, is refused; .*private text"):
        cloned.judge.all_refused()


def test_where_the_address_is_the_subject_there_is_nothing_to_compare(client: FakeClient) -> None:
    world = with_people(world_of(client, '[jwt]\nsubject = "email"\n'), "Ann", "Bob")
    device = world.device("Ann", "first device")
    own = Jwt.parse(world.opener.value(device))
    control_clone(world, "Ann")
    device.access_token = own.with_claims(sub=None, email="ann@example.com").signed(SECRET.encode())
    with pytest.raises(Absent, match=r"jwt\.subject"):
        ask_beside(world, "Ann", "Bob", "has his address")


def test_a_subject_that_is_not_there_is_not_there_twice(client: FakeClient) -> None:
    world = with_people(world_of(client, '[jwt]\nsubject = "uid"\n'), "Ann", "Bob")
    control_clone(world, "Ann")
    with pytest.raises(Absent, match='no claim "uid" itself'):
        ask_beside(world, "Ann", "Bob", "names him first and her last")


# --- of another type ---


@pytest.mark.parametrize("odd", [*ODD])
def test_an_odd_claim_may_be_refused_or_ignored(cloned: World, backend: FakeBackend, odd: str) -> None:
    present_odd(cloned, "Ann", odd)
    assert len(cloned.judge.attempts) == len(ODD[odd][0])
    must_break_nothing(cloned, "Bob")
    opening(cloned, backend, "Ann")
    present_odd(cloned, "Ann", odd)
    must_break_nothing(cloned, "Bob")


def test_what_it_breaks_is_named(cloned: World, backend: FakeBackend) -> None:
    proper = backend.list_tasks
    own = cloned.opener.value(cloned.device("Ann", "first device"))
    backend.routes[LIST] = lambda sent: (
        BROKEN
        if own not in (sent.header("authorization") or "") and ("nbf", None) in said_by(sent)
        else proper(sent)
    )
    present_odd(cloned, "Ann", NULL)
    with pytest.raises(
        Unmet, match=r'with null for a claim \("nbf"\), is refused, or .*; the server broke: .*500'
    ):
        must_break_nothing(cloned, "Bob")


def test_what_is_broken_for_everybody_is_not_judged(cloned: World, backend: FakeBackend) -> None:
    backend.routes[LIST] = lambda _: BROKEN
    present_odd(cloned, "Ann", NULL)
    with pytest.raises(NotTested, match="the control failed"):
        must_break_nothing(cloned, "Bob")


def test_another_s_tasks_are_found_out(cloned: World, backend: FakeBackend) -> None:
    opening(cloned, backend, "Bob")
    present_odd(cloned, "Ann", NULL)
    with pytest.raises(Unmet, match=r'with null for a claim \("sub"\), is refused; .*private text'):
        must_break_nothing(cloned, "Bob")


def test_without_a_clone_nothing_is_shown(world: World) -> None:
    with pytest.raises(HarnessError, match="without a control"):
        present_odd(world, "Ann", NULL)
    with pytest.raises(HarnessError, match="without a control"):
        ask_beside(world, "Ann", "Bob", "has his address")

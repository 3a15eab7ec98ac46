"""A token of the key before and one of the key after a change open the tasks alike."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.core.findings import NotTested, Unmet
from harness.deployment.errors import EndOutOfReach
from harness.flows.key_rotation import must_open_at_once, must_still_open, rotate
from harness.scenario.world import World
from harness.tokens.jws import Jwt, NotAJwt
from tests.support.fake_backend import AUTH, SECRET, Account, FakeBackend
from tests.support.fake_client import API, Answer, FakeClient, Sent
from tests.support.scenario import with_people, world_of

ROTATES = '[operations.rotate_keys]\nmethod = "POST"\npath = "/rotate"\n'


class Rotating(FakeBackend):
    """Signs with one key after the other; ``knows`` says which of them the API takes."""

    def __init__(self) -> None:
        super().__init__()
        self.key = 1
        self.knows: Callable[[object], bool] = lambda _: True
        self.turns = True
        self.routes["POST /rotate"] = self.turn
        self.cached = ""
        self.routes[f"GET {AUTH}/jwks"] = lambda _: Answer(200, {"keys": []}, [("Cache-Control", self.cached)])
        self.proper_token = self.routes[f"GET {AUTH}/token"]
        self.routes[f"GET {AUTH}/token"] = self.issue

    def turn(self, _: Sent) -> Answer:
        self.key += int(self.turns)
        return Answer(200, {})

    def issue(self, sent: Sent) -> Answer:
        answer = self.proper_token(sent)
        if answer.status != 200:
            return answer
        token = Jwt.parse(answer.body["token"]).with_header(kid=f"key {self.key}").signed(SECRET.encode())
        return Answer(200, {"token": token})

    def caller(self, sent: Sent) -> Account | None:
        try:
            kid = Jwt.parse((sent.header("authorization") or "").removeprefix("Bearer ")).header.get("kid")
        except NotAJwt:
            kid = None
        return super().caller(sent) if not sent.url.startswith(API) or self.knows(kid) else None


@pytest.fixture
def backend() -> Rotating:
    return Rotating()


@pytest.fixture
def world(client: FakeClient) -> World:
    found = with_people(world_of(client, ROTATES), "Ann")
    found.deployment.access.issue_token(found.device("Ann", "first device"))
    return found


def judged(world: World) -> None:
    rotate(world, "Ann")
    must_still_open(world, "Ann")
    must_open_at_once(world, "Ann")


def test_where_both_are_known_all_is_well(world: World) -> None:
    judged(world)


def test_a_key_that_is_dropped_too_early_is_found_out(world: World, backend: Rotating) -> None:
    rotate(world, "Ann")
    backend.knows = lambda kid: kid == "key 2"
    with pytest.raises(Unmet, match=r"before the signing key changed \('key 1' signed it\) opens her tasks until"):
        must_still_open(world, "Ann")


def test_a_key_that_is_never_learnt_is_found_out(world: World, backend: Rotating) -> None:
    rotate(world, "Ann")
    backend.knows = lambda kid: kid == "key 1"
    must_still_open(world, "Ann")
    with pytest.raises(
        Unmet, match=r"issued after the signing key changed \('key 2' signed it\) opens Ann's tasks"
    ):
        must_open_at_once(world, "Ann")


def test_a_key_may_be_learnt_when_the_published_ones_are_old(
    world: World, backend: Rotating, monkeypatch: pytest.MonkeyPatch
) -> None:
    rotate(world, "Ann")
    backend.knows, backend.cached = lambda kid: kid == "key 1", "public, max-age=9"

    def wait(_end: float, _what: str) -> None:
        backend.knows = lambda _: True

    monkeypatch.setattr(world.expiry, "wait_out", wait)
    must_open_at_once(world, "Ann")
    assert world.notes == ["waited for the 9 s that the published keys may be cached"]


def test_what_may_be_cached_for_too_long_is_not_waited_for(world: World, backend: Rotating) -> None:
    rotate(world, "Ann")
    backend.knows, backend.cached = lambda kid: kid == "key 1", "max-age=86400"
    with pytest.raises(EndOutOfReach, match="what the published keys' Cache-Control allows"):
        must_open_at_once(world, "Ann")


def test_an_operation_that_changes_nothing_shows_nothing(world: World, backend: Rotating) -> None:
    backend.turns = False
    with pytest.raises(NotTested, match="tokens name the same key as before"):
        rotate(world, "Ann")


@pytest.mark.parametrize("status", [403, 500])
def test_an_operation_that_is_refused_shows_nothing(world: World, backend: Rotating, status: int) -> None:
    backend.routes["POST /rotate"] = lambda _: Answer(status)
    with pytest.raises(NotTested):
        rotate(world, "Ann")


def test_a_token_that_has_ended_meanwhile_shows_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rotate(world, "Ann")
    monkeypatch.setattr("harness.flows.key_rotation.ends_soon", lambda _: True)
    with pytest.raises(NotTested, match="has expired by now"):
        must_still_open(world, "Ann")

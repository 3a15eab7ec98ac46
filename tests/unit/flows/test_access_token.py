"""A session of a signed-in user yields an access token where the profile says that it does."""

from __future__ import annotations

import pytest

from harness.core.errors import Absent
from harness.core.findings import Unmet
from harness.deployment.errors import Missing, NotThere
from harness.flows.access_token import must_have_issued_token, open_token_endpoint
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import Answer, FakeClient
from tests.support.scenario import BROKEN, TOKEN, said, world_of


def test_a_token_that_comes_is_fine(world: World) -> None:
    open_token_endpoint(world, "Ann")
    must_have_issued_token(world, "Ann")


@pytest.mark.parametrize("answer", [Answer(401), Answer(403), BROKEN])
def test_a_session_that_gets_none_is_found_out(world: World, backend: FakeBackend, answer: Answer) -> None:
    backend.routes[TOKEN] = said(answer)
    open_token_endpoint(world, "Ann")
    with pytest.raises(Unmet, match=f"that Ann's session gets an access token; it was answered {answer.status}"):
        must_have_issued_token(world, "Ann")


def test_a_token_at_another_place_is_not_judged(world: World, backend: FakeBackend) -> None:
    backend.routes[TOKEN] = said(Answer(200, {"access": "a.b.c"}))
    open_token_endpoint(world, "Ann")
    with pytest.raises(Missing, match=r"gave Ann no access token where credentials\.token says"):
        must_have_issued_token(world, "Ann")


def test_nor_is_an_endpoint_that_is_not_there(world: World, backend: FakeBackend) -> None:
    del backend.routes[TOKEN]
    open_token_endpoint(world, "Ann")
    with pytest.raises(NotThere, match=r"token: GET .* was answered 404"):
        must_have_issued_token(world, "Ann")


def test_where_sign_in_hands_it_out_there_is_no_endpoint(client: FakeClient) -> None:
    declared = '[credentials.token]\nissued_by = "sign_in"\npointer = "/token"\n'
    world = world_of(client, declared)
    world.introduce(world.cast.new_person("Ann"))
    with pytest.raises(Absent, match="no endpoint where a session gets a token"):
        open_token_endpoint(world, "Ann")

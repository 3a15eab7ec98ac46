"""Sign-up answers a known address as a new one, where that is declared."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.core.findings import NotTested, Unmet
from harness.flows.enumeration import must_answer_sign_ups_alike, sign_up_known_and_new
from harness.scenario.world import World
from tests.support.fake_backend import BAD_REQUEST, FakeBackend
from tests.support.fake_client import Answer, Sent
from tests.support.scenario import SIGN_UP

Reply = Callable[[Sent], Answer]


def sign_up_for(world: World, backend: FakeBackend, known: Reply, new: Reply) -> None:
    backend.routes[SIGN_UP] = lambda sent: (known if sent.fields["email"] in backend.accounts else new)(sent)
    sign_up_known_and_new(world, "Ann")
    must_answer_sign_ups_alike(world)


def test_a_sign_up_that_tells_nothing_is_right(world: World, backend: FakeBackend) -> None:
    def accept(sent: Sent) -> Answer:
        return Answer(202, {"id": backend.number(), "sent_to": sent.fields["email"]})

    sign_up_for(world, backend, accept, accept)


def test_one_that_says_who_is_known_is_found_out(world: World, backend: FakeBackend) -> None:
    with pytest.raises(Unmet, match="of a new and a known address one is answered 202 and the other 422"):
        sign_up_for(world, backend, lambda _: Answer(422, {}), lambda _: Answer(202, {}))


def test_without_an_account_for_a_new_address_nothing_is_compared(world: World, backend: FakeBackend) -> None:
    with pytest.raises(NotTested, match="a sign-up with a new address was answered 400"):
        sign_up_for(world, backend, lambda _: Answer(202, {}), lambda _: BAD_REQUEST)


def test_responses_of_which_no_two_are_alike_are_not_compared(world: World, backend: FakeBackend) -> None:
    def random(_: Sent) -> Answer:
        return Answer(202, {f"field {backend.number()}": 1})

    with pytest.raises(NotTested, match="no two sign-ups with new addresses are answered alike"):
        sign_up_for(world, backend, random, random)


def test_whoever_signs_up_again_owns_no_account(world: World, backend: FakeBackend) -> None:
    sign_up_for(world, backend, lambda _: Answer(202, {}), lambda _: Answer(202, {}))
    of_ann = [person.alias for person in world.cast.everyone if person.email == world.person("Ann").email]
    assert of_ann == ["Ann"]

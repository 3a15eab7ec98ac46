"""Sign-up and a forgotten password tell no address apart."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.core.findings import NotTested, Unmet
from harness.deployment.errors import NotThere
from harness.flows.enumeration import (
    ask_for_resets,
    must_answer_resets_alike,
    must_answer_sign_ups_alike,
    sign_up_known_and_new,
)
from harness.profile.loader import ProfileError, parse_profile
from harness.scenario.world import World
from tests.support.fake_backend import BAD_REQUEST, NOT_FOUND, FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import BROKEN, SIGN_UP, with_people, world_of

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


# --- a new password ---

PATH = "/api/auth/forgotten"
RESET = f'[operations.request_reset]\nmethod = "POST"\npath = "{PATH}"\njson = {{ email = "{{email}}" }}\n'


def ask(client: FakeClient, backend: FakeBackend, known: Answer, unknown: Answer) -> None:
    """Ask a deployment that answers known and unknown addresses so."""
    backend.routes[f"POST {PATH}"] = lambda sent: known if sent.fields["email"] in backend.accounts else unknown
    world = with_people(world_of(client, RESET), "Ann")
    ask_for_resets(world, "Ann")
    must_answer_resets_alike(world)


def said(**more: object) -> Answer:
    return Answer(202, {"message": "If there is an account, we write to it.", **more})


def test_resets_that_tell_nothing_are_right(client: FakeClient, backend: FakeBackend) -> None:
    known, unknown = said(request="k3X9dk2lQz8w", at=1_700_000_001), said(request="Zq81mvP0aa2c", at=1_700_000_002)
    ask(client, backend, known, unknown)
    assert len([sent for sent in client.sent if sent.path == PATH]) == 2


@pytest.mark.parametrize(
    ("known", "unknown"),
    [
        (said(), Answer(404, {"message": "No such user"})),
        (said(sent=True), said(sent=False)),
        (Answer(202, {}, [("Set-Cookie", "reset=1")]), Answer(202, {})),
        (Answer(202, {}, [("Set-Cookie", "reset=1")]), Answer(202, {}, [("Set-Cookie", "other=1")])),
        (Answer(422, {"message": "The account is locked"}), said()),
    ],
)
def test_resets_that_tell_who_is_known_are_found_out(
    client: FakeClient, backend: FakeBackend, known: Answer, unknown: Answer
) -> None:
    with pytest.raises(Unmet, match="of an unknown and a known address "):
        ask(client, backend, known, unknown)


@pytest.mark.parametrize(
    ("known", "unknown", "reason"),
    [
        (said(), Answer(429, {}), "a request for a new password is throttled: it was answered 429"),
        (Answer(429, {}), said(), "a request for a new password is throttled"),
        (Answer(400, {"message": "Solve it"}), Answer(400, {}), "for Ann's address was answered 400"),
        (BROKEN, said(), "for Ann's address was answered 500"),
        (BROKEN, BROKEN, "for Ann's address was answered 500"),
    ],
)
def test_what_says_nothing_is_not_judged(
    client: FakeClient, backend: FakeBackend, known: Answer, unknown: Answer, reason: str
) -> None:
    with pytest.raises(NotTested, match=reason):
        ask(client, backend, known, unknown)


def test_a_route_that_is_not_there_is_not_judged(client: FakeClient, backend: FakeBackend) -> None:
    with pytest.raises(NotThere, match=r"request_reset: POST .* was answered 404: it is not where"):
        ask(client, backend, NOT_FOUND, NOT_FOUND)


def test_a_request_that_says_nobody_s_address_is_refused() -> None:
    with pytest.raises(ProfileError, match=r"it does not say whose password; write \{email\} in it"):
        parse_profile('extends = "reference"\n' + RESET.replace("{email}", "me"), "mine.toml")

"""Long passwords are taken or refused, and no answer holds one."""

from __future__ import annotations

import pytest

from harness.core.findings import NotTested, Unmet
from harness.deployment.people import PersonFactory
from harness.flows.common import sign_in
from harness.flows.passwords import (
    must_be_in_no_answer,
    must_be_long_enough,
    must_not_have_crashed,
    share_long,
    share_spaced,
    sign_up_very_long,
)
from harness.flows.session import ask_who
from harness.profile.profile import People
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import BROKEN, SESSION, SIGN_UP, world_of


@pytest.fixture
def world(client: FakeClient) -> World:
    """Nobody is there yet."""
    return world_of(client)


def taking(backend: FakeBackend, most: int, otherwise: Answer) -> None:
    """Have sign-up take no longer passwords."""
    proper = backend.sign_up
    backend.routes[SIGN_UP] = lambda sent: proper(sent) if len(sent.fields["password"]) <= most else otherwise


@pytest.mark.parametrize(("most", "taken"), [(1000, 100), (99, 64), (64, 64), (63, 24)])
def test_a_shared_person_has_the_longest_password_that_is_taken(
    world: World, backend: FakeBackend, most: int, taken: int
) -> None:
    taking(backend, most, Answer(422))
    lea = world.introduce(share_long(world, "Lea"))
    assert len(lea.password) == taken
    assert share_long(world, "Lea") is lea
    if taken >= 64:
        must_be_long_enough(world, "Lea")
    else:
        with pytest.raises(Unmet, match=r"64 characters is taken; .*sign-up was answered 422"):
            must_be_long_enough(world, "Lea")


def test_one_that_is_taken_and_then_not_signed_in_with_is_not_taken(world: World, backend: FakeBackend) -> None:
    def forgetful(sent: Sent) -> Answer:
        answer = backend.sign_up(sent)
        if len(sent.fields["password"]) > 64:
            backend.sessions.clear()
        return answer

    backend.routes[SIGN_UP] = forgetful
    assert len(share_long(world, "Lea").password) == 64


@pytest.mark.parametrize("spaces", [True, False], ids=["taken", "refused"])
def test_a_space_is_in_the_password_where_sign_up_takes_one(
    world: World, backend: FakeBackend, spaces: bool
) -> None:
    proper = backend.sign_up
    backend.routes[SIGN_UP] = lambda sent: proper(sent) if spaces or " " not in sent.fields["password"] else BROKEN
    mia = share_spaced(world, "Mia")
    assert (" " in mia.password) is spaces
    assert len(mia.password.encode()) <= 64
    assert share_spaced(world, "Mia") is mia
    sign_up_very_long(world, "Zoe", 200)
    must_not_have_crashed(world)


@pytest.mark.parametrize("announced", [1, 24, 25, 64])
def test_no_server_cuts_an_ordinary_password_off(announced: int) -> None:
    factory = PersonFactory(People(min_password_length=announced), 1)
    for password in (factory.password(), factory.spaced_password()):
        assert max(announced, 24) == len(password)


@pytest.mark.parametrize("most", [1000, 150])
def test_a_very_long_one_may_be_taken_or_refused(world: World, backend: FakeBackend, most: int) -> None:
    taking(backend, most, Answer(422))
    sign_up_very_long(world, "Zoe", 200)
    assert world.person("Zoe").has_account is (most > 200)
    must_not_have_crashed(world)


@pytest.mark.parametrize("most", [150, 99, 80], ids=["at 200", "at 100", "at 100 and 200"])
def test_a_crash_is_no_decision(world: World, backend: FakeBackend, most: int) -> None:
    taking(backend, most, BROKEN)
    share_long(world, "Lea")
    sign_up_very_long(world, "Zoe", 200)
    length = 200 if most > 100 else 100
    with pytest.raises(Unmet, match=f"a password of {length} characters is taken or refused; 500 came"):
        must_not_have_crashed(world)


# --- in answers ---


@pytest.fixture
def asked(world: World) -> World:
    """Ann signed up and in, and was told who she is."""
    world.introduce(world.cast.share("Ann"))
    sign_in(world, "Ann", "laptop")
    ask_who(world, "Ann")
    return world


def test_answers_without_a_password_are_fine(asked: World) -> None:
    must_be_in_no_answer(asked, "Ann")


def test_one_in_the_answer_to_sign_up_is_found(asked: World, backend: FakeBackend) -> None:
    def telling(sent: Sent) -> Answer:
        answer = backend.sign_up(sent)
        return Answer(200, {**answer.body, "you": sent.fields}, answer.headers)

    backend.routes[SIGN_UP] = telling
    zoe = asked.introduce(asked.cast.new_person("Zoe"))
    zoe.signed_up = asked.deployment.sessions.sign_up(zoe, zoe.device("first device"))
    with pytest.raises(Unmet, match="no answer holds Zoe's password or its hash; it holds her password"):
        must_be_in_no_answer(asked, "Zoe")


def test_a_hash_in_the_session_is_found(asked: World, backend: FakeBackend) -> None:
    proper = backend.session
    hashed = "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW"
    backend.routes[SESSION] = lambda sent: Answer(200, {**(proper(sent).body or {}), "hash": hashed})
    ask_who(asked, "Ann")
    with pytest.raises(Unmet, match="it holds what looks like the hash of a password"):
        must_be_in_no_answer(asked, "Ann")


def test_whoever_is_not_signed_in_proves_nothing(asked: World, backend: FakeBackend) -> None:
    backend.sessions.clear()
    ask_who(asked, "Ann")
    with pytest.raises(NotTested, match="Ann is not signed in"):
        must_be_in_no_answer(asked, "Ann")

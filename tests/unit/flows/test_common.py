"""Who is signed in on a device, and operations that have to be done before anything can be judged."""

from __future__ import annotations

import pytest

from harness.core.findings import NotTested, Unmet
from harness.deployment.accounts import SIGN_IN as SIGN_IN_CONTROL
from harness.flows.common import (
    anonymous_must_not_be_signed_in,
    id_of,
    must_be_done,
    must_be_signed_in_as,
    sign_in,
    try_wrong_password,
)
from harness.scenario.world import World
from tests.support.fake_backend import COOKIE, NOBODY, FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import SESSION, SIGN_IN, answered, said, with_people, world_of

USER = {"id": "1", "email": "ann@example.com", "name": "Ann"}


def with_cookies(answer: Answer, backend: FakeBackend) -> None:
    """Have the session endpoint say this to whoever has a cookie."""
    backend.routes[SESSION] = lambda sent: answer if COOKIE in sent.cookies else NOBODY


def test_whoever_signed_in_is_there(world: World) -> None:
    sign_in(world, "Ann", "laptop")
    must_be_signed_in_as(world, "Ann", "laptop")


def test_another_case_of_the_address_is_the_same_person(world: World, backend: FakeBackend) -> None:
    sign_in(world, "Ann", "laptop")
    ann = world.person("Ann")
    with_cookies(Answer(200, {"user": {**USER, "email": ann.email.upper(), "name": ann.name}}), backend)
    must_be_signed_in_as(world, "Ann", "laptop")


@pytest.mark.parametrize(
    ("answer", "came"),
    [
        (NOBODY, "no user is signed in there"),
        (Answer(401), "no user is signed in there"),
        (Answer(200, {"user": {**USER, "email": "bob@example.com"}}), "it is bob@example.com's"),
    ],
    ids=["an anonymous answer", "a refusal", "somebody else"],
)
def test_whoever_is_not_there_is_named(world: World, backend: FakeBackend, answer: Answer, came: str) -> None:
    sign_in(world, "Ann", "laptop")
    with_cookies(answer, backend)
    with pytest.raises(Unmet, match=rf"the session on Ann's laptop is Ann's; {came}"):
        must_be_signed_in_as(world, "Ann", "laptop")


def test_another_name_is_named(world: World, backend: FakeBackend) -> None:
    sign_in(world, "Ann", "laptop")
    with_cookies(Answer(200, {"user": {**USER, "email": world.person("Ann").email}}), backend)
    with pytest.raises(Unmet, match='by name; the name is "Ann"'):
        must_be_signed_in_as(world, "Ann", "laptop")


def test_where_everybody_is_somebody_it_says_nothing(world: World, backend: FakeBackend) -> None:
    sign_in(world, "Ann", "laptop")
    ann = world.person("Ann")
    backend.routes[SESSION] = said(Answer(200, {"user": {**USER, "email": ann.email, "name": ann.name}}))
    with pytest.raises(Unmet, match="a browser without cookies is not signed in"):
        must_be_signed_in_as(world, "Ann", "laptop")


def test_where_sign_up_takes_no_name_any_will_do(client: FakeClient, backend: FakeBackend) -> None:
    declared = '[operations.sign_up]\njson = { email = "{email}", password = "{password}", name = "x" }\n'
    world = with_people(world_of(client, declared), "Ann")
    sign_in(world, "Ann", "laptop")
    must_be_signed_in_as(world, "Ann", "laptop")


def test_a_browser_without_cookies_is_nobody(world: World, backend: FakeBackend) -> None:
    anonymous_must_not_be_signed_in(world)
    backend.routes[SESSION] = said(Answer(200, {"user": USER}))
    with pytest.raises(Unmet, match=r"it is signed in as ann@example\.com"):
        anonymous_must_not_be_signed_in(world)


def test_an_id_is_the_session_endpoints_or_else_the_address(world: World, backend: FakeBackend) -> None:
    assert id_of(world, "Ann") == "user-1"
    with_cookies(Answer(200, {"user": {"email": "ann@example.com"}}), backend)
    assert id_of(world, "Ann") == world.person("Ann").email


def test_what_was_not_done_is_not_judged(world: World) -> None:
    must_be_done(world, "sign_out", answered(200))
    assert world.last().status == 200
    with pytest.raises(NotTested, match="sign_out was answered 403, not as the profile says"):
        must_be_done(world, "sign_out", answered(403))


# --- wrong passwords ---


@pytest.fixture
def signs_in(world: World) -> World:
    """Ann was seen to sign in."""
    world.judge.control(SIGN_IN_CONTROL, world.accounts.signs_in(world.person("Ann")))
    return world


def test_a_wrong_password_is_refused(signs_in: World) -> None:
    try_wrong_password(signs_in, "Ann", "her password with one more character")
    signs_in.judge.all_refused()


def test_one_that_opens_the_account_is_found_out(signs_in: World, backend: FakeBackend) -> None:
    proper = backend.sign_in

    def careless(sent: Sent) -> Answer:
        account = backend.accounts[sent.fields["email"]]
        return backend.admitted(account) if sent.fields["password"].startswith(account.password) else proper(sent)

    backend.routes[SIGN_IN] = careless
    try_wrong_password(signs_in, "Ann", "her password with one more character")
    with pytest.raises(Unmet, match="with one more character is refused; it took effect"):
        signs_in.judge.all_refused()


def test_one_that_is_the_right_password_is_noted_and_not_tried(signs_in: World, client: FakeClient) -> None:
    before = len(client.sent)
    try_wrong_password(signs_in, "Ann", "her password with its space doubled")
    assert len(client.sent) == before
    (note,) = signs_in.notes
    assert note.startswith("not tried: her password with its space doubled; sign-up took no password of Ann's")

"""A session that no server has made is nobody's, and breaks nothing."""

from __future__ import annotations

import pytest

from harness.core.findings import HarnessError, NotTested, Unmet
from harness.flows.common import control_place
from harness.flows.unknown_sessions import UNKNOWN, ask_with, must_show_no_user, must_still_open
from harness.scenario.world import World
from tests.support.fake_backend import COOKIE, NOBODY, FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import BROKEN, SESSION, said, with_people, world_of

TOKEN = """
[operations]
token = false
[credentials.session]
kind = "token"
[credentials.token]
issued_by = "sign_in"
pointer = "/token"
"""


@pytest.fixture
def opens(world: World) -> World:
    """Ann's own session was seen to open the session endpoint."""
    control_place(world, "Ann", "session endpoint")
    return world


def answering(backend: FakeBackend, answer: Answer) -> None:
    """Have the session endpoint say that to whoever has no session."""
    backend.routes[SESSION] = lambda sent: (
        FakeBackend.session(backend, sent) if backend.signed_in(sent) else answer
    )


@pytest.mark.parametrize("answer", [NOBODY, Answer(200, {}), Answer(401), Answer(204), Answer(404), Answer(431)])
def test_an_answer_that_names_no_user_is_fine(opens: World, backend: FakeBackend, answer: Answer) -> None:
    answering(backend, answer)
    ask_with(opens, "Ann", [*UNKNOWN])
    must_show_no_user(opens)
    must_still_open(opens, "Ann")


def test_each_is_sent_as_the_kind_says(opens: World, client: FakeClient) -> None:
    before = len(client.sent)
    ask_with(opens, "Ann", [*UNKNOWN])
    values = [sent.cookies.get(COOKIE) for sent in client.sent[before:]]
    assert values[:2] == [None, ""]
    assert [len(value or "") for value in values[2:]] == [43, 30, 4096]
    assert len(set(values)) == len(UNKNOWN)


@pytest.mark.parametrize("kind", UNKNOWN)
def test_a_server_error_is_found_out(opens: World, backend: FakeBackend, kind: str) -> None:
    answering(backend, BROKEN)
    ask_with(opens, "Ann", [kind])
    with pytest.raises(
        Unmet, match=f"a session that is {kind} shows no user and breaks nothing; it was answered 500"
    ):
        must_show_no_user(opens)


def test_a_user_is_found_out(opens: World, backend: FakeBackend) -> None:
    bob = backend.accounts[opens.person("Bob").email]
    answering(backend, Answer(200, {"user": bob.user}))
    ask_with(opens, "Ann", ["made up"])
    with pytest.raises(Unmet, match=r"it is signed in as bob\."):
        must_show_no_user(opens)


def test_private_text_in_an_error_is_found_out(opens: World, backend: FakeBackend) -> None:
    answering(backend, Answer(401, {"message": f"not {opens.person('Ann').canary}"}))
    ask_with(opens, "Ann", ["made up"])
    with pytest.raises(Unmet, match="the answer has the private text of a user"):
        must_show_no_user(opens)


def test_a_server_that_is_broken_by_it_is_not_judged_further(opens: World, backend: FakeBackend) -> None:
    backend.routes[SESSION] = said(NOBODY)
    with pytest.raises(NotTested, match="the control failed"):
        must_still_open(opens, "Ann")


def test_a_token_that_is_the_session_is_replaced(client: FakeClient, backend: FakeBackend) -> None:
    def session(sent: Sent) -> Answer:
        is_anns = sent.header("authorization") == "Bearer the-token-of-ann"
        return Answer(200, {"user": next(iter(backend.accounts.values())).user}) if is_anns else Answer(401)

    def signed_in(sent: Sent) -> Answer:
        is_known = sent.fields["email"] in backend.accounts
        return Answer(200, {"token": "the-token-of-ann"}) if is_known else Answer(401)

    backend.routes |= {SESSION: session, "POST /api/auth/sign-in/email": signed_in}
    backend.routes["POST /api/auth/sign-up/email"] = lambda sent: (
        Answer(200, {"token": "the-token-of-ann"})
        if FakeBackend.sign_up(backend, sent).status == 200
        else Answer(422)
    )
    world = world_of(client, TOKEN)
    world.introduce(world.cast.share("Ann"))
    control_place(world, "Ann", "session endpoint")
    before = len(client.sent)
    ask_with(world, "Ann", [*UNKNOWN])
    must_show_no_user(world)
    headers = [sent.header("authorization") for sent in client.sent[before:]]
    assert headers[:2] == [None, "Bearer"]
    assert all(header and header.startswith("Bearer ") for header in headers[2:])


def test_without_the_control_nothing_is_judged(client: FakeClient) -> None:
    world = with_people(world_of(client), "Ann")
    with pytest.raises(HarnessError, match="judged without a control"):
        ask_with(world, "Ann", ["none"])

"""Sign-out ends no other's session, is done by no GET and breaks nothing, however it is requested."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.core.errors import Absent
from harness.core.findings import HarnessError, NotApplicable, NotTested, Unmet
from harness.deployment.errors import NotThere
from harness.flows.captured import capture, control_captured
from harness.flows.common import sign_in_also
from harness.flows.session import control_own_session
from harness.flows.signout_naming import NamingSignOuts, must_still_be_signed_in, sign_out_naming
from harness.flows.signout_requests import (
    WAYS,
    SignOuts,
    get_sign_out,
    must_have_broken_nothing,
    request_sign_outs,
)
from harness.flows.signout_requests import must_still_be_signed_in as laptop_must_be_signed_in
from harness.scenario.world import World
from tests.support.fake_backend import AUTH, COOKIE, NOBODY, FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import BROKEN, SESSION, SIGN_OUT, said, with_people, world_of

GET, LIST = f"GET {AUTH}/sign-out", f"GET {AUTH}/list-sessions"
TOKEN = '[credentials.session]\nkind = "token"\n'


@pytest.fixture
def laptop(world: World) -> World:
    """Ann is signed in on her laptop, too; Bob's session was seen to be his, and Ann's captured one to be hers."""
    sign_in_also(world, "Ann", "laptop")
    control_own_session(world, "Bob")
    capture(world, "Ann", "laptop")
    control_captured(world, "Ann", "session endpoint")
    return world


def ending(backend: FakeBackend, named: Callable[[Sent], object], *, refuses: bool = False) -> None:
    """Have sign-out end the session or all of the user that ``named(sent)`` finds in the request."""

    def sign_out(sent: Sent) -> Answer:
        found = named(sent)
        backend.sessions = {
            key: one for key, one in backend.sessions.items() if found not in (key.partition(".")[0], one.id)
        }
        if refuses and (sent.fields or sent.query):
            return Answer(422)
        return backend.sign_out(sent)

    backend.routes[SIGN_OUT] = sign_out


def listing(backend: FakeBackend) -> None:
    """Have the list of sessions call them by a public id, which the session endpoint shows, too."""
    proper = backend.routes[SESSION]

    def session(sent: Sent) -> Answer:
        answer = proper(sent)
        if answer is not NOBODY:
            answer.body["session"] = f"public-{sent.cookies[COOKIE]}"
        return answer

    def sessions(sent: Sent) -> Answer:
        mine = backend.signed_in(sent)
        return Answer(200, [{"id": f"public-{key}"} for key, one in backend.sessions.items() if one is mine])

    backend.routes |= {SESSION: session, LIST: sessions}


# --- another's session ---


def test_a_sign_out_that_names_another_session_ends_its_own(laptop: World, backend: FakeBackend) -> None:
    before = len(backend.sessions)
    sign_out_naming(laptop, "Ann", "laptop", "Bob")
    must_still_be_signed_in(laptop, "Bob")
    assert len(backend.sessions) == before - 1
    assert len(laptop.recall(NamingSignOuts).answers) == 1


def test_one_that_is_refused_is_tried_in_one_place_at_a_time(
    laptop: World, backend: FakeBackend, client: FakeClient
) -> None:
    backend.routes[SIGN_OUT] = lambda sent: Answer(422) if sent.fields or sent.query else backend.sign_out(sent)
    sign_out_naming(laptop, "Ann", "laptop", "Bob")
    must_still_be_signed_in(laptop, "Bob")
    asked = [one for one in client.sent if one.path == f"{AUTH}/sign-out"]
    assert [(bool(one.fields), bool(one.query), "user_id" in one.cookies) for one in asked] == [
        (True, True, True),
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]


@pytest.mark.parametrize(
    "named",
    [
        lambda sent: sent.fields.get("userId"),
        lambda sent: sent.query.get("user_id"),
        lambda sent: sent.cookies.get("userId"),
    ],
    ids=["body", "query", "cookie"],
)
@pytest.mark.parametrize("refuses", [False, True])
def test_one_that_ends_the_sessions_of_whom_it_names_is_found_out(
    laptop: World, backend: FakeBackend, named: Callable[[Sent], object], *, refuses: bool
) -> None:
    ending(backend, named, refuses=refuses)
    sign_out_naming(laptop, "Ann", "laptop", "Bob")
    with pytest.raises(
        Unmet, match="on Ann's laptop which names Bob's session ends nothing of Bob's; Bob is signed"
    ):
        must_still_be_signed_in(laptop, "Bob")


def test_one_that_ends_every_session_is_found_out(laptop: World, backend: FakeBackend) -> None:
    sign_out_naming(laptop, "Ann", "laptop", "Bob")
    backend.sessions.clear()
    with pytest.raises(Unmet, match="Bob is signed out"):
        must_still_be_signed_in(laptop, "Bob")


def test_a_public_id_of_a_session_is_named_and_its_value_never(
    laptop: World, backend: FakeBackend, client: FakeClient
) -> None:
    listing(backend)
    sign_out_naming(laptop, "Ann", "laptop", "Bob")
    sent = client.sent[-1]
    assert sent.fields["sessionId"] == sent.query["sid"] == sent.cookies["session_id"]
    values = [key for key, one in backend.sessions.items() if one.id == laptop.person("Bob").id]
    assert sent.fields["sessionId"] == f"public-{values[0]}"
    assert not {*sent.fields.values(), *sent.query.values(), *sent.cookies.values()} & {*values}


def test_where_the_list_has_the_values_themselves_none_is_named(laptop: World, client: FakeClient) -> None:
    sign_out_naming(laptop, "Ann", "laptop", "Bob")
    assert "sessionId" not in client.sent[-1].fields


def test_a_signed_value_is_named_without_its_signature(
    laptop: World, backend: FakeBackend, client: FakeClient
) -> None:
    kept = laptop.device("Bob", "first device").jar.find(COOKIE, f"{client.sent[-1].url}")
    assert kept is not None
    signed = f"{kept.value}.signature"
    backend.sessions[signed] = backend.sessions.pop(kept.value)
    laptop.device("Bob", "first device").jar.keep(kept.with_value(signed))
    ending(backend, lambda sent: sent.cookies.get(f"{COOKIE}_multi-{kept.value}"))
    sign_out_naming(laptop, "Ann", "laptop", "Bob")
    sent = client.sent[-1]
    assert sent.fields["token"] == kept.value
    assert signed not in sent.cookies.values()
    with pytest.raises(Unmet, match="Bob is signed out"):
        must_still_be_signed_in(laptop, "Bob")


def test_without_the_control_nothing_of_it_is_judged(world: World) -> None:
    with pytest.raises(HarnessError, match="judged without a control"):
        sign_out_naming(world, "Ann", "first device", "Bob")


# --- by GET ---


@pytest.mark.parametrize("answer", [Answer(404), Answer(405), Answer(200, "<form method=post>")])
def test_a_get_without_an_effect_is_fine(laptop: World, backend: FakeBackend, answer: Answer) -> None:
    backend.routes[GET] = said(answer)
    get_sign_out(laptop, "Ann", "laptop")
    laptop_must_be_signed_in(laptop, "Ann", "laptop")


def test_a_session_that_gets_another_value_by_it_is_fine(laptop: World, backend: FakeBackend) -> None:
    def rotate(sent: Sent) -> Answer:
        backend.sessions["renewed"] = backend.sessions.pop(sent.cookies[COOKIE])
        return Answer(404, {}, [("Set-Cookie", f"{COOKIE}=renewed; Path=/; HttpOnly")])

    backend.routes[GET] = rotate
    get_sign_out(laptop, "Ann", "laptop")
    laptop_must_be_signed_in(laptop, "Ann", "laptop")


@pytest.mark.parametrize("ends", [True, False], ids=["the session", "the cookie alone"])
def test_a_get_that_signs_out_is_found_out(laptop: World, backend: FakeBackend, *, ends: bool) -> None:
    cleared = Answer(302, "", [("Set-Cookie", f"{COOKIE}=; Path=/; Max-Age=0")])
    backend.routes[GET] = backend.sign_out if ends else said(cleared)
    get_sign_out(laptop, "Ann", "laptop")
    with pytest.raises(Unmet, match=r"GET request .* has no effect; Ann's laptop is signed out by it"):
        laptop_must_be_signed_in(laptop, "Ann", "laptop")


def test_it_is_sent_as_by_a_link(laptop: World, client: FakeClient) -> None:
    get_sign_out(laptop, "Ann", "laptop")
    sent = client.sent[-1]
    assert (sent.method, sent.body, sent.header("origin")) == ("GET", b"", None)
    assert COOKIE in sent.cookies


def test_where_sign_out_is_a_get_it_is_no_fault(client: FakeClient) -> None:
    world = with_people(world_of(client, '[operations.sign_out]\nmethod = "GET"\njson = false\n'), "Ann")
    with pytest.raises(NotApplicable, match="sign-out itself is a GET"):
        get_sign_out(world, "Ann", "first device")


def test_no_link_sends_a_token(client: FakeClient) -> None:
    world = world_of(client, TOKEN)
    with pytest.raises(Absent):
        get_sign_out(world, "Ann", "first device")


def test_without_the_control_a_get_is_not_judged(world: World) -> None:
    get_sign_out(world, "Ann", "first device")
    with pytest.raises(HarnessError, match="judged without a control"):
        laptop_must_be_signed_in(world, "Ann", "first device")


# --- without a session ---


@pytest.mark.parametrize("status", [200, 204, 302, 400, 401, 403])
def test_any_decision_is_fine(laptop: World, backend: FakeBackend, status: int) -> None:
    def sign_out(sent: Sent) -> Answer:
        is_alive = backend.signed_in(sent) is not None
        return backend.sign_out(sent) if is_alive and sent.body else Answer(status)

    backend.routes[SIGN_OUT] = sign_out
    request_sign_outs(laptop, "Ann", "laptop", [*WAYS])
    must_have_broken_nothing(laptop)
    assert [way for way, _ in laptop.recall(SignOuts).answers] == [*WAYS]


@pytest.mark.parametrize(
    ("way", "breaks"),
    [
        ("without a body", lambda _, sent: not sent.body),
        (
            "once more",
            lambda backend, sent: bool(sent.body) and backend.signed_in(sent) is None and COOKIE in sent.cookies,
        ),
        ("without a session", lambda _, sent: COOKIE not in sent.cookies),
        (
            "with a made-up session",
            lambda _, sent: not sent.cookies.get(COOKIE, "session-").startswith("session-"),
        ),
    ],
)
def test_a_way_that_breaks_the_server_is_named(
    laptop: World, backend: FakeBackend, way: str, breaks: Callable[[FakeBackend, Sent], bool]
) -> None:
    backend.routes[SIGN_OUT] = lambda sent: BROKEN if breaks(backend, sent) else backend.sign_out(sent)
    request_sign_outs(laptop, "Ann", "laptop", [*WAYS])
    with pytest.raises(Unmet, match=f"a sign-out {way} breaks nothing; it was answered 500"):
        must_have_broken_nothing(laptop)
    # What came after it might have been sent twice.
    assert laptop.recall(SignOuts).answers[-1][0] == way


def test_a_live_session_is_signed_out_twice(laptop: World, backend: FakeBackend) -> None:
    def sign_out(sent: Sent) -> Answer:
        if not sent.body:
            return Answer(400)
        return backend.sign_out(sent) if backend.signed_in(sent) else BROKEN

    backend.routes[SIGN_OUT] = sign_out
    request_sign_outs(laptop, "Ann", "laptop", [*WAYS])
    with pytest.raises(Unmet, match="a sign-out once more breaks nothing"):
        must_have_broken_nothing(laptop)


def test_where_it_is_not_there_nothing_is_judged(laptop: World, backend: FakeBackend) -> None:
    del backend.routes[SIGN_OUT]
    request_sign_outs(laptop, "Ann", "laptop", [*WAYS])
    with pytest.raises(NotThere):
        must_have_broken_nothing(laptop)


def test_without_a_body_of_its_own_that_way_is_left_out(client: FakeClient) -> None:
    world = with_people(world_of(client, "[operations.sign_out]\njson = false\n"), "Ann")
    request_sign_outs(world, "Ann", "first device", ["without a body"])
    assert "sign-out has no body" in world.notes[-1]
    with pytest.raises(NotTested, match="otherwise than its own page"):
        must_have_broken_nothing(world)


def test_a_sign_out_that_takes_a_token_gets_one_that_was_valid(client: FakeClient) -> None:
    world = with_people(world_of(client, '[operations.sign_out]\ncredential = "token"\n'), "Ann")
    request_sign_outs(world, "Ann", "first device", [*WAYS])
    must_have_broken_nothing(world)
    asked = [one.header("authorization") for one in client.sent if one.path == f"{AUTH}/sign-out"]
    assert [bool(one) for one in asked] == [True, True, True, False, True]
    assert asked[0] == asked[1] == asked[2] != asked[4]

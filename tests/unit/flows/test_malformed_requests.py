"""Odd requests may be answered in any way but by a crash, and the next valid one is served."""

from __future__ import annotations

import json

import pytest

from harness.core.errors import Absent
from harness.core.exchange import NoAnswer
from harness.core.findings import NotTested, Unmet
from harness.flows.malformed_bodies import BODIES
from harness.flows.malformed_requests import (
    control_requests,
    must_break_nothing,
    must_still_work,
    send_to_password_operations,
    send_to_tasks_and_account,
)
from harness.flows.odd_requests import (
    MISTAKES,
    ODD_IDS,
    call_mistaken,
    call_with_id,
    control_anonymous,
    must_ask_to_sign_in,
    must_repeat_no_header,
    send_method,
    trace,
)
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend, Route
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import BROKEN, CREATE, LIST, PASSWORD, READ, SIGN_IN, SIGN_UP, with_people, world_of

TEMPLATE = {"title": "{title}", "more": {"of": "{name}"}}
VALUES = {"title": "t", "name": "n"}


@pytest.fixture
def careful(world: World, backend: FakeBackend, client: FakeClient) -> World:
    """Whatever is no proper body is refused; Ann's valid requests were seen to work."""

    def strict(proper: Route) -> Route:
        def answer(sent: Sent) -> Answer:
            try:
                fits = all(isinstance(value, str) for value in json.loads(sent.body or b"{}").values())
                return proper(sent) if fits else Answer(422)
            except (ValueError, AttributeError, RecursionError, KeyError):
                return Answer(400)

        return answer

    for route in [one for one in backend.routes if not one.startswith("GET")]:
        backend.routes[route] = strict(backend.routes[route])
    control_requests(world, "Ann")
    client.sent.clear()
    return world


@pytest.mark.parametrize("word", [*BODIES])
def test_a_decision_is_right_whatever_it_is(careful: World, client: FakeClient, word: str) -> None:
    send_to_tasks_and_account(careful, "Ann", word)
    must_break_nothing(careful)
    must_still_work(careful, "Ann")
    routes = {f"{sent.method} {sent.path}" for sent in client.sent}
    assert {CREATE, "POST /api/auth/update-user", "POST /api/auth/refresh"} <= routes


@pytest.mark.parametrize("word", ["malformed JSON", "objects for texts"])
def test_passwords_are_taken_by_three_operations(careful: World, client: FakeClient, word: str) -> None:
    asked = careful.deployment.asked.copy()
    send_to_password_operations(careful, "Ann", word)
    must_break_nothing(careful)
    assert [f"{sent.method} {sent.path}" for sent in client.sent] == [SIGN_UP, SIGN_IN, PASSWORD]
    assert careful.deployment.asked == asked


def test_a_sign_in_by_an_odd_body_is_counted(careful: World, backend: FakeBackend) -> None:
    before = careful.deployment.asked["sign_in"]
    backend.routes[SIGN_IN] = lambda _: backend.admitted(next(iter(backend.accounts.values())))
    send_to_password_operations(careful, "Ann", "null")
    assert careful.deployment.asked["sign_in"] == before + 1


@pytest.mark.parametrize(
    ("word", "bodies"),
    [
        ("malformed JSON", [b"{bad"]),
        ("empty", [b""]),
        ("numbers for texts", [b'{"title": 1, "more": {"of": "n"}}', b'{"title": "t", "more": {"of": 1}}']),
        ("a lone surrogate", [rb'{"title": "a\ud800b", "more": {"of": "n"}}']),
        ("bytes that are no UTF-8", [b'{"title": "\xff\xfe\xc3", "more": {"of": "n"}}']),
    ],
)
def test_each_field_is_wrong_once(word: str, bodies: list[bytes]) -> None:
    assert [*BODIES[word](TEMPLATE, VALUES, together=False)][: len(bodies)] == bodies


def test_all_fields_are_wrong_at_once() -> None:
    assert [*BODIES["null for texts"](TEMPLATE, VALUES, together=True)] == [
        b'{"title": null, "more": {"of": null}}'
    ]


def test_a_crash_is_found_out_and_nothing_more_is_sent(careful: World, backend: FakeBackend) -> None:
    backend.routes[CREATE] = lambda sent: BROKEN if sent.body == b"{bad" else backend.create_task(sent)
    send_to_tasks_and_account(careful, "Ann", "malformed JSON")
    with pytest.raises(Unmet, match=r"POST /api/tasks \(tasks.create\), sent malformed JSON.*the server broke"):
        must_break_nothing(careful)


def test_a_dropped_connection_is_found_out(careful: World, backend: FakeBackend) -> None:
    def dropped(sent: Sent) -> Answer:
        if sent.body == b"null":
            raise NoAnswer(sent.method, sent.url, "reset", timed_out=False)
        return backend.create_task(sent)

    backend.routes[CREATE] = dropped
    send_to_tasks_and_account(careful, "Ann", "null")
    with pytest.raises(Unmet, match="sent null, is answered by a decision; no answer came"):
        must_break_nothing(careful)


def test_where_nothing_listens_nothing_is_found(careful: World, backend: FakeBackend) -> None:
    def refused(sent: Sent) -> Answer:
        if sent.body == b"null":
            raise NoAnswer(sent.method, sent.url, "refused", timed_out=False, reached=False)
        return backend.create_task(sent)

    backend.routes[CREATE] = refused
    with pytest.raises(NoAnswer):
        send_to_tasks_and_account(careful, "Ann", "null")


def test_what_is_broken_afterwards_is_found_out(careful: World, backend: FakeBackend) -> None:
    send_to_tasks_and_account(careful, "Ann", "null")
    backend.routes[LIST] = lambda _: BROKEN
    with pytest.raises(Unmet, match=r"valid requests of Ann's still work after odd ones \(list Ann's by tasks\)"):
        must_still_work(careful, "Ann")


def test_a_front_end_that_crashes_is_found_out_where_it_makes_no_tasks(world: World, backend: FakeBackend) -> None:
    backend.routes[CREATE] = lambda sent: BROKEN if sent.body == b"{bad" else Answer(401)
    world.person("Ann").tasks.clear()
    control_requests(world, "Ann")
    send_to_tasks_and_account(world, "Ann", "malformed JSON")
    with pytest.raises(Unmet, match="sent malformed JSON, is answered by a decision; the server broke"):
        must_break_nothing(world)


def test_where_no_tasks_can_be_made_their_calls_are_not_judged(careful: World, backend: FakeBackend) -> None:
    backend.routes[CREATE] = lambda _: Answer(401)
    control_requests(careful, "Ann")
    send_to_tasks_and_account(careful, "Ann", "malformed JSON")
    with pytest.raises(NotTested, match="Ann could not be given a task"):
        must_break_nothing(careful)


def test_what_is_not_there_is_left_out(careful: World, backend: FakeBackend) -> None:
    del backend.routes["PUT /api/tasks/1"]
    send_to_tasks_and_account(careful, "Ann", "malformed JSON")
    must_break_nothing(careful)
    assert "not tried: PUT /api/tasks/{task_id} (tasks.replace), which is not there" in careful.notes


def test_her_tasks_are_taken_away_afterwards(careful: World, backend: FakeBackend) -> None:
    send_to_tasks_and_account(careful, "Ann", "malformed JSON")
    must_still_work(careful, "Ann")
    assert backend.accounts[careful.person("Ann").email].tasks == {}


def test_where_nothing_takes_json_there_is_nothing_to_send(client: FakeClient) -> None:
    none = "tasks = false\nproxy = false\n[operations]\nupdate_user = false\nrefresh = false\nsign_out = false\n"
    careful = world_of(client, none)
    careful.introduce(careful.cast.share("Ann"))
    with pytest.raises(Absent, match="no such operation that takes JSON"):
        send_to_tasks_and_account(careful, "Ann", "null")


# --- ids and methods ---


@pytest.mark.parametrize("word", [*ODD_IDS])
def test_an_odd_id_is_sent_to_each_verb(world: World, client: FakeClient, word: str) -> None:
    client.sent.clear()
    call_with_id(world, "Ann", word)
    must_break_nothing(world)
    assert [sent.method for sent in client.sent] == ["GET", "PUT", "PATCH", "DELETE"]
    assert all(sent.path == f"/api/tasks/{ODD_IDS[word]}" for sent in client.sent)


def test_an_id_that_crashes_is_found_out(world: World, backend: FakeBackend) -> None:
    backend.routes[READ] = lambda _: BROKEN
    call_with_id(world, "Ann", "a fraction")
    with pytest.raises(Unmet, match=r"GET .*\(tasks.read\), with a fraction for the id, is answered"):
        must_break_nothing(world)


@pytest.mark.parametrize(("status", "is_crash"), [(404, False), (405, False), (501, False), (500, True)])
def test_a_method_may_be_unknown(world: World, client: FakeClient, status: int, is_crash: bool) -> None:
    client.server = lambda sent: Answer(status) if sent.method == "FOO" else Answer()
    send_method(world, "Ann", "FOO")
    if is_crash:
        with pytest.raises(Unmet, match=r"FOO /api/auth/sign-in/email .*the server broke"):
            must_break_nothing(world)
    else:
        must_break_nothing(world)


@pytest.mark.parametrize("timed_out", [False, True])
def test_a_server_may_hang_up_on_a_method_but_not_fall_silent(
    world: World, client: FakeClient, timed_out: bool
) -> None:
    def server(sent: Sent) -> Answer:
        if sent.method == "FOO":
            raise NoAnswer(sent.method, sent.url, "Connection reset by peer", timed_out=timed_out)
        return Answer()

    client.server = server
    send_method(world, "Ann", "FOO")
    if timed_out:
        with pytest.raises(
            Unmet, match=r"FOO /api/auth/sign-in/email .*is answered by a decision; no answer came"
        ):
            must_break_nothing(world)
    else:
        must_break_nothing(world)


def test_what_is_declared_is_not_tried(world: World, client: FakeClient) -> None:
    send_method(world, "Ann", "POST")
    assert "/api/tasks" not in [sent.path for sent in client.sent if sent.body == b"{}"]


@pytest.mark.parametrize("status", [404, 405, 500])
def test_trace_may_be_refused(world: World, client: FakeClient, status: int) -> None:
    client.server = lambda sent: Answer(status, str(sent.headers))
    trace(world)
    must_repeat_no_header(world)


def test_trace_that_answers_is_found_out(world: World, client: FakeClient) -> None:
    client.server = lambda sent: Answer(200, str(sent.headers))
    trace(world)
    with pytest.raises(Unmet, match="TRACE repeats nothing of a request"):
        must_repeat_no_header(world)


# --- mistakes of anonymous clients ---


@pytest.mark.parametrize("word", [*MISTAKES])
def test_who_asks_comes_first(world: World, word: str) -> None:
    control_anonymous(world, "Ann", word)
    call_mistaken(world, "Ann", word)
    must_ask_to_sign_in(world)


@pytest.mark.parametrize(("word", "route"), [("malformed JSON", CREATE), ("an unknown id", READ)])
def test_what_is_wrong_does_not(world: World, backend: FakeBackend, word: str, route: str) -> None:
    control_anonymous(world, "Ann", word)
    backend.routes[route] = lambda _: Answer(422)
    call_mistaken(world, "Ann", word)
    with pytest.raises(Unmet, match=f"with {word} is asked to sign in first; it was answered 422"):
        must_ask_to_sign_in(world)


def test_who_is_never_asked_is_not_judged(world: World, backend: FakeBackend) -> None:
    backend.routes[READ] = lambda _: Answer(404)
    with pytest.raises(NotTested, match="asks nobody to sign in"):
        control_anonymous(world, "Ann", "an unknown id")


def test_a_form_has_no_malformed_json(client: FakeClient) -> None:
    as_form = '[tasks]\ncreate = { method = "POST", path = "/api/tasks", form = { title = "{title}" } }\n'
    world = with_people(world_of(client, as_form), "Ann")
    with pytest.raises(Absent, match="created by a form"):
        control_anonymous(world, "Ann", "malformed JSON")

"""A malformed token is refused in good time; a crash, silence or an open door is none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.core.exchange import Exchange, NoAnswer
from harness.core.findings import HarnessError, NotApplicable, Unmet
from harness.flows.access_token import control_task_call
from harness.flows.errors import ODD_TOKENS, must_be_refused_promptly, must_still_work, send_all_odd, send_odd
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import BROKEN, LIST, with_people, world_of

IN_COOKIE = '[credentials.token]\nin_cookie = "access"\n'


@pytest.fixture
def opened(world: World) -> World:
    """Ann's token was seen to open her tasks."""
    control_task_call(world, "Ann", "list")
    return world


def for_odd(backend: FakeBackend, answer: Answer) -> None:
    """Answer so to whatever no issuer made."""
    proper = backend.list_tasks
    backend.routes[LIST] = lambda sent: proper(sent) if backend.caller(sent) else answer


@pytest.mark.parametrize("odd", ODD_TOKENS)
def test_every_odd_token_is_sent_and_its_refusal_is_fine(opened: World, odd: str) -> None:
    send_odd(opened, "Ann", odd)
    must_be_refused_promptly(opened)


@pytest.mark.parametrize(
    ("odd", "sent"),
    [
        ("empty", ["Bearer "]),
        ("two words", ["Bearer a.b"]),
        ("the scheme alone", ["Bearer"]),
        ("the scheme and spaces", ["Bearer   "]),
        ("a NUL byte", ["Bearer a\x00b"]),
        ("bytes beyond ASCII", ["Bearer \xe9\xe8\xff"]),
    ],
)
def test_what_is_sent_is_what_the_word_says(opened: World, client: FakeClient, odd: str, sent: list[str]) -> None:
    send_odd(opened, "Ann", odd)
    assert [value for name, value in client.sent[-1].headers if name == "Authorization"] == sent


def test_sent_twice_is_two_headers(opened: World, client: FakeClient) -> None:
    send_odd(opened, "Ann", "sent twice")
    values = [value for name, value in client.sent[-1].headers if name == "Authorization"]
    assert len(values) == 2
    assert values[0] == "Bearer x"


@pytest.mark.parametrize(
    ("answer", "came"),
    [
        (BROKEN, "500 came: the server broke"),
        (Answer(200, []), "it was answered 200"),
        (Answer(302, "", [("Location", "/welcome")]), "it was answered 302 to /welcome"),
    ],
    ids=["a crash", "an empty list", "a redirect to somewhere"],
)
def test_what_is_no_refusal_is_found_out(opened: World, backend: FakeBackend, answer: Answer, came: str) -> None:
    for_odd(backend, answer)
    send_odd(opened, "Ann", "two words")
    with pytest.raises(Unmet, match=came):
        must_be_refused_promptly(opened)


def test_her_tasks_in_a_refusal_are_a_leak(opened: World, backend: FakeBackend) -> None:
    for_odd(backend, Answer(401, {"for": opened.task_of("Ann").title}))
    send_odd(opened, "Ann", "two words")
    with pytest.raises(Unmet, match="carried the owner's private text"):
        must_be_refused_promptly(opened)


def test_the_way_to_sign_in_is_a_refusal(opened: World, backend: FakeBackend) -> None:
    for_odd(backend, Answer(302, "", [("Location", "/signin?next=/tasks")]))
    send_odd(opened, "Ann", "two words")
    must_be_refused_promptly(opened)


def test_a_refusal_that_takes_long_is_none(opened: World) -> None:
    send_odd(opened, "Ann", "two words")
    (attempt,) = opened.judge.attempts
    opened.judge.attempts[:] = [replace(attempt, exchange=replace(attempt.exchange, elapsed=6.0))]
    with pytest.raises(Unmet, match=r"two words\) is refused within 5 s; it took 6\.0 s"):
        must_be_refused_promptly(opened)


# --- no answer ---


class Closing(FakeClient):
    """Gets no answer to what is sent byte by byte."""

    timed_out = False

    def send_verbatim(self, who: str, method: str, url: str, headers: object) -> Exchange:
        raise NoAnswer(method, url, "connection closed", timed_out=self.timed_out)


@pytest.fixture
def closing(backend: FakeBackend) -> Closing:
    return Closing(backend)


def test_connections_that_are_lost_twice_are_not_the_token_s_fault(
    backend: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    proper, lost = FakeClient.send_verbatim, [True]

    def once(client: FakeClient, who: str, *asked: Any) -> Exchange:
        if lost:
            lost.pop()
            raise NoAnswer(asked[0], asked[1], "connection closed", timed_out=False)
        return proper(client, who, *asked)

    monkeypatch.setattr(Closing, "send_verbatim", once)
    world = with_people(world_of(Closing(backend)), "Ann")
    control_task_call(world, "Ann", "list")
    send_odd(world, "Ann", "two words")
    world.judge.all_refused()


def test_where_nothing_listens_nothing_was_closed(backend: FakeBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: object, who: str, method: str, url: str, headers: object) -> Exchange:
        raise NoAnswer(method, url, "connection refused", timed_out=False, reached=False)

    monkeypatch.setattr(Closing, "send_verbatim", refused)
    world = with_people(world_of(Closing(backend)), "Ann")
    with pytest.raises(NoAnswer):
        send_odd(world, "Ann", "two words")


@pytest.mark.parametrize("odd", [word for word in ODD_TOKENS if ODD_TOKENS[word].may_close])
def test_a_server_may_close_on_what_no_header_may_hold(closing: Closing, odd: str) -> None:
    world = with_people(world_of(closing), "Ann")
    send_odd(world, "Ann", odd)
    must_be_refused_promptly(world)


def test_on_anything_else_it_may_not(closing: Closing) -> None:
    world = with_people(world_of(closing), "Ann")
    with pytest.raises(Unmet, match=r"two words\) is refused; no answer came"):
        send_odd(world, "Ann", "two words")


def test_silence_is_never_an_answer(closing: Closing) -> None:
    closing.timed_out = True
    world = with_people(world_of(closing), "Ann")
    with pytest.raises(Unmet, match="no answer came"):
        send_odd(world, "Ann", "a NUL byte")


# --- where the token travels ---


def test_a_token_in_a_cookie_is_odd_there(client: FakeClient) -> None:
    world = world_of(client, IN_COOKIE)
    world.introduce(world.cast.share("Ann"))
    send_odd(world, "Ann", "two words")
    assert client.sent[-1].cookies == {"access": "a.b"}


def test_where_there_is_no_scheme_there_is_none_alone(client: FakeClient) -> None:
    world = world_of(client, IN_COOKIE)
    world.introduce(world.cast.share("Ann"))
    with pytest.raises(NotApplicable, match="no header with a scheme"):
        send_odd(world, "Ann", "the scheme alone")


# --- and harms no valid one ---


def spoiled(backend: FakeBackend) -> None:
    """Refuse every token once one was refused."""
    proper, refused = backend.list_tasks, list[Sent]()

    def answer(sent: Sent) -> Answer:
        if refused or not backend.caller(sent):
            refused.append(sent)
            return Answer(401)
        return proper(sent)

    backend.routes[LIST] = answer


def test_a_valid_token_goes_on_working(opened: World) -> None:
    send_all_odd(opened, "Ann", ["empty", "two dots", "her own with another signature"])
    must_still_work(opened, "Ann")
    send_odd(opened, "Ann", "empty")
    must_be_refused_promptly(opened)
    must_still_work(opened, "Ann")


def test_a_server_that_one_bad_token_breaks_is_found_out(opened: World, backend: FakeBackend) -> None:
    spoiled(backend)
    send_odd(opened, "Ann", "empty")
    must_be_refused_promptly(opened)
    with pytest.raises(Unmet, match=r"Ann's token still opens her tasks after a malformed one; .*401"):
        must_still_work(opened, "Ann")


def test_what_malformed_ones_are_answered_is_not_judged_there(opened: World, backend: FakeBackend) -> None:
    for_odd(backend, BROKEN)
    send_all_odd(opened, "Ann", ["empty", "two dots"])
    must_still_work(opened, "Ann")


def test_silence_after_malformed_ones_is_found_out(opened: World, client: FakeClient) -> None:
    def silent(sent: Sent) -> Answer:
        raise NoAnswer(sent.method, sent.url, "reset", timed_out=False)

    client.server = silent
    with pytest.raises(Unmet, match=r"still opens her tasks after a malformed one; .*reset"):
        must_still_work(opened, "Ann")


def test_a_token_that_was_not_seen_to_work_is_not_judged(world: World) -> None:
    with pytest.raises(HarnessError, match="judged without a control"):
        must_still_work(world, "Ann")


def test_another_signature_is_all_that_is_changed(opened: World, client: FakeClient) -> None:
    send_odd(opened, "Ann", "her own with another signature")
    own = opened.device("Ann", "first device").access_token or ""
    sent = (client.sent[-1].header("authorization") or "").removeprefix("Bearer ")
    assert sent.split(".")[:2] == own.split(".")[:2]
    assert (sent != own, sent[1:] != own) == (True, True)
    assert sent.rpartition(".")[2][1:] == own.rpartition(".")[2][1:]


# --- where the session's cookie opens the tasks ---

BY_SESSION = 'proxy = false\n[tasks]\nbase = "web"\ncredential = "session"\n'
OF_A_SCHEME = ("the scheme alone", "the scheme and spaces")


@pytest.fixture
def by_cookie(client: FakeClient) -> World:
    """Ann's cookie was seen to open her tasks."""
    world = with_people(world_of(client, BY_SESSION), "Ann")
    control_task_call(world, "Ann", "list")
    return world


@pytest.mark.parametrize("odd", [odd for odd in ODD_TOKENS if odd not in OF_A_SCHEME])
def test_a_cookie_has_its_counterpart_of_every_odd_token(by_cookie: World, client: FakeClient, odd: str) -> None:
    (own,) = by_cookie.judge.controlling.values()
    send_odd(by_cookie, "Ann", odd)
    cookies = [value for name, value in client.sent[-1].headers if name == "Cookie"]
    assert cookies
    assert cookies != [value for name, value in own.request_headers if name == "Cookie"]
    assert "Authorization" not in dict(client.sent[-1].headers)
    must_be_refused_promptly(by_cookie)


@pytest.mark.parametrize("odd", OF_A_SCHEME)
def test_a_cookie_has_no_scheme(by_cookie: World, odd: str) -> None:
    with pytest.raises(NotApplicable, match="a cookie has no scheme"):
        send_odd(by_cookie, "Ann", odd)


def test_a_cookie_that_crashes_the_server_is_found_out(by_cookie: World, backend: FakeBackend) -> None:
    for_odd(backend, BROKEN)
    send_odd(by_cookie, "Ann", "her own, cut short")
    with pytest.raises(Unmet, match=r"a malformed session cookie \(her own, cut short\) is refused; 500 came"):
        must_be_refused_promptly(by_cookie)

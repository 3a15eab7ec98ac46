"""The client follows nothing, keeps nothing, waits when told to, and can be held by no answer."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate

import pytest

from harness.core.exchange import Exchange, NoAnswer, origin_of
from harness.core.findings import HarnessError
from harness.core.processes import free_port
from harness.wire import client as wire_client
from harness.wire.client import Client
from harness.wire.heartbeat import Outage
from harness.wire.throttle import ThrottleBudget, Throttled, retry_after
from tests.support.limits import wait_until
from tests.support.local_server import Answer, Handler, serving

Waits = list[float]


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Waits:
    """Seconds that would have been waited; nobody waits them here."""
    noted: Waits = []
    monkeypatch.setattr(time, "sleep", noted.append)
    return noted


@pytest.fixture
def client_for() -> Iterator[Callable[..., Client]]:
    made: list[Client] = []

    def make(url: str, budget: float = 0.0) -> Client:
        made.append(Client(frozenset({origin_of(url)}), ThrottleBudget(budget)))
        return made[-1]

    yield make
    for client in made:
        client.close()


ClientFor = Callable[..., Client]


def throttled(times: int, *headers: tuple[str, str], status: int = 429) -> Answer:
    """Say 429 with these headers so many times, then 200."""
    left = [times]

    def answer(handler: Handler) -> None:
        left[0] -= 1
        if left[0] >= 0:
            handler.say(status, b"slow down", *headers)
        else:
            handler.say(200, b"done")

    return answer


@pytest.mark.parametrize(
    ("headers", "waited"),
    [
        ([("Retry-After", "3")], [3.0, 3.0]),
        ([("X-Retry-After", "4")], [4.0, 4.0]),
        ([("Retry-After", "3"), ("X-Retry-After", "9")], [3.0, 3.0]),
        ([("Retry-After", "soon"), ("X-Retry-After", "4")], [4.0, 4.0]),
        ([("Retry-After", "Thu, 01 Jan 1970 00:00:00 GMT")], [1.0, 1.0]),
        ([("Retry-After", "0")], [1.0, 1.0]),
        ([("Retry-After", "\xb2")], [2.0, 4.0]),
        ([("Retry-After", "soon")], [2.0, 4.0]),
        ([], [2.0, 4.0]),
    ],
)
def test_a_429_is_waited_out(
    waits: Waits, client_for: ClientFor, headers: list[tuple[str, str]], waited: list[float]
) -> None:
    said: list[str] = []
    with serving(throttled(2, *headers)) as server:
        client = client_for(server.url, 100.0)
        client.throttle.announce = said.append
        exchange = client.send("Ann", "POST", f"{server.url}/sign-in", body=b"x")
    assert exchange.status == 200
    assert waits == waited
    assert [asked.body for asked in server.asked] == [b"x"] * 3
    assert len(said) == 2
    assert said[0].startswith("throttled by /sign-in: waiting ")


def test_a_retry_after_with_a_date_is_the_time_until_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_800_000_000.0)
    assert retry_after(_throttled_with("retry-after", formatdate(1_800_000_090, usegmt=True))) == 90


def _throttled_with(name: str, value: str) -> Exchange:
    return Exchange("Ann", "GET", "http://127.0.0.1/", [], b"", 429, [(name, value)], b"", 0.0)


def test_what_the_budget_cannot_pay_for_is_not_tested(waits: Waits, client_for: ClientFor) -> None:
    with serving(throttled(99, ("Retry-After", "4"))) as server, pytest.raises(Throttled) as stopped:
        client_for(server.url, 10.0).send("Ann", "GET", f"{server.url}/session")
    assert waits == [4.0, 4.0]
    assert stopped.value.reason == (
        "the deployment throttles (GET /session: 429) and the 10 s that may be spent on waiting are used up."
    )
    assert "--throttle-budget" in stopped.value.remedy
    assert [exchange.status for exchange in stopped.value.exchanges] == [429]


def test_the_budget_is_one_for_all_requests(waits: Waits, client_for: ClientFor) -> None:
    with serving(throttled(1, ("Retry-After", "6"))) as server:
        client = client_for(server.url, 10.0)
        client.send("Ann", "GET", server.url)
    with serving(throttled(1, ("Retry-After", "6"))) as other:
        client.origins = frozenset({origin_of(other.url)})
        with pytest.raises(Throttled):
            client.send("Ann", "GET", other.url)
    assert waits == [6.0]


@pytest.mark.parametrize(
    ("times", "headers", "budget", "came", "waited"),
    [
        (1, [("Retry-After", "1")], 10.0, 200, [1.0]),
        (2, [("Retry-After", "1")], 10.0, 503, [1.0]),
        (1, [], 10.0, 200, [1.0]),
        (2, [], 10.0, 503, [1.0]),
        (1, [("Retry-After", "3600")], 9999.0, 503, []),
        (1, [("Retry-After", "20")], 10.0, 503, []),
    ],
    ids=["once", "for good", "once without a time", "for good without a time", "for an hour", "past the budget"],
)
def test_a_503_that_says_how_long_is_waited_out_once(
    waits: Waits,
    client_for: ClientFor,
    times: int,
    headers: list[tuple[str, str]],
    budget: float,
    came: int,
    waited: list[float],
) -> None:
    with serving(throttled(times, *headers, status=503)) as server:
        exchange = client_for(server.url, budget).send("Ann", "GET", server.url)
    assert exchange.status == came
    assert waits == waited


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(client_for: ClientFor, status: int) -> None:
    with serving(lambda handler: handler.say(status, b"", ("Location", "/elsewhere"))) as server:
        exchange = client_for(server.url).send("Ann", "POST", f"{server.url}/", body=b"x")
    assert (exchange.status, exchange.header("location")) == (status, "/elsewhere")
    assert [asked.path for asked in server.asked] == ["/"]


def test_a_location_that_is_no_address_is_an_answer(client_for: ClientFor) -> None:
    with serving(lambda handler: handler.say(303, b"", ("Location", "/\t/evil.invalid"))) as server:
        answer = client_for(server.url).send("Ann", "GET", f"{server.url}/x")
    assert (answer.status, answer.header("location")) == (303, "/\t/evil.invalid")


def test_no_cookie_is_kept_by_the_client(client_for: ClientFor) -> None:
    cookies = [("Set-Cookie", "sid=1; Path=/"), ("Set-Cookie", "other=2")]
    with serving(lambda handler: handler.say(200, b"", *cookies)) as server:
        client = client_for(server.url)
        first = client.send("Ann", "GET", server.url)
        client.send("Ann", "GET", server.url)
    assert first.set_cookies == ["sid=1; Path=/", "other=2"]
    assert all("cookie" not in asked.headers for asked in server.asked)


def test_a_cookie_that_is_given_is_sent_as_it_is(client_for: ClientFor) -> None:
    with serving(lambda handler: handler.say(200, b"")) as server:
        client_for(server.url).send("Ann", "GET", server.url, [("Cookie", "sid=1; b=2")])
    assert server.asked[0].headers["cookie"] == ["sid=1; b=2"]


def test_an_endless_body_ends_at_the_limit(client_for: ClientFor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_client, "BODY_LIMIT", 100_000)
    with serving(lambda handler: handler.say_forever(b"x" * 8192)) as server:
        exchange = client_for(server.url).send("Ann", "GET", server.url)
    assert exchange.body == b"x" * 100_000


def test_a_trickling_body_ends_at_the_limit(client_for: ClientFor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_client, "ANSWER_LIMIT", 0.3)
    pause = time.sleep
    with (
        serving(lambda handler: handler.say_forever(b"x", between=lambda: pause(0.01))) as server,
        pytest.raises(NoAnswer, match="no whole answer within 0 s") as silent,
    ):
        client_for(server.url).send("Ann", "GET", server.url)
    assert silent.value.timed_out


def test_silence_ends_at_the_limit(client_for: ClientFor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_client, "ANSWER_LIMIT", 0.3)
    with (
        serving(lambda handler: handler.server.stopping.wait()) as server,
        pytest.raises(NoAnswer) as silent,
    ):
        client_for(server.url).send("Ann", "GET", server.url)
    assert silent.value.timed_out


def test_nothing_listening_is_no_answer(client_for: ClientFor) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(NoAnswer, match=re.escape(f"GET {url}: ")) as silent:
        client_for(url).send("Ann", "GET", url)
    assert not silent.value.timed_out


@pytest.mark.parametrize("send", ["send", "send_verbatim"])
@pytest.mark.parametrize(
    "url", ["http://evil.invalid/", "https://127.0.0.1/", "http://localhost/", "http://127.0.0.1/"]
)
def test_a_foreign_origin_is_stopped_before_anything_is_sent(client_for: ClientFor, url: str, send: str) -> None:
    client = client_for("http://127.0.0.1:1")
    with pytest.raises(HarnessError, match="was stopped: it is not one of the target's origins"):
        getattr(client, send)("Ann", "GET", url, [])
    assert client.transcript.entries == []


def test_every_exchange_is_recorded_under_its_step(waits: Waits, client_for: ClientFor) -> None:
    with serving(throttled(1, ("Retry-After", "1"))) as server:
        client = client_for(server.url, 5.0)
        client.transcript.step = "When Ann signs in"
        client.send("Ann", "GET", server.url)
        client.transcript.step = "Then it is refused"
        client.send_verbatim("Ann", "GET", f"{server.url}/", [])
    assert [(step, exchange.status) for step, exchange in client.transcript.entries] == [
        ("When Ann signs in", 429),
        ("When Ann signs in", 200),
        ("Then it is refused", 200),
    ]


def test_headers_are_sent_verbatim_where_asked(client_for: ClientFor) -> None:
    headers = [("Authorization", b"Bearer \xe9  "), ("Authorization", b"Bearer x")]
    with serving(lambda handler: handler.say(401)) as server:
        exchange = client_for(server.url).send_verbatim("somebody", "GET", f"{server.url}/a?b=c", headers)
    assert exchange.status == 401
    assert server.asked[0].path == "/a?b=c"
    assert [value.strip() for value in server.asked[0].headers["authorization"]] == ["Bearer \xe9", "Bearer x"]


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://a.example:80/x", "http://a.example"),
        ("https://a.example:443", "https://a.example"),
        ("https://a.example:8443/x?y", "https://a.example:8443"),
        ("http://[::1]:3000/", "http://[::1]:3000"),
        ("HTTP://A.Example/", "http://a.example"),
        ("https://user@a.example/", "https://a.example"),
    ],
)
def test_an_origin(url: str, origin: str) -> None:
    assert origin_of(url) == origin


def closing(times: int) -> Answer:
    """Close so many connections without an answer, then say 200."""
    left = [times]

    def answer(handler: Handler) -> None:
        left[0] -= 1
        if left[0] >= 0:
            handler.close_connection = True
        else:
            handler.say(200, b"done")

    return answer


def test_a_request_on_a_closed_connection_is_sent_once_more(client_for: ClientFor) -> None:
    with serving(closing(1)) as server:
        exchange = client_for(server.url).send("Ann", "POST", server.url + "/tasks", body=b"{}")
        assert (exchange.status, exchange.text) == (200, "done")
        assert [asked.body for asked in server.asked] == [b"{}", b"{}"]
        assert exchange.resent, "it may have been carried out twice"


def test_after_a_lost_connection_none_is_kept(client_for: ClientFor) -> None:
    connections: list[object] = []

    def answer(handler: Handler) -> None:
        connections.append(handler.client_address)
        handler.close_connection = len(connections) == 1
        if len(connections) > 1:
            handler.say(200)

    with serving(answer) as server:
        client = client_for(server.url)
        came = [client.send("Ann", "POST", server.url, body=b"{}") for _ in range(3)]
    assert [exchange.resent for exchange in came] == [True, False, False]
    assert len(set(connections)) == len(connections) == 4


@pytest.mark.parametrize(("method", "times"), [("GET", 2), ("POST", 1)])
def test_silence_is_asked_again_where_that_changes_nothing(
    client_for: ClientFor, monkeypatch: pytest.MonkeyPatch, method: str, times: int
) -> None:
    monkeypatch.setattr(wire_client, "ANSWER_LIMIT", 0.2)
    released = threading.Event()
    with serving(lambda _: released.wait(30)) as server:
        with pytest.raises(NoAnswer):
            client_for(server.url).send("Ann", method, server.url)
        wait_until(lambda: len(server.asked) == times, "the last request")
        released.set()


def test_a_gateway_is_asked_again_where_that_changes_nothing(client_for: ClientFor, waits: Waits) -> None:
    with serving(throttled(1, status=502)) as server:
        assert client_for(server.url).send("Ann", "POST", server.url).status == 502
    with serving(throttled(1, status=502)) as server:
        assert client_for(server.url).send("Ann", "GET", server.url).status == 200
    assert waits == [1.0]


@pytest.mark.parametrize(("times", "came", "asked"), [(1, 200, 2), (2, 503, 2)])
def test_a_gateway_is_asked_again_verbatim_too(
    client_for: ClientFor, waits: Waits, times: int, came: int, asked: int
) -> None:
    with serving(throttled(times, status=503)) as server:
        assert client_for(server.url).send_verbatim("an attacker", "GET", server.url, []).status == came
        assert (len(server.asked), len(waits)) == (asked, 1)


def test_nothing_is_asked_after_an_outage(client_for: ClientFor, waits: Waits) -> None:
    statuses = iter([200])
    with serving(lambda handler: handler.say(next(statuses, 500))) as server:
        client = client_for(server.url)
        client.heartbeat.learn(client.send("Ann", "GET", server.url))
        with pytest.raises(Outage, match="stopped judging"):
            client.heartbeat.must_beat()
        so_far = len(server.asked)
        for send in (client.send, client.send_verbatim):
            with pytest.raises(Outage, match="stopped judging"):
                send("Ann", "GET", server.url, [])
        assert (sum(waits), len(server.asked)) == (30, so_far)


def test_two_closed_connections_are_no_answer(client_for: ClientFor) -> None:
    with serving(closing(9)) as server:
        with pytest.raises(NoAnswer) as silent:
            client_for(server.url).send("Ann", "GET", server.url + "/tasks")
        assert not silent.value.timed_out
        assert len(server.asked) == 2


def test_a_429_is_an_answer_where_a_request_is_sent_once(client_for: ClientFor, waits: Waits) -> None:
    with serving(throttled(99, ("Retry-After", "4"))) as server:
        client = client_for(server.url, 10)
        exchange = client.send_once("Ann", "GET", f"{server.url}/session")
    assert (exchange.status, waits, client.throttle.used) == (429, [], 0.0)
    assert client.history == [exchange]
    with pytest.raises(HarnessError, match="not one of the target's origins"):
        client.send_once("Ann", "GET", "http://elsewhere.invalid/")

"""Waiting for a deployment: what counts as up, what is said, and when the wait ends."""

from __future__ import annotations

import time

import pytest

from harness.core.exchange import NoAnswer
from harness.wire.client import Client
from harness.wire.readiness import NotUp, await_deployment
from harness.wire.throttle import ThrottleBudget
from tests.support.fake_client import WEB, Answer, FakeClient, Sent
from tests.support.local_server import Handler, serving


class Starting(FakeClient):
    """A client whose deployment answers one after another of what it is given, on a clock of its own."""

    def __init__(self, clock: list[float], *answers: int | str) -> None:
        self.clock, self.left = clock, list(answers)
        super().__init__(self.next_answer)

    def next_answer(self, sent: Sent) -> Answer:
        came = self.left.pop(0) if len(self.left) > 1 else self.left[0]
        if isinstance(came, str):
            raise NoAnswer(sent.method, sent.url, came, timed_out=False, reached=False)
        return Answer(came)

    def pause(self, seconds: float) -> None:
        super().pause(seconds)
        self.clock[0] += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


@pytest.mark.parametrize("answer", [200, 302, 401, 404, 500])
def test_any_answer_of_its_own_is_one(answer: int, clock: list[float]) -> None:
    said: list[str] = []
    client = Starting(clock, answer)
    await_deployment(client, [WEB, WEB], 30, said.append)
    assert (said, client.paused, len(client.sent)) == ([], [], 1)
    assert client.history == [], "what is asked while it starts is no evidence of anything"


@pytest.mark.parametrize("answer", [502, 503, 504, "Connection refused"])
def test_it_asks_until_the_gateway_reaches_it(answer: int | str, clock: list[float]) -> None:
    said: list[str] = []
    client = Starting(clock, answer, answer, answer, 200)
    await_deployment(client, [WEB], 30, said.append)
    assert client.paused == [1.0, 1.0, 1.0]
    (line,) = said
    assert line.startswith(f"waiting up to 30 s for {WEB}, which ")


def test_it_ends_in_time_with_what_came(clock: list[float]) -> None:
    client = Starting(clock, 503)
    with pytest.raises(NotUp) as raised:
        await_deployment(client, [WEB], 3.5, lambda _: None)
    assert str(raised.value) == (
        f"{WEB} answers 503, and did so for the 3.5 s of --wait-for. Start it, or give it more time."
    )
    assert client.paused == [1.0, 1.0, 1.0, 0.5]


def test_no_wait_changes_a_certificate(clock: list[float]) -> None:
    client = Starting(clock, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")
    await_deployment(client, [WEB], 30, lambda _: None)
    assert client.paused == []


def test_a_server_that_starts_meanwhile_is_found() -> None:
    calls: list[str] = []

    def answer(handler: Handler) -> None:
        calls.append(handler.path)
        handler.say(503 if len(calls) == 1 else 200)

    class Hurried(Client):
        """Waits for nothing."""

        def pause(self, seconds: float) -> None:
            pass

    with serving(answer) as server:
        client = Hurried(frozenset({server.url}), ThrottleBudget(0.0))
        await_deployment(client, [server.url], 30, lambda _: None)
        client.close()
    assert calls == ["/", "/"]

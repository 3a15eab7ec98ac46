"""A large body and a costly token are refused quickly, or the connection ends."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest

from harness.core.exchange import Exchange, NoAnswer
from harness.core.findings import Unmet
from harness.flows.access_token import control_task_call
from harness.flows.errors import must_be_refused_promptly
from harness.flows.intrusive import BODIES, Large, costly_token, must_be_refused, present_costly, send_large
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import LIST, SIGN_IN


@pytest.mark.parametrize("word", [*BODIES])
@pytest.mark.parametrize("status", [400, 401, 413, 415, 422])
def test_a_quick_refusal_is_right(
    world: World, backend: FakeBackend, client: FakeClient, word: str, status: int
) -> None:
    backend.routes[SIGN_IN] = lambda _: Answer(status)
    send_large(world, word)
    must_be_refused(world)
    assert len(client.sent[-1].body) > 5_000_000


@pytest.mark.parametrize("status", [200, 500])
def test_what_is_no_refusal_is_found_out(world: World, backend: FakeBackend, status: int) -> None:
    backend.routes[SIGN_IN] = lambda _: Answer(status, {})
    send_large(world, "a JSON text")
    with pytest.raises(Unmet, match=f"refuses a JSON text of 5 MB within 5 s; it was answered {status}"):
        must_be_refused(world)


def test_a_slow_refusal_is_found_out(world: World, backend: FakeBackend) -> None:
    backend.routes[SIGN_IN] = lambda _: Answer(413)
    send_large(world, "a form field")
    came = world.recall(Large).came
    assert isinstance(came, Exchange)
    world.remember(Large("a form field", replace(came, elapsed=6.0)))
    with pytest.raises(Unmet, match=r"it took 6\.0 s"):
        must_be_refused(world)


@pytest.mark.parametrize("timed_out", [True, False])
def test_a_closed_connection_is_a_refusal_and_silence_is_none(
    world: World, backend: FakeBackend, timed_out: bool
) -> None:
    def silent(sent: Sent) -> Answer:
        raise NoAnswer(sent.method, sent.url, "nothing", timed_out=timed_out)

    backend.routes[SIGN_IN] = silent
    send_large(world, "a JSON text")
    if timed_out:
        with pytest.raises(Unmet, match="no answer came"):
            must_be_refused(world)
    else:
        must_be_refused(world)


def test_the_token_asks_for_many_iterations() -> None:
    head, *rest = costly_token().split(".")
    header = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    assert (header["alg"], header["p2c"], len(rest)) == ("PBES2-HS256+A128KW", 50_000_000, 4)


def test_a_costly_token_that_is_refused_is_right(world: World) -> None:
    control_task_call(world, "Ann", "list")
    present_costly(world, "Ann")
    must_be_refused_promptly(world)


def test_a_verifier_that_hangs_is_found_out(world: World, backend: FakeBackend) -> None:
    control_task_call(world, "Ann", "list")

    def silent(sent: Sent) -> Answer:
        raise NoAnswer(sent.method, sent.url, "no whole answer", timed_out=True)

    backend.routes[LIST] = silent
    with pytest.raises(Unmet, match="50,000,000 iterations is refused within 5 s; no answer came"):
        present_costly(world, "Ann")

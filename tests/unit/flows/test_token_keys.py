"""No key is believed, or asked for, because a token says where it is."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from harness.core.findings import HarnessError, Unmet
from harness.flows.access_token import control_task_call
from harness.flows.token_keys import ADDRESSES, WITH_USER, must_not_be_fetched, present_fetched, serve_keys
from harness.scenario.world import World
from harness.tokens.jws import Jwt
from harness.wire.listener import Place
from tests.support.fake_backend import Account, FakeBackend
from tests.support.fake_client import API, FakeClient, Sent


@pytest.fixture
def listening(world: World) -> Iterator[World]:
    """Ann's token was seen to open her tasks, and keys are served."""
    world.listening = Place("127.0.0.1", 0)
    control_task_call(world, "Ann", "list")
    serve_keys(world)
    yield world
    world.close()


def looking(world: World, backend: FakeBackend, *, believing: bool = False) -> None:
    """Ask for the key that a token leads to."""
    proper, ann = backend.caller, backend.accounts[world.person("Ann").email]

    def caller(sent: Sent) -> Account | None:
        header = Jwt.parse((sent.header("authorization") or "").removeprefix("Bearer ")).header
        address = header.get("jku", header.get("x5u"))
        if address is None or not sent.url.startswith(API):
            return proper(sent)
        assert httpx.get(address).status_code == 200
        return ann if believing else None

    backend.caller = caller  # type: ignore[method-assign]


@pytest.mark.parametrize("header", [*ADDRESSES])
def test_a_header_that_nobody_follows_is_fine(listening: World, header: str) -> None:
    present_fetched(listening, "Ann", header)
    listening.judge.all_refused()
    must_not_be_fetched(listening)


@pytest.mark.parametrize("header", [*ADDRESSES])
def test_a_key_that_is_believed_is_found_out(listening: World, backend: FakeBackend, header: str) -> None:
    looking(listening, backend, believing=True)
    present_fetched(listening, "Ann", header)
    with pytest.raises(
        Unmet, match=rf"Ann's token, signed with a key at its own {header}, is refused; .*private text"
    ):
        listening.judge.all_refused()


@pytest.mark.parametrize("header", [*ADDRESSES])
def test_a_key_that_is_only_asked_for_is_found_out(listening: World, backend: FakeBackend, header: str) -> None:
    looking(listening, backend)
    present_fetched(listening, "Ann", header)
    listening.judge.all_refused()
    came = r"GET http://127\.0\.0\.1:\d+/\S+ came from 127\.0\.0\.1"
    expected = rf"fetches no key from where a token's {header} leads; {came}"
    with pytest.raises(Unmet, match=expected) as found:
        must_not_be_fetched(listening)
    (exchange,) = found.value.exchanges
    assert exchange.status == 401


def test_the_issuer_s_host_is_the_user_name(listening: World, client: FakeClient) -> None:
    present_fetched(listening, "Ann", WITH_USER)
    token = Jwt.parse((client.sent[-1].header("authorization") or "").removeprefix("Bearer "))
    assert token.header["jku"].startswith("http://127.0.0.1:3000@127.0.0.1:")


def test_one_listener_lasts_as_long_as_the_scenario(listening: World) -> None:
    first = listening.listen()
    assert listening.listen() is first
    listening.close()
    with pytest.raises(httpx.ConnectError):
        httpx.get(first.url("/"))


def test_without_a_listener_no_token_is_made(world: World) -> None:
    with pytest.raises(HarnessError, match="remembered a ServedKeys"):
        present_fetched(world, "Ann", "jku")

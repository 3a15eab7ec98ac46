"""Plain http gets no page and no answer of the API, and no credential."""

from __future__ import annotations

import pytest

from harness.core.exchange import NoAnswer
from harness.core.findings import HarnessError, NotTested, Unmet
from harness.flows.plain_http import RESOURCES, ask_in_clear, ask_over_https, must_not_be_served
from harness.scenario.world import World
from tests.support.fake_backend import HTML, PAGE, UNAUTHENTICATED, FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import with_people, world_of

CLEAR = "http://app.example.com"


@pytest.fixture
def world(client: FakeClient) -> World:
    """The http address is another one than that of the rest, which stands for https here."""
    client.clear_origin = CLEAR
    return with_people(world_of(client, f'plain_http = "{CLEAR}"\n'), "Ann")


def judge(world: World, client: FakeClient, backend: FakeBackend, word: str, clear: Answer | Exception) -> None:
    def serve(sent: Sent) -> Answer:
        if not sent.url.startswith(CLEAR):
            return backend(sent)
        if isinstance(clear, Exception):
            raise clear
        return clear

    client.server = serve
    ask_over_https(world, word)
    ask_in_clear(world)
    must_not_be_served(world)


@pytest.mark.parametrize("word", [*RESOURCES])
@pytest.mark.parametrize(
    "clear",
    [
        Answer(301, "", [("Location", "https://app.example.com/")]),
        UNAUTHENTICATED,
        Answer(403, {"message": "Use https"}),
        Answer(200, "<h1>This way</h1><a href=https://app.example.com>https</a>", HTML),
        NoAnswer("GET", CLEAR, "connection refused", timed_out=False, reached=False),
    ],
)
def test_a_redirect_a_refusal_and_silence_are_right(
    world: World, client: FakeClient, backend: FakeBackend, word: str, clear: Answer | Exception
) -> None:
    judge(world, client, backend, word, clear)


@pytest.mark.parametrize(
    ("word", "clear"),
    [
        ("the sign-in page", Answer(200, PAGE + "<input name=csrf value=0123456789abcdef>", HTML)),
        ("the start page", Answer(203, "<h1>Welcome</h1>", HTML)),
        ("the session", Answer(200, None)),
        ("the tasks", Answer(200, [])),
    ],
)
def test_what_is_served_in_clear_is_found_out(
    world: World, client: FakeClient, backend: FakeBackend, word: str, clear: Answer
) -> None:
    with pytest.raises(Unmet, match=rf"GET {CLEAR}/.* was answered 20.*, as over https"):
        judge(world, client, backend, word, clear)


def test_without_a_page_over_https_there_is_nothing_to_compare(
    world: World, client: FakeClient, backend: FakeBackend
) -> None:
    backend.routes["GET /"] = lambda _: Answer(404, {})
    with pytest.raises(NotTested, match="the start page over https was answered 404"):
        judge(world, client, backend, "the start page", Answer(200, "", HTML))


def test_no_credential_goes_over_plain_http(world: World, client: FakeClient, backend: FakeBackend) -> None:
    for word in RESOURCES:
        judge(world, client, backend, word, UNAUTHENTICATED)
    in_clear = [sent for sent in client.sent if sent.url.startswith(CLEAR)]
    held = world.session_of("Ann").carried.values(), world.tasks.credential(world.person("Ann")).carried.values()
    assert len(in_clear) == len(RESOURCES)
    assert all(not sent.cookies and sent.method == "GET" for sent in in_clear)
    assert not [sent for sent in in_clear for values in held for value in values if value in str(sent)]


def test_a_credential_is_stopped_before_it_is_sent(world: World, client: FakeClient) -> None:
    before = len(client.sent)
    session, token = world.session_of("Ann"), world.tasks.credential(world.person("Ann"))
    (value,) = session.cookies.values()
    for url, headers in (
        (f"{CLEAR}/", [("Cookie", "theme=dark")]),
        (f"{CLEAR}/", list(token.headers)),
        (f"{CLEAR}/", [("X-Session", value)]),
        (f"{CLEAR}/?session={value}", []),
    ):
        with pytest.raises(HarnessError, match="it has a credential"):
            client.send_in_clear("an attacker", url, headers)
    with pytest.raises(HarnessError, match="it is not the target's http address"):
        client.send_in_clear("an attacker", "http://elsewhere.example/")
    with pytest.raises(HarnessError, match="not one of the target's origins"):
        client.send("an attacker", "GET", f"{CLEAR}/")
    assert len(client.sent) <= before + 1
    assert not [sent for sent in client.sent if sent.url.startswith(CLEAR)]

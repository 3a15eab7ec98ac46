"""Sessions in addresses: taken from there, or put there by the deployment."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest

from harness.core.errors import Absent
from harness.core.findings import NotTested, Unmet
from harness.flows.captured import capture, control_captured_at
from harness.flows.session_addresses import (
    ADDRESSES,
    addresses,
    must_be_in_no_address,
    present_in_address,
    sign_in_and_follow,
    spelled,
)
from harness.scenario.world import World
from tests.support.fake_backend import COOKIE, HTML, Account, FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import SIGN_IN, answered, with_people, world_of

BY_TOKEN = (
    '[credentials.session]\nkind = "token"\n[credentials.token]\nissued_by = "sign_in"\npointer = "/token"\n'
)


@pytest.fixture
def captured(world: World) -> World:
    """Ann's session was seen to open two places."""
    capture(world, "Ann", "first device")
    control_captured_at(world, "Ann", ["session endpoint", "task list"])
    return world


@pytest.mark.parametrize("place", [*ADDRESSES])
def test_a_session_that_is_not_taken_from_there_is_fine(captured: World, place: str) -> None:
    present_in_address(captured, place)
    captured.judge.all_refused()


@pytest.mark.parametrize("place", [*ADDRESSES])
@pytest.mark.parametrize("path", ["/api/auth/get-session", "/api/tasks"])
def test_a_session_that_is_taken_from_there_is_found_out(
    captured: World, backend: FakeBackend, client: FakeClient, place: str, path: str
) -> None:
    proper, served = backend.signed_in, client.server

    def signed_in(sent: Sent) -> Account | None:
        given = {one for values in parse_qs(urlsplit(sent.url).query).values() for one in values}
        given.add(unquote(sent.url.rpartition(";jsessionid=")[2]))
        found = next((account for key, account in backend.sessions.items() if key in given), None)
        return found if found and urlsplit(sent.url).path.startswith(path) else proper(sent)

    def serve(sent: Sent) -> Answer:
        answer = served(sent)
        return answer if answer.status != 404 else served(replace(sent, url=sent.url.partition(";")[0]))

    def serve_path(sent: Sent) -> Answer:
        url = sent.url
        answer = served(sent)
        if ";jsessionid=" not in url:
            return answer
        value = unquote(url.rpartition("=")[2])
        cookie = ("Cookie", f"{COOKIE}={value}")
        plain = replace(sent, url=url.partition(";")[0], headers=[*sent.headers, cookie])
        return served(plain) if plain.path.startswith(path) else answer

    backend.signed_in = signed_in  # type: ignore[method-assign]
    client.server = serve_path if place == "as ;jsessionid" else serve
    present_in_address(captured, place)
    place_word = "session endpoint" if "auth" in path else "task list"
    with pytest.raises(
        Unmet, match=f"session in the address, {place}, without any cookie, at the {place_word} is"
    ):
        captured.judge.all_refused()


def test_the_address_holds_it_decoded_and_without_its_signature() -> None:
    assert spelled("s%3A0123456789abcdef.sig%3D") == [
        *("s%3A0123456789abcdef.sig%3D", "s:0123456789abcdef.sig=", "0123456789abcdef"),
    ]
    assert spelled("short.sig") == ["short.sig"]


def test_a_session_in_no_cookie_is_none_of_this(client: FakeClient) -> None:
    with pytest.raises(Absent, match="in no cookie"):
        present_in_address(world_of(client, BY_TOKEN), "as session")


# --- put into an address ---


def test_nothing_in_an_address_is_fine(world: World) -> None:
    sign_in_and_follow(world, "Ann", "laptop")
    must_be_in_no_address(world)


@pytest.mark.parametrize(
    ("headers", "body", "where"),
    [
        ([("Location", "/tasks?sid={}")], "", "the header Location in the answer of POST"),
        ([("Refresh", "0; url=/tasks;jsessionid={}")], "", "the header Refresh in the answer of POST"),
        ([], {"next": "https://app.example/#token={}"}, "an address in the answer of POST"),
    ],
)
def test_a_session_in_where_sign_in_leads_is_found_out(
    world: World, backend: FakeBackend, headers: list[tuple[str, str]], body: object, where: str
) -> None:
    def sign_in(sent: Sent) -> Answer:
        answer = FakeBackend.sign_in(backend, sent)
        value = quote(answer.headers[0][1].partition("=")[2].partition(";")[0], safe="")
        further = [(name, text.replace("{}", value)) for name, text in headers]
        added = {name: text.replace("{}", value) for name, text in dict(body or {}).items()}  # type: ignore[call-overload]
        return replace(answer, headers=[*answer.headers, *further], body={**answer.body, **added})

    backend.routes[SIGN_IN] = sign_in
    sign_in_and_follow(world, "Ann", "laptop")
    with pytest.raises(
        Unmet, match=f"no address holds the session of Ann's laptop; {where} /api/auth/sign-in/email"
    ):
        must_be_in_no_address(world)


@pytest.mark.parametrize("attribute", ["href", "action"])
def test_a_session_in_a_link_is_found_out(world: World, backend: FakeBackend, attribute: str) -> None:
    def page(sent: Sent) -> Answer:
        account = backend.signed_in(sent)
        link = f'<a {attribute}="export?key={sent.cookies.get(COOKIE)}">'
        return Answer(200, f"<p>{account.name if account else ''}</p>{link}", HTML)

    backend.routes["GET /tasks"] = page
    sign_in_and_follow(world, "Ann", "laptop")
    with pytest.raises(
        Unmet, match=rf"holds the session of Ann's laptop; a link \({attribute}\) in the answer of GET"
    ):
        must_be_in_no_address(world)


def test_a_refresh_token_in_an_address_is_found_out(world: World, backend: FakeBackend) -> None:
    def sign_in(sent: Sent) -> Answer:
        answer = FakeBackend.sign_in(backend, sent)
        return replace(answer, body={**answer.body, "open": f"/app?with={answer.body['refreshToken']}"})

    backend.routes[SIGN_IN] = sign_in
    sign_in_and_follow(world, "Ann", "laptop")
    with pytest.raises(Unmet, match="no address holds the refresh token of Ann's laptop"):
        must_be_in_no_address(world)


def test_a_value_that_begins_as_a_path_does_is_no_address() -> None:
    found = [address for _, address in addresses(answered(200, '{"token": "/abcdefgh/ijklmnop"}'))]
    assert "/abcdefgh/ijklmnop" in found


def test_values_that_are_short_are_not_looked_for(client: FakeClient, backend: FakeBackend) -> None:
    def admitted(sent: Sent) -> Answer:
        account = backend.accounts.get(sent.fields["email"].lower())
        if account is None:
            return Answer(401)
        number = backend.number()
        backend.sessions[number] = account
        return Answer(200, {}, [("Set-Cookie", f"{COOKIE}={number}; Path=/")])

    backend.routes[SIGN_IN] = admitted
    backend.routes["POST /api/auth/sign-up/email"] = lambda sent: (backend.sign_up(sent), admitted(sent))[1]
    world = with_people(world_of(client, "[tasks]\ncredential = 'session'\n"), "Ann")
    sign_in_and_follow(world, "Ann", "laptop")
    with pytest.raises(NotTested, match="shorter than 16 characters"):
        must_be_in_no_address(world)

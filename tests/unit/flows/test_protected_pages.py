"""A protected page shows nothing to whoever has no session, however it is asked for."""

from __future__ import annotations

import pytest

from harness.core.findings import HarnessError, Unmet
from harness.flows.common import control_place
from harness.flows.protected_pages import (
    COOKIES,
    SPELLINGS,
    must_lead_to_sign_in,
    open_anonymously,
    open_spelled,
    open_with_cookie,
    open_with_header,
    request_with,
)
from harness.scenario.world import World
from tests.support.fake_backend import COOKIE, FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import BROKEN, said

PAGE = "GET /tasks"
REWRITE = "X-Original-URL: {page}"


@pytest.fixture
def opened(world: World) -> World:
    """Ann's session was seen to open her page."""
    control_place(world, "Ann", "protected page")
    return world


def showing(world: World, backend: FakeBackend, wrong: object, status: int = 200) -> None:
    """Show Ann's page also where ``wrong`` says so."""
    proper, hers = backend.tasks_page, world.person("Ann").name

    def page(sent: Sent) -> Answer:
        return Answer(status, hers) if wrong(sent) else proper(sent)  # type: ignore[operator]

    backend.routes[PAGE] = page


def anybody(sent: Sent) -> bool:
    return not sent.cookies


# --- asked for in many ways ---


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_shows_anything(opened: World, spelling: str) -> None:
    open_spelled(opened, "Ann", spelling)
    opened.judge.all_refused()


def test_a_trailing_slash_is_sent(opened: World, client: FakeClient) -> None:
    open_spelled(opened, "Ann", "with a trailing slash")
    assert client.sent[-1].path == "/tasks/"


def test_a_page_for_everybody_is_found_out(opened: World, backend: FakeBackend) -> None:
    showing(opened, backend, anybody)
    open_spelled(opened, "Ann", "at its own path")
    with pytest.raises(Unmet, match=r"an anonymous client opening /tasks .* is refused; .*private text"):
        opened.judge.all_refused()


def test_a_shell_without_her_own_is_fine_and_a_crash_is_not(opened: World, backend: FakeBackend) -> None:
    proper = backend.tasks_page
    answers = iter([Answer(200, "<div id=app></div>"), Answer(404), BROKEN])
    backend.routes[PAGE] = lambda sent: next(answers) if anybody(sent) else proper(sent)
    for _ in range(2):
        open_spelled(opened, "Ann", "at its own path")
        opened.judge.all_refused()
    open_spelled(opened, "Ann", "at its own path")
    with pytest.raises(Unmet, match="500 came"):
        opened.judge.all_refused()


def test_headers_are_sent_as_they_are_written(opened: World, client: FakeClient) -> None:
    request_with(opened, "Ann", "RSC: 1 and Next-Router-Prefetch: 1")
    assert (client.sent[-1].header("rsc"), client.sent[-1].header("next-router-prefetch")) == ("1", "1")
    opened.judge.all_refused()
    request_with(opened, "Ann", "Accept: application/json")
    assert client.sent[-1].header("accept") == "application/json"
    request_with(opened, "Ann", "no extra header")
    assert "text/html" in (client.sent[-1].header("accept") or "")
    with pytest.raises(HarnessError, match='"HTML" names no headers'):
        request_with(opened, "Ann", "HTML")


def test_a_redirect_that_carries_her_page_is_found_out(opened: World, backend: FakeBackend) -> None:
    showing(opened, backend, lambda sent: sent.header("rsc") is not None, status=303)
    request_with(opened, "Ann", "RSC: 1")
    with pytest.raises(Unmet, match=r"\(RSC: 1\) is refused; the answer \(303\) carried"):
        opened.judge.all_refused()


# --- cookies that are no session ---


@pytest.mark.parametrize("kind", COOKIES)
def test_no_cookie_opens_it_that_is_no_session(opened: World, kind: str) -> None:
    open_with_cookie(opened, "Ann", kind)
    opened.judge.all_refused()


@pytest.mark.parametrize("kind", COOKIES)
def test_whoever_looks_only_whether_one_is_there_is_found_out(
    opened: World, backend: FakeBackend, kind: str
) -> None:
    showing(opened, backend, lambda sent: COOKIE in sent.cookies)
    open_with_cookie(opened, "Ann", kind)
    with pytest.raises(Unmet, match=f"a session cookie that is {kind} is refused; .*private text"):
        opened.judge.all_refused()


def test_a_cookie_is_what_the_word_says(opened: World, client: FakeClient) -> None:
    real = opened.session_of("Ann").cookies[COOKIE]
    sent = {}
    for kind in COOKIES:
        open_with_cookie(opened, "Ann", kind)
        sent[kind] = client.sent[-1].cookies
    assert sent["altered"][COOKIE][1:] == real[1:]
    assert sent["altered"][COOKIE][0] != real[0]
    assert [*sent["made up"]] == [COOKIE]
    assert real not in sent["made up"].values()
    assert {COOKIE, f"__Secure-{COOKIE}", f"__Host-{COOKIE}", "sid"} < set(sent["made up, under every name"])


# --- headers that only servers send ---


def test_a_header_that_rewrites_paths_is_sent_three_ways(opened: World, client: FakeClient) -> None:
    before = len(client.sent)
    open_with_header(opened, "Ann", REWRITE)
    sent = [(one.path, one.header("x-original-url")) for one in client.sent[before:]]
    assert sent == [("/tasks", "/tasks"), ("/signin", "/tasks"), ("/tasks", "/signin")]
    opened.judge.all_refused()


def test_a_header_that_names_her_has_her_address_or_her_id(opened: World, client: FakeClient) -> None:
    open_with_header(opened, "Ann", "X-Forwarded-User: {user}")
    assert client.sent[-1].header("x-forwarded-user") == opened.person("Ann").email
    open_with_header(opened, "Ann", "X-User-Id: {user}")
    assert client.sent[-1].header("x-user-id") == "user-1"


def test_a_guard_that_a_header_turns_off_is_found_out(opened: World, backend: FakeBackend) -> None:
    backend.routes["GET /signin"] = lambda sent: (
        Answer(200, opened.person("Ann").name) if sent.header("x-original-url") == "/tasks" else Answer(200)
    )
    open_with_header(opened, "Ann", REWRITE)
    with pytest.raises(Unmet, match=r"opening /signin with X-Original-URL: /tasks is refused; .*private text"):
        opened.judge.all_refused()


# --- the way to sign-in ---


@pytest.mark.parametrize(
    "answer",
    [
        Answer(303, "", [("Location", "/signin?next=/tasks")]),
        Answer(200, '<meta http-equiv="refresh" content="0; url=/signin">'),
    ],
    ids=["a redirect", "a page that leads on"],
)
def test_the_way_to_sign_in_is_fine(opened: World, backend: FakeBackend, answer: Answer) -> None:
    backend.routes[PAGE] = said(answer)
    open_anonymously(opened)
    must_lead_to_sign_in(opened)


@pytest.mark.parametrize(
    ("answer", "came"),
    [
        (Answer(404), "it was answered 404, Location: None"),
        (Answer(303, "", [("Location", "/welcome")]), "it was answered 303, Location: /welcome"),
        (Answer(200, "<a href=/signin>Sign in</a>"), "it was answered 200"),
        (Answer(401, "", [("Location", "/signin")]), "it was answered 401"),
    ],
)
def test_any_other_answer_is_found_out(opened: World, backend: FakeBackend, answer: Answer, came: str) -> None:
    backend.routes[PAGE] = said(answer)
    open_anonymously(opened)
    with pytest.raises(Unmet, match=f"an anonymous client is led to /signin; {came}"):
        must_lead_to_sign_in(opened)


def test_a_page_that_was_not_seen_to_open_is_not_judged(world: World) -> None:
    open_anonymously(world)
    with pytest.raises(HarnessError, match="judged without a control"):
        must_lead_to_sign_in(world)

"""A protected page shows nothing to whoever has no session, however it is asked for."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from harness.core.findings import HarnessError, Unmet
from harness.deployment.errors import Indistinct
from harness.flows.common import control_place
from harness.flows.protected_pages import (
    COOKIES,
    SPELLINGS,
    must_have_ended,
    must_lead_to_sign_in,
    open_anonymously,
    open_spelled,
    open_with_cookie,
    open_with_dead_session,
    open_with_header,
    request_by,
    request_with,
)
from harness.scenario.world import World
from tests.support.fake_backend import COOKIE, HTML, FakeBackend
from tests.support.fake_client import WEB, Answer, FakeClient, Sent
from tests.support.scenario import BROKEN, said

PAGE = "GET /tasks"
FORM = "<h1>Sign in</h1><form><input name=email><input name=pw type=password><button>Go</button></form>"
SHELL = f"<!doctype html><title>Tasks</title><h1>Your tasks</h1><p>{' '.join(f'word{n}' for n in range(30))}</p>"
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
        Answer(303, "", [("Location", "signin")]),
        Answer(307, "", [("Location", "/login")]),
        Answer(200, '<meta http-equiv="refresh" content="0; url=/signin">'),
        Answer(200, FORM.replace("Sign in", "Sign in to go on")),
    ],
    ids=["a redirect", "a relative one", "two of them", "a page that leads on", "the form in place"],
)
def test_the_way_to_sign_in_is_fine(opened: World, backend: FakeBackend, answer: Answer) -> None:
    backend.routes |= {PAGE: said(answer), "GET /signin": said(Answer(200, FORM))}
    backend.routes["GET /login"] = said(Answer(302, "", [("Location", "/signin")]))
    open_anonymously(opened)
    must_lead_to_sign_in(opened)


@pytest.mark.parametrize(
    ("answer", "came"),
    [
        (Answer(404), "it was answered 404 at http://127.0.0.1:3000/tasks"),
        (Answer(303, "", [("Location", "/welcome")]), "it was answered 404 at http://127.0.0.1:3000/welcome"),
        (
            Answer(303, "", [("Location", "https://x.example/")]),
            "it was answered 303 .*, Location: https://x.example/",
        ),
        (Answer(303, "", [("Location", "/tasks")]), "it was sent back to /tasks again and again"),
        (Answer(200, "<a href=/signin>Sign in</a>"), "it was answered 200"),
        (Answer(200, "<form>New <input type=password name=new></form>"), "it was answered 200"),
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


# --- a page that a script draws ---


def shell(backend: FakeBackend, admits: Callable[[Sent], bool] = lambda _: False) -> None:
    """Serve the page as a shell to who is signed in, or is admitted; send others to sign-in."""

    def page(sent: Sent) -> Answer:
        let_in = backend.signed_in(sent) is not None or admits(sent)
        return Answer(200, SHELL, HTML) if let_in else Answer(303, "", [("Location", "/signin")])

    backend.routes[PAGE] = page
    backend.routes["GET /signin"] = said(Answer(200, FORM))


def test_a_guarded_shell_is_judged(world: World, backend: FakeBackend) -> None:
    shell(backend)
    control_place(world, "Ann", "protected page")
    open_spelled(world, "Ann", "at its own path")
    for kind in COOKIES:
        open_with_cookie(world, "Ann", kind)
    open_with_header(world, "Ann", REWRITE)
    world.judge.all_refused()


@pytest.mark.parametrize("kind", COOKIES)
def test_a_shell_for_any_cookie_is_found_out(world: World, backend: FakeBackend, kind: str) -> None:
    shell(backend, lambda sent: COOKIE in sent.cookies)
    control_place(world, "Ann", "protected page")
    open_with_cookie(world, "Ann", kind)
    with pytest.raises(
        Unmet,
        match=rf"{kind} is refused; it opened as for its owner \(200, the same page\), where an anonymous client "
        "was sent to /signin",
    ):
        world.judge.all_refused()


@pytest.mark.parametrize(
    "answer", [Answer(404), Answer(401), Answer(302, "", [("Location", "/")]), Answer(200, FORM)]
)
def test_a_shell_is_guarded_in_many_ways(world: World, backend: FakeBackend, answer: Answer) -> None:
    def page(sent: Sent) -> Answer:
        return Answer(200, SHELL, HTML) if COOKIE in sent.cookies else answer

    backend.routes |= {PAGE: page, "GET /signin": said(Answer(200, FORM))}
    control_place(world, "Ann", "protected page")
    open_spelled(world, "Ann", "at its own path")
    world.judge.all_refused()
    open_with_cookie(world, "Ann", "made up")
    with pytest.raises(Unmet, match="as for its owner"):
        world.judge.all_refused()


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, "{}", [("Content-Type", "application/json")]),
        Answer(200, "<h1>Your session has ended</h1>"),
        Answer(200, '<meta http-equiv="refresh" content="0;url=/signin">'),
        Answer(200, FORM),
        Answer(303, "", [("Location", "/signin")]),
    ],
)
def test_another_page_is_no_shell(world: World, backend: FakeBackend, answer: Answer) -> None:
    shell(backend)
    proper = backend.routes[PAGE]
    backend.routes[PAGE] = lambda sent: (
        answer if COOKIE in sent.cookies and backend.signed_in(sent) is None else proper(sent)
    )
    control_place(world, "Ann", "protected page")
    open_with_cookie(world, "Ann", "made up")
    world.judge.all_refused()


def test_a_shell_for_everyone_is_not_judged(world: World, backend: FakeBackend) -> None:
    shell(backend, lambda _: True)
    with pytest.raises(Indistinct, match="page at /tasks is the same for Ann and for an anonymous client"):
        control_place(world, "Ann", "protected page")


def test_nor_is_one_that_is_the_sign_in_page_s_too(world: World, backend: FakeBackend) -> None:
    shell(backend)
    backend.routes["GET /signin"] = said(Answer(200, SHELL))
    with pytest.raises(Indistinct, match="is the same for Ann and for an anonymous client"):
        control_place(world, "Ann", "protected page")


def test_nor_is_a_page_from_which_nobody_is_turned_away(world: World, backend: FakeBackend) -> None:
    backend.routes[PAGE] = lambda sent: Answer(200, SHELL if COOKIE in sent.cookies else "<h1>Welcome</h1>")
    with pytest.raises(
        Indistinct, match="neither name, address nor task of Ann's, and an anonymous client gets a page"
    ):
        control_place(world, "Ann", "protected page")


def test_nor_is_a_page_that_is_another_each_time(world: World, backend: FakeBackend) -> None:
    texts = itertools.count()

    def page(sent: Sent) -> Answer:
        if COOKIE not in sent.cookies:
            return Answer(303, "", [("Location", "/signin")])
        return Answer(200, " ".join(f"word{next(texts)}" for _ in range(30)))

    backend.routes[PAGE] = page
    control_place(world, "Ann", "protected page")
    open_spelled(world, "Ann", "at its own path")
    with pytest.raises(Indistinct, match="page at /tasks is never the same"):
        world.judge.all_refused()


# --- a guard that is off, and a page that shows a guest nothing ---

FRAME = "<title>Your tasks</title><h1>Your tasks</h1><a href=/signin>Sign in</a><p>Nothing to do yet.</p>"
JSON = [("Content-Type", "application/json")]


def guarded(backend: FakeBackend) -> None:
    """Lead strangers to sign-in, and show her own page to its owner in the same frame."""
    proper = backend.tasks_page

    def page(sent: Sent) -> Answer:
        answer = proper(sent)
        found = answer.status == 200 and isinstance(answer.body, str)
        return Answer(200, FRAME + answer.body, HTML) if found else Answer(303, "", [("Location", "/signin")])

    backend.routes |= {PAGE: page, "GET /signin": said(Answer(200, FORM, HTML))}


def answering(client: FakeClient, backend: FakeBackend, wrong: Callable[[Sent], bool], answer: Answer) -> None:
    client.server = lambda sent: answer if wrong(sent) else backend(sent)


def by_header(sent: Sent) -> bool:
    return sent.path == "/tasks" and sent.header("x-middleware-next") is not None


@pytest.mark.parametrize(
    "answer", [Answer(200, FRAME, HTML), Answer(200, "<p>Hello, guest", HTML), Answer(200, {"tasks": []}, JSON)]
)
def test_a_stranger_whom_a_header_lets_in_is_found_out(
    world: World, backend: FakeBackend, client: FakeClient, answer: Answer
) -> None:
    guarded(backend)
    control_place(world, "Ann", "protected page")
    answering(client, backend, by_header, answer)
    open_with_header(world, "Ann", "x-middleware-next: 1")
    with pytest.raises(
        Unmet, match=r"let in \(200, .*, where an anonymous client's plain request was sent to /signin"
    ):
        world.judge.all_refused()


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, {}, JSON),
        Answer(200, "", HTML),
        Answer(200, '0:"$1"\n2:E{"digest":"NEXT_REDIRECT;replace;/signin;307;"}', HTML),
        Answer(
            200, '2:[["children",{"s":"tasks"}]]\n0:{"q":"","i":false}', [("Content-Type", "text/x-component")]
        ),
        Answer(200, {"pageProps": {"__N_REDIRECT": "/signin?from=/tasks"}}, JSON),
        Answer(200, {"type": "redirect", "location": "/signin"}, JSON),
        Answer(200, "<script>if (true) location.replace('/signin')</script>", HTML),
        Answer(200, "<script>location.replace('http://['); location.replace('/signin')</script>", HTML),
        *(Answer(status) for status in (400, 401, 403, 404, 405, 406)),
        Answer(308, "", [("Location", "/")]),
    ],
)
def test_a_stranger_who_gets_no_page_is_turned_away(
    world: World, backend: FakeBackend, client: FakeClient, answer: Answer
) -> None:
    guarded(backend)
    control_place(world, "Ann", "protected page")
    answering(client, backend, by_header, answer)
    open_with_header(world, "Ann", "x-middleware-next: 1")
    world.judge.all_refused()


@pytest.mark.parametrize("body", [FRAME, "<h1>Blocked</h1><p>Your request looks odd."])
def test_what_any_path_gets_with_that_header_is_no_page(
    world: World, backend: FakeBackend, client: FakeClient, body: str
) -> None:
    guarded(backend)
    control_place(world, "Ann", "protected page")
    answering(client, backend, lambda sent: sent.header("x-middleware-next") is not None, Answer(200, body, HTML))
    open_with_header(world, "Ann", "x-middleware-next: 1")
    world.judge.all_refused()


@pytest.mark.parametrize(
    ("answer", "is_found"),
    [
        (Answer(200, FRAME, HTML), True),
        (Answer(200, "<h1>What this is for</h1><p>Lists, and nobody else's business.", HTML), False),
        (Answer(308, "", [("Location", "/tasks")]), False),
        (Answer(404), False),
    ],
)
def test_another_spelling_may_be_another_page(
    world: World, backend: FakeBackend, client: FakeClient, answer: Answer, is_found: bool
) -> None:
    guarded(backend)
    control_place(world, "Ann", "protected page")
    answering(client, backend, lambda sent: sent.path == "/tasks/", answer)
    open_spelled(world, "Ann", "with a trailing slash")
    if is_found:
        with pytest.raises(Unmet, match="let in"):
            world.judge.all_refused()
    else:
        world.judge.all_refused()


POST_ANSWERS = [
    (Answer(200, FRAME, HTML), True),
    (Answer(200, {"ok": False}, JSON), False),
    (Answer(303, "", [("Location", "/signin")]), False),
    (Answer(405), False),
]


@pytest.mark.parametrize(("answer", "is_found"), POST_ANSWERS)
def test_a_guard_covers_forms_too(
    world: World, backend: FakeBackend, client: FakeClient, answer: Answer, is_found: bool
) -> None:
    guarded(backend)
    control_place(world, "Ann", "protected page")
    answering(client, backend, lambda sent: (sent.method, sent.path) == ("POST", "/tasks"), answer)
    request_by(world, "Ann", "POST")
    sent = next(one for one in client.sent if one.method == "POST" and one.path == "/tasks")
    assert (sent.header("origin"), sent.header("content-type")) == (WEB, "application/x-www-form-urlencoded")
    if is_found:
        with pytest.raises(Unmet, match="an anonymous client's POST /tasks is refused; it was let in"):
            world.judge.all_refused()
    else:
        world.judge.all_refused()


def test_a_shell_for_any_unknown_path_is_no_page(world: World, backend: FakeBackend, client: FakeClient) -> None:
    shell(backend)
    control_place(world, "Ann", "protected page")
    known = ("/tasks", "/signin", "/")
    answering(client, backend, lambda sent: sent.path not in known, Answer(200, SHELL, HTML))
    open_spelled(world, "Ann", "with a trailing slash")
    world.judge.all_refused()


@pytest.mark.parametrize("named", ["/tasks", "/signin"])
def test_a_rewritten_path_that_lets_in_is_found_out(
    world: World, backend: FakeBackend, client: FakeClient, named: str
) -> None:
    guarded(backend)
    control_place(world, "Ann", "protected page")
    asked = "/signin" if named == "/tasks" else "/tasks"

    def wrong(sent: Sent) -> bool:
        return sent.path == asked and sent.header("x-original-url") == named

    answering(client, backend, wrong, Answer(200, FRAME, HTML))
    open_with_header(world, "Ann", REWRITE)
    with pytest.raises(Unmet, match=f"opening {asked} with X-Original-URL: {named} is refused; it was let in"):
        world.judge.all_refused()


# --- marks ---


def test_an_address_is_enough(world: World, backend: FakeBackend) -> None:
    backend.routes[PAGE] = lambda sent: (
        Answer(200, f"Hello, {account.email}") if (account := backend.signed_in(sent)) else Answer(401)
    )
    control_place(world, "Ann", "protected page")
    open_spelled(world, "Ann", "at its own path")
    world.judge.all_refused()


def test_an_address_that_was_sent_is_no_mark(opened: World, backend: FakeBackend) -> None:
    proper = backend.tasks_page
    backend.routes[PAGE] = lambda sent: (
        Answer(200, f"No such user: {sent.header('x-forwarded-user')}") if anybody(sent) else proper(sent)
    )
    open_with_header(opened, "Ann", "X-Forwarded-User: {user}")
    opened.judge.all_refused()


def test_a_leak_on_the_way_is_found_out(opened: World, backend: FakeBackend) -> None:
    name = opened.person("Ann").name
    backend.routes[PAGE] = said(Answer(308, name, [("Location", "/tasks/")]))
    backend.routes["GET /tasks/"] = said(Answer(303, "", [("Location", "/signin")]))
    open_spelled(opened, "Ann", "at its own path")
    with pytest.raises(Unmet, match=r"the answer \(308\) carried the owner's private text"):
        opened.judge.all_refused()


def test_what_a_redirect_leads_to_is_looked_at(opened: World, backend: FakeBackend) -> None:
    backend.routes[PAGE] = said(Answer(308, "", [("Location", "/tasks/")]))
    backend.routes["GET /tasks/"] = said(Answer(200, opened.person("Ann").name))
    open_spelled(opened, "Ann", "at its own path")
    with pytest.raises(Unmet, match=r"the answer \(200\) carried the owner's private text"):
        opened.judge.all_refused()


# --- a dead session ---


def test_a_dead_session_leads_to_sign_in(opened: World) -> None:
    open_with_dead_session(opened, "Ann")
    must_have_ended(opened)


def test_a_dead_session_that_goes_round_in_circles_is_found_out(opened: World, backend: FakeBackend) -> None:
    proper = backend.routes["GET /signin"]
    backend.routes["GET /signin"] = lambda sent: (
        Answer(303, "", [("Location", "/tasks")]) if COOKIE in sent.cookies else proper(sent)
    )
    open_with_dead_session(opened, "Ann")
    with pytest.raises(
        Unmet, match="gets an answer at /tasks; it was sent round in circles between /signin and /tasks"
    ):
        must_have_ended(opened)


def test_a_circle_that_takes_the_cookie_away_has_an_end(opened: World, backend: FakeBackend) -> None:
    proper = backend.routes["GET /signin"]
    away = [("Location", "/tasks"), ("Set-Cookie", f"{COOKIE}=; Max-Age=0")]
    backend.routes["GET /signin"] = lambda sent: Answer(303, "", away) if COOKIE in sent.cookies else proper(sent)
    open_with_dead_session(opened, "Ann")
    must_have_ended(opened)


def test_a_dead_session_that_crashes_a_page_is_found_out(opened: World, backend: FakeBackend) -> None:
    backend.routes["GET /signin"] = said(BROKEN)
    open_with_dead_session(opened, "Ann")
    with pytest.raises(Unmet, match="gets an answer at /tasks; it was answered 500") as unmet:
        must_have_ended(opened)
    assert unmet.value.exchanges[-1].status == 500

"""A page of another site changes nothing and reads nothing."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from functools import partial

import pytest

from harness.core.errors import Absent
from harness.core.findings import HarnessError, NotTested, Unmet
from harness.flows.access_token import control_task_call
from harness.flows.actions import ACTIONS
from harness.flows.common import control_place
from harness.flows.cors import ask_across_origins, must_not_be_readable
from harness.flows.cross_site import (
    act_on_own_page,
    control_action,
    from_foreign_page,
    must_be_stopped,
    must_have_acted,
)
from harness.flows.foreign_page import EVIL
from harness.scenario.world import World
from tests.support.fake_backend import AUTH, COOKIE, Account, FakeBackend, signed
from tests.support.fake_client import WEB, Answer, FakeClient, Sent, Server
from tests.support.scenario import CREATE, REFRESH, SESSION, SIGN_OUT, said, with_people, world_of

RENAME = f"POST {AUTH}/update-user"
USE_UP = "use up her refresh token"
IN_COOKIE = '[credentials.refresh]\nkind = "cookie"\nissued_by = "sign_in"\ncookie = "renewal"\n'
TOKEN_SESSION = '[credentials.session]\nkind = "token"\n[credentials.token]\nissued_by = "sign_in"\n'


class GuardedBackend(FakeBackend):
    """Does nothing for a page of another site."""

    guarded = True

    def __call__(self, sent: Sent) -> Answer:
        foreign = sent.method != "GET" and sent.header("origin") not in (WEB, None)
        return Answer(403) if self.guarded and foreign else super().__call__(sent)

    def update_user(self, sent: Sent) -> Answer:
        account, fields = self.signed_in(sent), _fields(sent)
        if account is None or not fields.get("name"):
            return Answer(400)
        account.name = fields["name"]
        return Answer(200, {"user": account.user})

    def create_task(self, sent: Sent) -> Answer:
        account, fields = self.caller(sent), _fields(sent)
        if account is None or not fields.get("title"):
            return Answer(400)
        account.tasks[self.number()] = fields["title"]
        return Answer(201, {"id": next(reversed(account.tasks)), "title": fields["title"]})


class Renewing(GuardedBackend):
    """Its refresh token is in a cookie of the refresh route's own path, works once, and a used one ends it."""

    used_up_first = False
    gives_successor = True

    def __init__(self) -> None:
        super().__init__()
        self.routes[REFRESH] = self.renew

    def __call__(self, sent: Sent) -> Answer:
        refused = super().__call__(sent)
        if self.used_up_first and refused.status == 403 and sent.path == f"{AUTH}/refresh":
            self.renew(sent)
        return refused

    def admitted(self, account: Account) -> Answer:
        answer = super().admitted(account)
        body = {**answer.body, "token": signed(account)}
        renewal = body.pop("refreshToken")
        return Answer(answer.status, body, [*answer.headers, self.in_cookie(renewal)])

    def renew(self, sent: Sent) -> Answer:
        account = self.refresh_tokens.pop(sent.cookies.get("renewal", ""), None)
        if account is None:
            self.refresh_tokens.clear()
            return Answer(401)
        following = f"refresh-number-{self.number()}"
        self.refresh_tokens[following] = account
        cookies = [self.in_cookie(following)] if self.gives_successor or sent.header("origin") == WEB else []
        return Answer(200, {"token": signed(account)}, cookies)

    @staticmethod
    def in_cookie(value: str) -> tuple[str, str]:
        return "Set-Cookie", f"renewal={value}; Path={AUTH}/refresh; HttpOnly; SameSite=Strict"


def _fields(sent: Sent) -> dict[str, str]:
    """The fields of a body, whatever it calls itself."""
    form = "urlencoded" in (sent.header("content-type") or "")
    with contextlib.suppress(ValueError):
        return replace(sent, headers=[("Content-Type", "x" if form else "json")]).fields
    return {}


def _to_foreign(answer: Answer, otherwise: Server, sent: Sent) -> Answer:
    """This answer to a page of another site, and the proper one to anybody else."""
    return answer if sent.header("origin") == EVIL else otherwise(sent)


@pytest.fixture
def backend() -> GuardedBackend:
    return GuardedBackend()


# --- what a page does ---


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("action", [action for action in ACTIONS if action != USE_UP])
def test_a_guard_stops_every_action(world: World, action: str, as_json: bool) -> None:
    control_action(world, "Ann", action)
    from_foreign_page(world, "Ann", action, as_json=as_json)
    must_be_stopped(world, same_site_counts=False)


@pytest.mark.parametrize(
    ("action", "effect"),
    [
        ("change her name", "her name was changed"),
        ("sign her out", "she was signed out"),
        ("create a task", "a task was made"),
        ("end her other sessions", "her session on another device was ended"),
        ("end one of her sessions", "her session on another device was ended"),
        ("end all her sessions", "she was signed out, on every device"),
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_without_one_each_is_found_out(
    world: World, backend: GuardedBackend, action: str, effect: str, as_json: bool
) -> None:
    control_action(world, "Ann", action)
    backend.guarded = False
    from_foreign_page(world, "Ann", action, as_json=as_json)
    with pytest.raises(Unmet, match=f"attempt to {action} with a body of type .* is refused; .*{effect}"):
        must_be_stopped(world, same_site_counts=False)


# --- a refresh token in a cookie ---


def _renewing(backend: Renewing, more: str = "") -> World:
    return with_people(world_of(FakeClient(backend), IN_COOKIE + more), "Ann")


def _use_up(world: World, *, as_json: bool = False) -> None:
    control_action(world, "Ann", USE_UP)
    from_foreign_page(world, "Ann", USE_UP, as_json=as_json)


@pytest.mark.parametrize("more", ["", TOKEN_SESSION], ids=["session in a cookie", "access token in memory"])
@pytest.mark.parametrize("guarded", [True, False])
def test_a_refresh_that_another_site_causes_does_no_harm_where_the_browser_keeps_its_successor(
    guarded: bool, more: str
) -> None:
    backend = Renewing()
    world = _renewing(backend, more)
    backend.guarded = guarded
    _use_up(world)
    assert len(world.judge.attempts) == 4
    must_be_stopped(world, same_site_counts=False)


@pytest.mark.parametrize("more", ["", TOKEN_SESSION], ids=["session in a cookie", "access token in memory"])
def test_one_that_is_refused_after_the_token_was_used_up_is_found_out(more: str) -> None:
    backend = Renewing()
    backend.used_up_first = True
    world = _renewing(backend, more)
    _use_up(world)
    with pytest.raises(
        Unmet, match=f"{USE_UP} with a body of type text/plain .*her browser can't refresh any more"
    ):
        must_be_stopped(world, same_site_counts=False)


def test_one_whose_successor_the_browser_does_not_get_is_found_out() -> None:
    backend = Renewing()
    backend.guarded = backend.gives_successor = False
    world = _renewing(backend)
    _use_up(world, as_json=True)
    with pytest.raises(Unmet, match="her browser can't refresh any more"):
        must_be_stopped(world, same_site_counts=False)


def test_a_foreign_page_sends_the_refresh_cookie_and_no_token() -> None:
    backend = Renewing()
    world = _renewing(backend, TOKEN_SESSION)
    _use_up(world)
    sent = world.judge.attempts[0].exchange
    names = {name.lower(): value for name, value in sent.request_headers}
    assert "renewal=" in names["cookie"]
    assert "authorization" not in names


def test_a_refresh_token_in_a_body_can_t_be_used_up_by_another_site(world: World) -> None:
    with pytest.raises(Absent, match="no refresh token in a cookie"):
        control_action(world, "Ann", USE_UP)


def test_a_refresh_that_fails_for_its_owner_proves_nothing() -> None:
    backend = Renewing()
    world = _renewing(backend)
    backend.refresh_tokens.clear()
    with pytest.raises(NotTested, match="the control failed: that Ann's own page gets a new access token"):
        control_action(world, "Ann", USE_UP)


@pytest.mark.parametrize(
    ("granted", "kinds"),
    [
        ([], []),
        ([("Access-Control-Allow-Origin", EVIL), ("Access-Control-Allow-Methods", "DELETE")], []),
        (
            [
                ("Access-Control-Allow-Origin", EVIL),
                ("Access-Control-Allow-Credentials", "true"),
                ("Access-Control-Allow-Methods", "GET, DELETE"),
                ("Access-Control-Allow-Headers", "Content-Type"),
            ],
            ["application/json"],
        ),
    ],
    ids=["no word of CORS", "without credentials", "all that a browser wants"],
)
def test_what_needs_a_preflight_is_sent_where_one_is_granted(
    world: World, client: FakeClient, granted: list[tuple[str, str]], kinds: list[str]
) -> None:
    control_action(world, "Ann", "delete a task")
    proper = client.server
    client.server = lambda sent: Answer(204, "", granted) if sent.method == "OPTIONS" else proper(sent)
    before = len(client.sent)
    from_foreign_page(world, "Ann", "delete a task", as_json=False)
    sent = [one for one in client.sent[before:] if one.method == "DELETE"]
    assert [one.header("content-type") for one in sent] == kinds
    must_be_stopped(world, same_site_counts=False)


def test_a_preflight_without_a_control_shows_nothing(world: World) -> None:
    from_foreign_page(world, "Ann", "delete a task", as_json=False)
    with pytest.raises(HarnessError, match="judged without a control"):
        must_be_stopped(world, same_site_counts=True)


def test_the_password_is_looked_at_once_for_all_attempts(world: World, backend: GuardedBackend) -> None:
    control_action(world, "Ann", "change her password")
    asked = world.deployment.asked["sign_in"]
    from_foreign_page(world, "Ann", "change her password", as_json=False)
    assert len(world.judge.attempts) == 5  # the current password left out of each body, and wrong in one
    must_be_stopped(world, same_site_counts=False)
    assert world.deployment.asked["sign_in"] == asked + 1


def test_a_form_of_another_site_has_the_fields_of_the_profile_s(client: FakeClient) -> None:
    declared = '[operations.update_user]\nform = { name = "{new_name}" }\n'
    world = with_people(world_of(client, declared), "Ann")
    from_foreign_page(world, "Ann", "change her name", as_json=False)
    sent = next(one for one in reversed(client.sent) if "urlencoded" in (one.header("content-type") or ""))
    assert b"name=cnry" in sent.body


def test_a_success_or_a_redirect_that_did_nothing_is_fine(world: World, client: FakeClient) -> None:
    control_action(world, "Ann", "change her name")
    proper = client.server
    for answer in (Answer(200, {}), Answer(302, "", [("Location", "/")])):
        client.server = partial(_to_foreign, answer, proper)
        from_foreign_page(world, "Ann", "change her name", as_json=False)
        must_be_stopped(world, same_site_counts=False)


def test_a_foreign_page_sends_what_a_browser_sends_unasked(world: World, client: FakeClient) -> None:
    before = len(client.sent)
    from_foreign_page(world, "Ann", "change her name", as_json=False)
    preflight, *sent = [one for one in client.sent[before:] if one.header("origin") == EVIL]
    assert (preflight.method, preflight.cookies) == ("OPTIONS", {})
    kinds = [(one.header("content-type") or "none").partition(";")[0] for one in sent]
    assert kinds == ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "none"]
    assert {one.header("sec-fetch-mode") for one in sent} == {"navigate"}
    assert all(one.cookies for one in sent)
    from_foreign_page(world, "Ann", "change her name", as_json=True)
    as_json = next(one for one in reversed(client.sent) if one.header("origin") == EVIL)
    assert as_json.header("content-type") == "application/json"
    assert as_json.header("sec-fetch-mode") == "cors"
    assert as_json.fields["name"].startswith("cnry")


@pytest.mark.parametrize(
    ("action", "route"), [("change her name", RENAME), ("sign her out", SIGN_OUT), ("create a task", CREATE)]
)
def test_an_action_without_effect_of_ones_own_proves_nothing(
    world: World, backend: GuardedBackend, action: str, route: str
) -> None:
    backend.routes[route] = said(Answer(200, {}))
    with pytest.raises(NotTested, match="the control failed"):
        control_action(world, "Ann", action)


def _stateless(client: FakeClient, backend: GuardedBackend) -> World:
    cleared = [("Set-Cookie", f"{COOKIE}=; Path=/; Max-Age=0")]
    backend.routes[SIGN_OUT] = lambda sent: (
        Answer(403) if backend.guarded and sent.header("origin") != WEB else Answer(200, {}, cleared)
    )
    declared = '[credentials.session]\nafter_sign_out = "until it ends"\nmax_lifetime = 900\n'
    return with_people(world_of(client, declared), "Ann")


def test_a_sign_out_that_revokes_nothing_is_judged_by_the_browser_s_cookie(
    client: FakeClient, backend: GuardedBackend
) -> None:
    world = _stateless(client, backend)
    control_action(world, "Ann", "sign her out")
    from_foreign_page(world, "Ann", "sign her out", as_json=False)
    must_be_stopped(world, same_site_counts=False)
    backend.guarded = False
    from_foreign_page(world, "Ann", "sign her out", as_json=False)
    with pytest.raises(Unmet, match="took the session's cookie from her browser"):
        must_be_stopped(world, same_site_counts=False)


def test_one_that_leaves_the_cookie_too_proves_nothing(client: FakeClient, backend: GuardedBackend) -> None:
    world = _stateless(client, backend)
    backend.routes[SIGN_OUT] = said(Answer(200, {}))
    with pytest.raises(NotTested, match="its cookie stays in the browser"):
        control_action(world, "Ann", "sign her out")


def test_a_control_that_ended_the_session_proves_nothing(world: World, backend: GuardedBackend) -> None:
    control_action(world, "Ann", "sign her out")
    backend.sessions.clear()
    with pytest.raises(NotTested, match="the control ended Ann's session itself"):
        from_foreign_page(world, "Ann", "sign her out", as_json=False)


class CachingBackend(GuardedBackend):
    """Answers for the session by a second cookie, which holds what was true when it was set."""

    ended = Account("", "", "", "")

    def __call__(self, sent: Sent) -> Answer:
        answer = super().__call__(sent)
        account = self.signed_in(sent)
        if account is not None and sent.header("origin") == WEB:
            cookie = ("Set-Cookie", f"{COOKIE}_cache={account.name}; Path=/; Max-Age=300")
            return Answer(answer.status, answer.body, [*answer.headers, cookie])
        return answer

    def session(self, sent: Sent) -> Answer:
        cached = sent.cookies.get(f"{COOKIE}_cache")
        who = super().session(sent)
        if cached is None or COOKIE not in sent.cookies:
            return who
        owner = self.signed_in(sent) or self.ended
        return Answer(200, {"user": {**owner.user, "name": cached}})

    def sign_out(self, sent: Sent) -> Answer:
        self.ended = self.signed_in(sent) or self.ended
        return super().sign_out(sent)


@pytest.mark.parametrize(("action", "done"), [("change her name", "her name was"), ("sign her out", "she was")])
def test_a_cache_hides_no_effect(action: str, done: str) -> None:
    backend = CachingBackend()
    changes = f'[credentials.session]\ncache_cookies = ["{COOKIE}_cache"]\n'
    world = with_people(world_of(FakeClient(backend), changes), "Ann")
    control_action(world, "Ann", action)
    world.device("Ann", "first device").jar.store([f"{COOKIE}_cache=Ann; Path=/; Max-Age=300"], WEB)
    backend.guarded = False
    from_foreign_page(world, "Ann", action, as_json=False)
    with pytest.raises(Unmet, match=done):
        must_be_stopped(world, same_site_counts=False)


def test_without_the_control_nothing_is_judged(world: World) -> None:
    from_foreign_page(world, "Ann", "create a task", as_json=False)
    with pytest.raises(HarnessError, match="judged without a control"):
        must_be_stopped(world, same_site_counts=False)
    with pytest.raises(HarnessError, match="judged without a control"):
        must_be_stopped(world, same_site_counts=True)


# --- SameSite ---


def test_a_cookie_that_stays_at_home_counts_where_it_may(world: World, backend: GuardedBackend) -> None:
    control_action(world, "Ann", "create a task")
    backend.guarded = False
    from_foreign_page(world, "Ann", "create a task", as_json=False)
    must_be_stopped(world, same_site_counts=True)
    assert world.notes == ["SameSite=lax keeps the cookie out of requests from other sites"]
    assert not world.judge.attempts


@pytest.mark.parametrize("attribute", ["", "; SameSite=None"])
def test_one_that_travels_does_not(world: World, backend: GuardedBackend, attribute: str) -> None:
    control_action(world, "Ann", "create a task")
    jar = world.device("Ann", "first device").jar
    ((name, value),) = world.session_of("Ann").cookies.items()
    jar.store([f"{name}={value}; Path=/{attribute}"], f"{WEB}/")
    backend.guarded = False
    from_foreign_page(world, "Ann", "create a task", as_json=False)
    with pytest.raises(Unmet, match="a task was made"):
        must_be_stopped(world, same_site_counts=True)


# --- CORS ---


def allowing(client: FakeClient, allowed: str, *, credentials: bool = False, method: str = "GET") -> None:
    proper = client.server
    headers = [("Access-Control-Allow-Origin", allowed)]
    headers += [("Access-Control-Allow-Credentials", "true")] if credentials else []

    def server(sent: Sent) -> Answer:
        answer = proper(sent)
        return Answer(answer.status, answer.body, [*answer.headers, *headers]) if sent.method == method else answer

    client.server = server


@pytest.mark.parametrize("place", ["session endpoint", "token endpoint", "task list"])
def test_another_site_reads_nothing(world: World, client: FakeClient, place: str) -> None:
    control_place(world, "Ann", place)
    ask_across_origins(world, "Ann", place)
    must_not_be_readable(world, with_credentials=True)
    assert [sent.method for sent in client.sent[-2:]] == ["GET", "OPTIONS"]
    assert {sent.header("origin") for sent in client.sent[-2:]} == {EVIL}


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_one_that_may_read_with_credentials_is_found_out(world: World, client: FakeClient, method: str) -> None:
    control_place(world, "Ann", "session endpoint")
    allowing(client, EVIL, credentials=True, method=method)
    ask_across_origins(world, "Ann", "session endpoint")
    with pytest.raises(
        Unmet, match=r"not allowed to read .*; Access-Control-Allow-Origin is .* and credentials are"
    ):
        must_not_be_readable(world, with_credentials=True)


@pytest.mark.parametrize("allowed", ["*", WEB, "null"])
def test_whoever_else_may_read_is_fine(world: World, client: FakeClient, allowed: str) -> None:
    control_place(world, "Ann", "session endpoint")
    allowing(client, allowed, credentials=True)
    ask_across_origins(world, "Ann", "session endpoint")
    must_not_be_readable(world, with_credentials=True)


def test_without_credentials_it_is_only_an_invitation(world: World, client: FakeClient) -> None:
    control_task_call(world, "Ann", "list")
    allowing(client, EVIL)
    ask_across_origins(world, "Ann", "tasks at the API")
    must_not_be_readable(world, with_credentials=True)
    with pytest.raises(Unmet, match="is not allowed to read"):
        must_not_be_readable(world, with_credentials=False)


def test_a_place_that_was_not_seen_to_open_is_not_judged(world: World) -> None:
    control_place(world, "Ann", "task list")
    ask_across_origins(world, "Ann", "session endpoint")
    with pytest.raises(HarnessError, match="judged without a control"):
        must_not_be_readable(world, with_credentials=True)


def test_the_session_is_read_with_its_cookie(world: World, client: FakeClient, backend: GuardedBackend) -> None:
    backend.routes[SESSION] = said(Answer(401))
    ask_across_origins(world, "Ann", "session endpoint")
    simple, preflight = client.sent[-2:]
    assert simple.cookies
    assert not preflight.cookies


# --- what a page does for its own user ---


def test_a_new_name_is_in_the_session(world: World) -> None:
    act_on_own_page(world, "Ann", "change her name")
    must_have_acted(world)


@pytest.mark.parametrize("answer", [Answer(200, {"status": True}), Answer(401), Answer(500)])
def test_a_name_that_stays_is_found_out(world: World, backend: GuardedBackend, answer: Answer) -> None:
    backend.routes[RENAME] = said(answer)
    act_on_own_page(world, "Ann", "change her name")
    with pytest.raises(Unmet, match=f"that Ann's own page changes her name; .*{answer.status}"):
        must_have_acted(world)


@pytest.mark.parametrize("status", [400, 422])
def test_a_request_that_is_called_invalid_is_not_judged(
    world: World, backend: GuardedBackend, status: int
) -> None:
    backend.routes[RENAME] = said(Answer(status))
    act_on_own_page(world, "Ann", "change her name")
    with pytest.raises(NotTested, match=r"Check operations\.update_user"):
        must_have_acted(world)

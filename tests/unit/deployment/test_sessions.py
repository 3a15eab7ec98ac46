"""Signing up, in and out: what is believed of an answer, what is kept on the device, what is presented later."""

from __future__ import annotations

import time
from pathlib import Path

import jwt
import pytest

from harness.core.errors import Absent, Unavailable
from harness.deployment.access import ends_soon
from harness.deployment.accounts import Accounts
from harness.deployment.deployment import Deployment
from harness.deployment.errors import Missing, NotSignedIn
from harness.deployment.people import Device, Person, PersonFactory
from harness.profile.loader import load_profile, parse_profile
from harness.profile.profile import Profile
from harness.profile.target import Target
from harness.wire.client import Client
from tests.support.fake_backend import AUTH, COOKIE, NOBODY, SECRET, Account, FakeBackend
from tests.support.fake_client import API, WEB, Answer, FakeClient, Sent

PROFILE = load_profile("reference")


@pytest.fixture
def deployment(client: FakeClient) -> Deployment:
    return Deployment(Target(PROFILE, WEB, API, SECRET), client)


@pytest.fixture
def ann() -> Person:
    return PersonFactory(PROFILE.people, 1).person("Ann")


def with_profile(client: FakeClient, text: str) -> Deployment:
    """The deployment, as a profile describes it that changes these lines of the reference's."""
    profile = parse_profile(f'extends = "reference"\n{text}', "mine.toml", Path())
    return Deployment(Target(profile, WEB, API, SECRET), client)


def sent_to(client: FakeClient, path: str) -> list[Sent]:
    return [sent for sent in client.sent if sent.path == path]


# --- signing up ---


def test_an_account_is_opened_and_known_by_its_id(deployment: Deployment, ann: Person) -> None:
    device = deployment.sessions.open_account(ann)
    assert device is ann.device("first device")
    assert ann.has_account
    assert ann.id == "user-1"
    assert device.jar.find(COOKIE, WEB) is not None
    assert device.refresh_token is not None


def test_a_sign_up_that_signs_nobody_in_is_followed_by_a_sign_in(
    client: FakeClient, backend: FakeBackend, ann: Person
) -> None:
    def quiet(sent: Sent) -> Answer:
        backend.sign_up(sent)
        return Answer(201, {})

    backend.routes[f"POST {AUTH}/sign-up/email"] = quiet
    with_profile(client, "[operations.sign_up]\nsigns_in = false\n").sessions.open_account(ann)
    assert len(sent_to(client, f"{AUTH}/sign-in/email")) == 1
    assert ann.id == "user-1"


def test_a_sign_up_that_says_it_signs_in_and_does_not_is_told(
    deployment: Deployment, backend: FakeBackend, ann: Person
) -> None:
    backend.routes[f"POST {AUTH}/sign-up/email"] = lambda _: Answer(200, {"user": {}})
    with pytest.raises(NotSignedIn, match=r"after signing up Ann's first device is signed in as nobody"):
        deployment.sessions.open_account(ann)


def test_a_sign_up_that_signs_in_somebody_else_is_told(
    deployment: Deployment, backend: FakeBackend, ann: Person
) -> None:
    other = {"user": {"id": "1", "email": "first@example.com", "name": "First"}}
    backend.routes[f"GET {AUTH}/get-session"] = lambda _: Answer(200, other)
    with pytest.raises(NotSignedIn, match=r"is signed in as first@example\.com"):
        deployment.sessions.open_account(ann)


def test_a_refused_sign_up_is_told_and_makes_no_account(
    deployment: Deployment, backend: FakeBackend, ann: Person
) -> None:
    backend.routes[f"POST {AUTH}/sign-up/email"] = lambda _: Answer(422, "closed")
    with pytest.raises(
        NotSignedIn, match="sign-up of a new person was answered 422 \\(closed\\), not as"
    ) as refused:
        deployment.sessions.open_account(ann)
    assert not ann.has_account
    assert refused.value.exchanges[0].text == "closed"


def test_a_pending_verification_is_left_to_the_profile_s_class(
    client: FakeClient, backend: FakeBackend, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []

    def verify(email: str, _: Client) -> None:
        verified.append(email)

    def pending(sent: Sent) -> Answer:
        backend.sign_up(sent)
        return Answer(202, {})

    backend.routes[f"POST {AUTH}/sign-up/email"] = pending
    text = "[operations.sign_up]\nsigns_in = false\noutcomes.pending_verification = { status = 202 }\n"
    deployment = with_profile(client, text)
    monkeypatch.setattr(deployment.target.custom, "verify", verify, raising=False)
    deployment.sessions.open_account(ann)
    assert verified == [ann.email]
    assert ann.has_account


def test_whoever_verifies_an_address_signs_in_afterwards_though_a_sign_up_signs_in(
    client: FakeClient, backend: FakeBackend, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pending(sent: Sent) -> Answer:
        backend.sign_up(sent)
        return Answer(202, {})

    backend.routes[f"POST {AUTH}/sign-up/email"] = pending
    deployment = with_profile(client, "[operations.sign_up]\noutcomes.pending_verification = { status = 202 }\n")
    monkeypatch.setattr(deployment.target.custom, "verify", lambda *_: None, raising=False)
    deployment.sessions.open_account(ann)
    assert len(sent_to(client, f"{AUTH}/sign-in/email")) == 1


def test_a_class_of_the_profile_that_fails_to_verify_is_told(
    client: FakeClient, backend: FakeBackend, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def verify(*_: object) -> None:
        raise KeyError("no message")

    backend.routes[f"POST {AUTH}/sign-up/email"] = lambda _: Answer(202, {})
    deployment = with_profile(client, "[operations.sign_up]\noutcomes.pending_verification = { status = 202 }\n")
    monkeypatch.setattr(deployment.target.custom, "verify", verify, raising=False)
    with pytest.raises(Unavailable, match=r"verify\(\) of the profile's class raised KeyError\('no message'\)"):
        deployment.sessions.sign_up(ann, ann.device("first device"))
    deployment.sessions.sign_up_beside(ann, ann.device("second device"))


def test_a_password_that_is_too_short_is_tried_once_its_account_is_verified(
    client: FakeClient, backend: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: dict[str, Sent] = {}

    def pending(sent: Sent) -> Answer:
        waiting[sent.fields["email"]] = sent
        return Answer(202, {})

    def verify(email: str, _: Client) -> None:
        fields = waiting.pop(email).fields
        backend.accounts[email] = Account("7", fields["name"], email, fields["password"])

    backend.routes[f"POST {AUTH}/sign-up/email"] = pending
    deployment = with_profile(client, "[operations.sign_up]\noutcomes.pending_verification = { status = 202 }\n")
    monkeypatch.setattr(deployment.target.custom, "verify", verify, raising=False)
    factory = PersonFactory(deployment.target.profile.people, 1)
    attempt = Accounts(deployment, factory).short_password(factory.person("Zoe"), "one character")
    assert attempt.effect() is not None


# --- signing in and out ---


def test_signing_in_forgets_the_token_from_before(deployment: Deployment, ann: Person) -> None:
    device = deployment.sessions.open_account(ann)
    before = deployment.access.access_token(device)
    deployment.sessions.sign_in(device)
    assert device.access_token is None
    assert before


@pytest.mark.parametrize("password", ["another", ""])
def test_a_guess_is_sent_as_it_is(deployment: Deployment, client: FakeClient, ann: Person, password: str) -> None:
    deployment.sessions.open_account(ann)
    answer = deployment.sessions.guess(Device(ann, "phone"), password)
    assert answer.status == 401
    assert client.sent[-1].fields == {"email": ann.email, "password": password, "tokens": True}


def test_whoever_is_signed_in_signs_in_from_a_device_of_its_own(
    deployment: Deployment, backend: FakeBackend, client: FakeClient, ann: Person
) -> None:
    once_only(backend)
    device = deployment.sessions.open_account(ann)
    before = device.jar.find(COOKIE, WEB)
    deployment.sessions.sign_in_verified(device)
    assert client.sent[-2].cookies == {}
    assert device.jar.find(COOKIE, WEB) != before


def once_only(backend: FakeBackend) -> None:
    """Have sign-in refuse whoever is signed in, and hand out a token."""

    def sign_in(sent: Sent) -> Answer:
        if backend.signed_in(sent):
            return Answer(409, {"message": "You are signed in"})
        answer = FakeBackend.sign_in(backend, sent)
        return answer if answer.status != 200 else Answer(200, {**answer.body, "token": "t" * 20}, answer.headers)

    backend.routes[f"POST {AUTH}/sign-in/email"] = sign_in


BY_SIGN_IN = '[credentials.token]\nkind = "opaque"\nissued_by = "sign_in"\npointer = "/token"\n'


def test_a_token_that_sign_in_issues_is_asked_for_from_a_device_of_its_own(
    client: FakeClient, backend: FakeBackend, ann: Person
) -> None:
    once_only(backend)
    deployment = with_profile(client, BY_SIGN_IN)
    device = deployment.sessions.open_account(ann)
    assert deployment.access.issue_token(device) == "t" * 20
    assert deployment.identity.is_session_of(ann, deployment.access.browser_session(device), "Ann")


def test_the_token_at_hand_is_kept_until_another_comes(
    client: FakeClient, backend: FakeBackend, ann: Person
) -> None:
    deployment = with_profile(client, BY_SIGN_IN)
    device = deployment.sessions.open_account(ann)
    device.access_token = "old"
    backend.routes[f"POST {AUTH}/sign-in/email"] = lambda _: Answer(400, {"code": "NOT_NOW"})
    said = r'"sign_in" gave Ann\'s first device no access token .*answered 400 \(code: "NOT_NOW"\)'
    with pytest.raises(Missing, match=said):
        deployment.access.issue_token(device)
    assert device.access_token == "old"


def test_a_sign_in_that_opens_nothing_is_told(deployment: Deployment, backend: FakeBackend, ann: Person) -> None:
    deployment.sessions.open_account(ann)
    backend.routes[f"POST {AUTH}/sign-in/email"] = lambda _: Answer(200, {})
    with pytest.raises(NotSignedIn, match=r"after signing in with the right password Ann's phone"):
        deployment.sessions.sign_in_verified(ann.device("phone"))


def test_signing_out_leaves_nothing_on_the_device(
    deployment: Deployment, backend: FakeBackend, ann: Person
) -> None:
    device = deployment.sessions.open_account(ann)
    deployment.access.access_token(device)
    deployment.sessions.sign_out(device)
    assert (device.access_token, device.jar.find(COOKIE, WEB), backend.sessions) == (None, None, {})


def test_every_asking_is_counted_by_its_name(deployment: Deployment, ann: Person) -> None:
    device = deployment.sessions.open_account(ann)
    deployment.sessions.sign_in(device)
    assert (deployment.asked["sign_up"], deployment.asked["sign_in"]) == (1, 1)


# --- what a device presents ---


def test_a_captured_session_is_the_session_alone_and_stays_as_it_was(
    deployment: Deployment, backend: FakeBackend, ann: Person
) -> None:
    device = deployment.sessions.open_account(ann)
    device.jar.store([f"{COOKIE}_cache=x; Path=/"], WEB)
    captured = deployment.access.captured_session(device)
    deployment.sessions.sign_out(device)
    assert list(captured.cookies) == [COOKIE]
    assert deployment.identity.who_is(captured, "a thief") is None
    assert set(deployment.access.whole_jar(device).cookies) == {f"{COOKIE}_cache"}


CACHES = f'[credentials.session]\ncache_cookies = ["{COOKIE}_cache"]\n'


def test_who_looks_leaves_out_what_only_caches(client: FakeClient, ann: Person) -> None:
    deployment = with_profile(client, CACHES)
    device = deployment.sessions.open_account(ann)
    device.jar.store(
        [f"{COOKIE}_cache=x; Path=/", f"__Secure-{COOKIE}_cache.1=y; Path=/; Secure", "b=c; Path=/"], WEB
    )
    looks = [deployment.access.browser_session(device), deployment.access.sent_to(f"{WEB}/tasks", device)]
    assert [set(look.cookies) for look in looks] == [{COOKIE, "b"}] * 2
    assert len(deployment.access.whole_jar(device).cookies) == 4


def test_an_operation_that_reads_leaves_it_out_and_one_that_acts_does_not(client: FakeClient, ann: Person) -> None:
    deployment = with_profile(client, CACHES)
    device = deployment.sessions.open_account(ann)
    device.jar.store([f"{COOKIE}_cache=x; Path=/"], WEB)
    deployment.access.on_device("list_sessions", device, {})
    deployment.sessions.sign_out(device)
    read, acted = client.sent[-2:]
    assert (set(read.cookies), set(acted.cookies)) == ({COOKIE}, {COOKIE, f"{COOKIE}_cache"})


def test_a_token_at_hand_is_used_again(deployment: Deployment, client: FakeClient, ann: Person) -> None:
    device = deployment.sessions.open_account(ann)
    assert deployment.access.access_token(device) == deployment.access.access_token(device)
    assert len(sent_to(client, f"{AUTH}/token")) == 1


def test_a_token_about_to_end_is_asked_for_again(deployment: Deployment, client: FakeClient, ann: Person) -> None:
    device = deployment.sessions.open_account(ann)
    device.access_token = old = token(lives=1, lived=899)
    assert deployment.access.access_token(device) != old
    assert len(sent_to(client, f"{AUTH}/token")) == 1


def token(*, lives: float, lived: float) -> str:
    """A JWT that lives so many seconds more, and has lived so many."""
    now = time.time()
    return jwt.encode({"iat": now - lived, "exp": now + lives}, "x" * 40, "HS256")


@pytest.mark.parametrize(
    ("lives", "lived", "soon"),
    [(600, 0, False), (-1, 600, True), (2, 600, True), (3, 1, False), (1, 3, True)],
    ids=["fresh", "past", "at its end", "short-lived and fresh", "short-lived"],
)
def test_what_ends_soon(monkeypatch: pytest.MonkeyPatch, lives: float, lived: float, soon: bool) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_800_000_000.0)
    assert ends_soon(token(lives=lives, lived=lived)) is soon


@pytest.mark.parametrize(
    "held", [jwt.encode({"sub": "ann"}, "x" * 40, "HS256"), "opaque"], ids=["endless", "opaque"]
)
def test_what_has_no_end_does_not_end_soon(held: str) -> None:
    assert not ends_soon(held)


def test_no_token_where_the_profile_says_is_told(
    deployment: Deployment, backend: FakeBackend, ann: Person
) -> None:
    device = deployment.sessions.open_account(ann)
    backend.routes[f"GET {AUTH}/token"] = lambda _: NOBODY
    with pytest.raises(Missing, match="gave Ann's first device no access token where"):
        deployment.access.issue_token(device)


def test_a_deployment_without_tokens_says_so(client: FakeClient, ann: Person) -> None:
    credentials = PROFILE.credentials.model_copy(update={"token": None})
    profile: Profile = PROFILE.model_copy(update={"credentials": credentials})
    deployment = Deployment(Target(profile, WEB, API), client)
    with pytest.raises(Absent, match="declares no access token"):
        deployment.access.issue_token(ann.device("first device"))


def test_the_resource_is_opened_by_token_at_the_api_and_by_session_at_the_front_end(
    deployment: Deployment, ann: Person
) -> None:
    device = deployment.sessions.open_account(ann)
    assert PROFILE.tasks is not None
    assert PROFILE.proxy is not None
    api = deployment.access.resource_credential(device, PROFILE.tasks)
    proxy = deployment.access.resource_credential(device, PROFILE.proxy)
    assert (dict(api.headers), dict(api.cookies)) == ({"Authorization": f"Bearer {device.access_token}"}, {})
    assert (dict(proxy.headers), list(proxy.cookies)) == ({}, [COOKIE])


# --- pages ---


@pytest.mark.parametrize(
    ("status", "location", "leads"),
    [
        (302, "/signin?next=/tasks", True),
        (303, f"{WEB}/signin", True),
        (302, "/tasks", False),
        (200, "/signin", False),
    ],
)
def test_what_leads_to_signing_in(
    deployment: Deployment, client: FakeClient, status: int, location: str, leads: bool
) -> None:
    client.server = lambda _: Answer(status, "", [("Location", location)])
    exchange = client.send("Ann", "GET", f"{WEB}/tasks")
    assert deployment.to_sign_in(exchange) is leads


def test_a_page_is_asked_for_as_a_browser_does(deployment: Deployment, client: FakeClient, ann: Person) -> None:
    device = ann.device("first device")
    deployment.visit(device, "/signin")
    assert client.sent[-1].url == f"{WEB}/signin"
    deployment.page("/tasks", "Ann", deployment.access.browser_session(device))
    assert "text/html" in (client.sent[-1].header("accept") or "")
    deployment.page("/tasks", "Ann", deployment.access.browser_session(device), (("accept", "*/*"),))
    assert client.sent[-1].header("accept") == "*/*"


@pytest.mark.parametrize(
    ("path", "sent"),
    [("/api/tasks", {"for the tasks", COOKIE}), ("/elsewhere", {COOKIE})],
    ids=["where the tasks are", "elsewhere"],
)
def test_tasks_get_the_cookies_of_their_own_address(
    deployment: Deployment, ann: Person, path: str, sent: set[str]
) -> None:
    device = deployment.sessions.open_account(ann)
    device.jar.store([f"for the tasks=x; Path={path}"], WEB)
    assert PROFILE.proxy is not None
    assert set(deployment.access.resource_credential(device, PROFILE.proxy).cookies) == sent


def test_tasks_that_no_browser_sends_a_cookie_to_get_the_session(deployment: Deployment, ann: Person) -> None:
    device = deployment.sessions.open_account(ann)
    (own,) = device.jar.alive
    device.jar.clear()
    device.jar.store([f"{COOKIE}={own.value}; Path=/api/auth"], f"{WEB}/api/auth/sign-in/email")
    assert PROFILE.proxy is not None
    assert deployment.access.resource_credential(device, PROFILE.proxy).cookies == {COOKIE: own.value}

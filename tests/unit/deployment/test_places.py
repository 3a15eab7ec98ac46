"""Each place knows how it is asked for, when it opened, and what says no there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from harness.core.errors import Absent
from harness.core.exchange import Exchange
from harness.core.findings import HarnessError, Unmet
from harness.deployment.credential import Credential
from harness.deployment.deployment import Deployment
from harness.deployment.errors import Indistinct
from harness.deployment.people import Person, PersonFactory
from harness.deployment.places import PLACES, Places
from harness.deployment.protected_page import ProtectedPage
from harness.profile.loader import load_profile
from harness.profile.target import Target
from tests.support.fake_client import API, WEB, Answer, FakeClient, Sent

PROFILE = load_profile("reference")
COOKIE = Credential("a copy of Ann's session", {"sid": "1"})


@pytest.fixture
def ann() -> Person:
    return PersonFactory(PROFILE.people, 1).person("Ann")


def places(server: Callable[[Sent], Answer], **changes: Any) -> tuple[Places, FakeClient]:
    client = FakeClient(server)
    profile = PROFILE.model_copy(update=changes)
    return Places(Deployment(Target(profile, WEB, API), client)), client


def opening(word: str, ann: Person) -> Answer:
    """The answer with which a place opens to Ann."""
    if word == "session endpoint":
        return Answer(200, {"user": {"email": ann.email.upper()}})
    return Answer(200, {"token": "a.b.c"} if word == "token endpoint" else f"Hello, {ann.canary}")


WHERE = {
    "session endpoint": ("GET", f"{WEB}/api/auth/get-session"),
    "token endpoint": ("GET", f"{WEB}/api/auth/token"),
    "protected page": ("GET", f"{WEB}/tasks"),
    "task list": ("GET", f"{WEB}/api/tasks"),
    "tasks at the API": ("GET", f"{API}/api/tasks"),
}


def test_every_place_is_looked_at_here() -> None:
    assert list(WHERE) == list(PLACES)


@pytest.mark.parametrize("word", list(PLACES))
def test_a_place_is_asked_for_at_its_address_with_the_credential(word: str, ann: Person) -> None:
    found, client = places(lambda _: opening(word, ann))
    exchange = found[word].open("Ann", COOKIE, ann)
    assert (client.sent[0].method, client.sent[0].url) == WHERE[word]
    assert found[word].url(ann) == WHERE[word][1]
    assert client.sent[0].cookies == {"sid": "1"}
    assert found[word].opened(exchange, ann)


@pytest.mark.parametrize("word", list(PLACES))
@pytest.mark.parametrize("answer", [Answer(401), Answer(200, "null"), Answer(500), Answer(302)])
def test_what_shows_nothing_of_the_owner_has_not_opened(word: str, answer: Answer, ann: Person) -> None:
    found, _ = places(lambda _: answer)
    exchange = found[word].open("Bob", COOKIE, ann)
    assert not found[word].opened(exchange, ann)
    with pytest.raises((Unmet, Indistinct)) as unmet:
        found[word].control("Ann", COOKIE, ann)()
    if isinstance(unmet.value, Unmet):
        where = " /tasks" if word == "protected page" else ""
        assert unmet.value.expected == f"that a copy of Ann's session opens the {word}{where}"
    else:
        assert (word, answer.status) == ("protected page", 200)


def answered(status: int, *headers: tuple[str, str], body: bytes = b"") -> Exchange:
    return Exchange("Bob", "GET", WEB, [], b"", status, headers, body, 0.0)


TO_SIGN_IN = answered(302, ("Location", "/signin?next=/tasks"))


@pytest.mark.parametrize(
    ("word", "exchange", "says_no"),
    [
        ("session endpoint", answered(200, body=b"null"), True),
        ("session endpoint", answered(200, body=b'{"user": {"email": "x@example.com"}}'), False),
        ("session endpoint", TO_SIGN_IN, False),
        ("token endpoint", answered(401), True),
        ("token endpoint", TO_SIGN_IN, False),
        ("protected page", TO_SIGN_IN, True),
        ("protected page", answered(200, body=b"a shell"), True),
        ("protected page", answered(500), False),
        ("task list", TO_SIGN_IN, True),
        ("task list", answered(302, ("Location", "/elsewhere")), False),
        ("tasks at the API", answered(404), True),
    ],
)
def test_what_says_no(word: str, exchange: Exchange, says_no: bool) -> None:
    found, _ = places(lambda _: Answer())
    assert found[word].refuses(exchange) is says_no


@pytest.mark.parametrize(
    ("word", "missing", "sentence"),
    [
        ("protected page", "pages", "The profile declares no pages."),
        ("task list", "proxy", "The profile declares no tasks that the session opens."),
        ("tasks at the API", "tasks", 'The profile declares no section "tasks".'),
    ],
)
def test_what_the_profile_does_not_declare_is_absent(word: str, missing: str, sentence: str, ann: Person) -> None:
    found, client = places(lambda _: Answer(), **{missing: None})
    assert found[word].absence == sentence
    with pytest.raises(Absent, match=sentence):
        found[word].open("Ann", COOKIE, ann)
    assert client.sent == []


def test_no_endpoint_gives_tokens_where_sign_in_does(ann: Person) -> None:
    token = PROFILE.credentials.token
    assert token is not None
    handed_out = token.model_copy(update={"issued_by": "sign_in"})
    found, _ = places(lambda _: Answer(), credentials=PROFILE.credentials.model_copy(update={"token": handed_out}))
    assert found["token endpoint"].absence == "The profile declares no endpoint where a session gets a token."


def test_an_attempt_knows_what_it_has_done(ann: Person) -> None:
    found, _ = places(lambda _: opening("token endpoint", ann))
    attempt = found["token endpoint"].attempt("Bob", COOKIE, ann, "Bob asking")
    assert attempt.key == "token endpoint"
    assert attempt.effect() == "it opened the token endpoint"
    assert attempt.hidden == tuple(ann.canaries)


def test_another_page_is_protected_too(ann: Person) -> None:
    found, client = places(lambda _: Answer(200, "a shell"))
    page = ProtectedPage(found.deployment, asked="/tasks/")
    attempt = page.attempt("Bob", COOKIE, ann, "Bob asking", [("RSC", "1")])
    assert client.sent[0].url == f"{WEB}/tasks/"
    assert (client.sent[0].header("rsc"), client.sent[0].header("accept")) == (
        "1",
        "text/html,application/xhtml+xml",
    )
    assert attempt.effect() is None


def test_an_unknown_place_is_our_error() -> None:
    found, _ = places(lambda _: Answer())
    with pytest.raises(HarnessError, match='there is no place called "lobby"'):
        found["lobby"]

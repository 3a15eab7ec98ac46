"""The documented stack's own defect is told in plain words: who refuses, and what it was given."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.core.findings import Unmet
from harness.deployment.deployment import Deployment
from harness.deployment.people import PersonFactory
from harness.deployment.tasks.checks import TaskApi
from harness.profile.loader import load_profile
from harness.profile.target import Target
from tests.support.fake_backend import AUTH, SECRET, UNAUTHENTICATED, FakeBackend
from tests.support.fake_client import API, WEB, Answer, FakeClient, Sent

PROFILE = load_profile("reference")
NO_JWT = Answer(401, {"detail": "Token validation failed: Not enough segments"})


def came(backend: FakeBackend, api: str = API) -> tuple[str, FakeClient]:
    """Why Ann can't make a task through the front end, and what was sent."""
    client = FakeClient(backend)
    proxy = TaskApi(Deployment(Target(PROFILE, WEB, api, SECRET), client), "proxy")
    ann = PersonFactory(PROFILE.people, 1).person("Ann")
    proxy.deployment.sessions.open_account(ann)
    client.transcript.step = "When Ann calls the front end"
    with pytest.raises(Unmet) as failed:
        proxy.make(ann)
    return failed.value.came, client


def forwarding(backend: FakeBackend, *, at_api: Answer = NO_JWT) -> FakeBackend:
    """The front end passes on what the API refuses; the session endpoint shows what that is."""

    def tasks(sent: Sent) -> Answer:
        if sent.url.startswith(API):
            return at_api
        return NO_JWT if backend.signed_in(sent) else UNAUTHENTICATED

    for route in ("GET /api/tasks", "POST /api/tasks"):
        backend.routes[route] = tasks
    return backend


def test_what_is_forwarded_is_no_jwt() -> None:
    backend = forwarding(FakeBackend())
    session = backend.session

    def with_token(sent: Sent) -> Answer:
        said = session(sent)
        token = {"session": {"token": "AJMzbnf5KmHvvoXPV8MgdN4O8EgISG9O"}}
        return replace(said, body={**said.body, **token}) if said.body else said

    backend.routes[f"GET {AUTH}/get-session"] = with_token
    said, client = came(backend)
    assert said == (
        'it was answered 401 (detail: "Token validation failed: Not enough segments"); the front end knows Ann, '
        'for an anonymous client gets 401 (message: "Unauthorized"); it forwards a session token that is no JWT: '
        "the API says the same to any such token"
    )
    beside = [step for step, exchange in client.transcript.entries if exchange.who != "Ann"]
    assert set(beside[-2:]) == {"(why it was refused)"}
    assert client.transcript.step == "When Ann calls the front end"


def test_without_a_session_token_in_sight_it_is_a_token() -> None:
    said, _ = came(forwarding(FakeBackend()))
    assert said.endswith("; it forwards a token that is no JWT: the API says the same to any such token")


@pytest.mark.parametrize("one_address", [False, True])
def test_where_the_api_says_otherwise_nothing_is_said_of_it(one_address: bool) -> None:
    backend = forwarding(FakeBackend(), at_api=Answer(403, "no"))
    said, _ = came(backend, WEB if one_address else API)
    assert said.endswith('gets 401 (message: "Unauthorized"); what it passes on is refused behind it')


def test_a_front_end_that_knows_nobody_is_told() -> None:
    backend = FakeBackend()
    backend.routes["GET /api/tasks"] = backend.routes["POST /api/tasks"] = lambda _: UNAUTHENTICATED
    said, _ = came(backend)
    assert said == (
        'it was answered 401 (message: "Unauthorized"); so is an anonymous client, so the front end does not know '
        "Ann"
    )


def test_another_refusal_is_not_explained() -> None:
    backend = FakeBackend()
    backend.routes["POST /api/tasks"] = lambda _: Answer(403, {"message": "Invalid origin"})
    assert came(backend)[0] == 'it was answered 403 (message: "Invalid origin")'

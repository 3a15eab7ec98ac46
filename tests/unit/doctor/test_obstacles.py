"""What answers in a deployment's place is named, with what came and what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from harness.core.exchange import Exchange
from harness.deployment.deployment import Deployment
from harness.doctor.examination import Examination
from harness.doctor.findings import Unusable
from harness.doctor.obstacles import of_answer
from harness.profile.loader import load_profile
from harness.profile.target import Target
from tests.support.fake_backend import AUTH, HTML, SECRET, FakeBackend
from tests.support.fake_client import API, WEB, Answer, FakeClient, Sent

PROFILE = load_profile("reference")
SESSION = f"GET {AUTH}/get-session"
MOMENT = "<!doctype html><title>Just a moment...</title><script src=/cdn-cgi/x.js></script>"
SHELL = "<!doctype html><title>Shop</title><div id=root></div><script src=/app.js></script>"

Server = Callable[[Sent], Answer]


def unusable(server: Server) -> str:
    """Why a target can't be tested."""
    target = Target(PROFILE, WEB, API, SECRET)
    with pytest.raises(Unusable) as stopped:
        Examination(Deployment(target, FakeClient(server)), seed=1).run()
    return str(stopped.value)


def everywhere(answer: Answer) -> Server:
    return lambda _: answer


CASES: dict[str, tuple[Answer, str, str]] = {
    "a challenge for browsers": (
        Answer(403, MOMENT, [*HTML, ("cf-mitigated", "challenge")]),
        'was answered 403 (an HTML page, "Just a moment..."): a protection against bots answered in place of the',
        "Let the suite through it",
    ),
    "a challenge that is a success": (
        Answer(200, MOMENT, HTML),
        'was answered 200 (an HTML page, "Just a moment..."): a protection against bots answered in place',
        "Let the suite through it",
    ),
    "a challenge by another header": (
        Answer(405, "", [("x-amzn-waf-action", "captcha")]),
        "a protection against bots answered in place of the deployment (x-amzn-waf-action: captcha)",
        "Let the suite through it",
    ),
    "a block by an address": (
        Answer(403, "<title>Attention Required! | Shield</title>", HTML),
        'was answered 403 (an HTML page, "Attention Required! | Shield"): a protection against bots answered',
        "Let the suite through it",
    ),
    "a staging gate": (
        Answer(401, "Authorization Required", [("WWW-Authenticate", 'Basic realm="Staging"')]),
        'that was the 401 of a gate in front of the deployment (WWW-Authenticate: Basic realm="Staging")',
        "Let the suite through it by a header (reach.headers) or by this machine's address: its password and",
    ),
    "maintenance": (
        Answer(503, "<title>Back soon</title>", [*HTML, ("Retry-After", "3600")]),
        'was answered 503 (Retry-After: 3600; an HTML page, "Back soon"): it is down, or what stands in',
        "Run again when it is up.",
    ),
    "a server that is gone": (
        Answer(502, "Bad Gateway"),
        "was answered 502 (Bad Gateway): it is down, or",
        "Run ag",
    ),
    "a sign-in elsewhere": (
        Answer(302, "", [("Location", "https://login.example.com/authorize?client_id=1")]),
        "302 to https://login.example.com/authorize?client_id=1: it leads to another origin, https://login.example.com",
        "If the deployment is there, give --base-url https://login.example.com. A sign-in that another site",
    ),
    "a redirect to https": (
        Answer(301, "", [("Location", f"https://127.0.0.1:3443{AUTH}/get-session")]),
        "it leads to another origin, https://127.0.0.1:3443.",
        "give --base-url https://127.0.0.1:3443.",
    ),
    "a redirect within": (
        Answer(307, "", [("Location", "/signin")]),
        "was answered 307 to /signin, which is neither a signed-in user nor none",
        'write `outcomes.unauthenticated = { status = 307, location = "^/signin" }` in [operations.session].',
    ),
    "a redirect that adds a slash": (
        Answer(308, "", [("Location", f"{AUTH}/get-session/")]),
        f"was answered 308 to {AUTH}/get-session/: it leads to {AUTH}/get-session/.",
        "Write that path in the profile",
    ),
    "a front end's page": (
        Answer(200, SHELL, HTML),
        'was answered 200 (an HTML page, "Shop"): a page and no JSON: a front end that serves its page for every',
        "Correct the operation's path, or its `base`",
    ),
    "GraphQL": (
        Answer(200, {"errors": [{"message": "Must provide query string."}]}),
        "a success that holds a list of errors, as GraphQL answers.",
        '`outcomes.unauthenticated = { status = 200, pointer = "/errors", present = true }`',
    ),
    "nothing that is known": (
        Answer(404, {"message": "no such route"}),
        'was answered 404 (message: "no such route"), which is neither a signed-in user nor none',
        "Is --base-url the address of pages and sign-in, and --target the right profile?",
    ),
}


@pytest.mark.parametrize("kind", CASES)
def test_each_kind_has_its_sentence_and_its_remedy(kind: str) -> None:
    answer, what, remedy = CASES[kind]
    said = unusable(everywhere(answer))
    assert said.startswith(f"GET {AUTH}/get-session ")
    assert what in said
    assert remedy in said


@pytest.mark.parametrize("kind", ["a challenge for browsers", "a staging gate", "maintenance", "GraphQL"])
@pytest.mark.parametrize("path", ["sign-up/email", "sign-in/email"])
def test_what_stands_in_front_of_sign_up_or_sign_in_is_told(kind: str, path: str) -> None:
    answer, what, _ = CASES[kind]
    backend = FakeBackend()
    backend.routes[f"POST {AUTH}/{path}"] = everywhere(answer)
    said = unusable(backend)
    if kind == "GraphQL":
        assert "200" in said
    else:
        assert what in said


@pytest.mark.parametrize(
    "answer",
    [
        Answer(401, {"message": "Unauthorized"}, [("WWW-Authenticate", 'Bearer realm="api"')]),
        Answer(403, "<title>Forbidden</title>", HTML),
        Answer(200, None),
    ],
    ids=["a challenge of its own kind", "a page that refuses", "nobody"],
)
def test_a_deployment_that_says_so_itself_has_nothing_in_front(answer: Answer) -> None:
    backend = FakeBackend()
    original = backend.routes[SESSION]
    backend.routes[SESSION] = lambda sent: original(sent) if backend.signed_in(sent) else answer
    findings = examined(backend)
    assert any(
        sentence.startswith(f"{SESSION} says that an anonymous client is not signed in: ") for sentence in findings
    )


def examined(server: Server, **changes: Any) -> list[str]:
    """What the doctor says of a target that can be tested."""
    target = Target(PROFILE.model_copy(update=changes), WEB, API, SECRET)
    return [one.sentence for one in Examination(Deployment(target, FakeClient(server)), seed=1).run()]


def test_a_gate_is_no_gate_where_the_profile_s_token_is_asked_for_so() -> None:
    backend = FakeBackend()
    token = PROFILE.credentials.token
    assert token is not None
    basic = PROFILE.credentials.model_copy(update={"token": token.model_copy(update={"scheme": "Basic"})})
    original = backend.routes[SESSION]
    challenge = Answer(401, {}, [("WWW-Authenticate", "Basic")])
    backend.routes[SESSION] = lambda sent: original(sent) if backend.signed_in(sent) else challenge
    assert any(
        "says that an anonymous client is not signed in" in one for one in examined(backend, credentials=basic)
    )


def test_a_front_page_elsewhere_is_a_doubt() -> None:
    backend = FakeBackend()
    backend.routes["GET /"] = everywhere(Answer(301, "", [("Location", "https://www.example.com/")]))
    told = examined(backend)
    assert f"{WEB} answers (--base-url): 301 to https://www.example.com/" in told
    doubt = "leads to https://www.example.com. If the deployment is there, give --base-url https://www.example.com"
    assert f"{WEB}/ {doubt}" in told


@pytest.mark.parametrize(
    ("location", "what"),
    [("http://[", "it is a redirect to what is no address"), ("/elsewhere", "it leads to /elsewhere")],
)
def test_where_a_redirect_leads_is_told(location: str, what: str) -> None:
    answer = Exchange("Ann", "POST", f"{WEB}/x", (), b"", 302, [("Location", location)], b"", 0.0)
    found = of_answer(answer, Target(PROFILE, WEB, API, SECRET))
    assert found is not None
    assert found.what == what

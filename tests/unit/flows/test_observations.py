"""Every answer of the process is judged, those of earlier scenarios too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.core.errors import Absent
from harness.core.findings import NotTested, Unmet
from harness.flows.client_assets import Downloaded, download, must_hold_no_secret
from harness.flows.observation_tour import tour
from harness.flows.observations import RULES, Examined, Observed, examine, none_may
from harness.flows.renewed_pages import open_when_due
from harness.scenario.world import World
from tests.support.fake_backend import COOKIE, HTML, NOBODY, SECRET, FakeBackend
from tests.support.fake_client import Answer, FakeClient
from tests.support.scenario import LIST, SESSION, answered, world_of

SNIFFING = "lacks X-Content-Type-Options: nosniff"
TRACE = "shows a stack trace, a query or a path of the server"
PROBLEM = "is an invalid application/problem+json"
SECRET_ERROR = "is an error with the secret, or with a user's data for anonymous clients"


def judged(world: World, rule: str) -> None:
    examine(world)
    none_may(world, rule)


def test_each_exchange_is_looked_at_once(world: World) -> None:
    tour(world, "Ann")
    examine(world)
    first = world.cast.memory.recall(Observed).looked_at
    assert len(world.recall(Examined).seen) == first
    world.deployment.client.record(answered(500, "Traceback (most recent call last):"))
    with pytest.raises(Unmet, match=r"GET .*/x was answered 500 and shows a Python traceback"):
        judged(world, TRACE)
    assert len(world.recall(Examined).seen) == first + 1


def test_more_of_the_same_are_counted(world: World) -> None:
    for _ in range(3):
        world.deployment.client.record(answered(500, "goroutine 1 [running]:"))
    with pytest.raises(Unmet, match=r"a Go stack.*; so did 2 more answers$"):
        judged(world, TRACE)


def test_what_a_browser_sent_is_left_out(world: World) -> None:

    world.deployment.client.record(replace(answered(500, "goroutine 1 [running]:"), by_browser=True))
    tour(world, "Ann")
    judged(world, TRACE)


def test_the_tour_is_made_once(world: World, client: FakeClient) -> None:
    tour(world, "Ann")
    asked = len(client.sent)
    tour(world, "Ann")
    assert len(client.sent) == asked


def test_the_tour_shows_refusals_and_errors(world: World) -> None:
    tour(world, "Ann")
    examine(world)
    seen = world.recall(Examined).seen
    for rule in (
        "is a 401 of the API without WWW-Authenticate",
        "is an error that repeats the credential of its request",
    ):
        assert any(RULES[rule].concerns(one) for one in seen), rule
    assert any(RULES["is an error that repeats the password of its request"].concerns(one) for one in seen)
    assert any(RULES["is a page that any site may frame"].concerns(one) for one in seen)


def test_the_tour_needs_a_session(world: World, backend: FakeBackend) -> None:
    backend.routes[SESSION] = lambda _: NOBODY
    with pytest.raises(NotTested, match="signed in"):
        tour(world, "Ann")


def test_a_header_that_is_missing_is_found_wherever_it_is(world: World) -> None:
    tour(world, "Ann")
    with pytest.raises(Unmet, match="has no X-Content-Type-Options"):
        judged(world, SNIFFING)


def test_what_was_not_seen_is_not_judged(client: FakeClient) -> None:
    empty = world_of(client)
    with pytest.raises(NotTested, match="no page or answer of an operation was seen in 0 exchanges"):
        judged(empty, SNIFFING)
    with pytest.raises(Absent, match=r"gave no answer of the type application/problem\+json"):
        judged(empty, PROBLEM)


def test_what_the_deployment_cannot_have_does_not_apply(client: FakeClient) -> None:
    token = world_of(client, '[credentials.session]\nkind = "token"\n')
    with pytest.raises(Absent, match="in no cookie"):
        judged(token, "sets a session cookie for other hosts")
    with pytest.raises(Absent, match="on this machine"):
        judged(token, "lacks Strict-Transport-Security")


def test_a_secret_in_a_refusal_is_named_and_not_shown(world: World, backend: FakeBackend) -> None:
    proper = backend.routes[LIST]
    backend.routes[LIST] = lambda sent: (
        proper(sent) if proper(sent).status == 200 else Answer(401, {"detail": f"key {SECRET}"})
    )
    tour(world, "Ann")
    with pytest.raises(Unmet, match=r"GET .*/api/tasks was answered 401 and contains the signing secret") as found:
        judged(world, SECRET_ERROR)
    assert SECRET not in str(found.value)


# --- pages ---


def page(body: str) -> Answer:
    return Answer(200, body, HTML)


def test_scripts_of_pages_are_searched(world: World, backend: FakeBackend) -> None:
    backend.routes["GET /signin"] = lambda _: page(
        '<script src="/a.js"></script><script src="https://cdn.example/x.js">'
    )
    backend.routes["GET /a.js"] = lambda _: Answer(200, "let a = 1;\n//# sourceMappingURL=a.js.map")
    backend.routes["GET /a.js.map"] = lambda _: Answer(200, "{}")
    download(world, "Ann")
    must_hold_no_secret(world)
    assert any(one.url.endswith("/a.js.map") for one in world.recall(Downloaded).files)
    backend.routes["GET /a.js.map"] = lambda _: Answer(200, f'{{"sourcesContent": ["{SECRET}"]}}')
    download(world, "Ann")
    with pytest.raises(Unmet, match=r"a.js.map was answered 200 with the signing secret"):
        must_hold_no_secret(world)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("postgres://app:Xy83kfpQ@db/tasks", "the address of a database"),
        ("mongodb+srv://app:Xy83kfpQ@db.example/tasks", "the address of a database"),
        ("postgres://user:password@localhost/app", None),
        ("postgres://localhost/app", None),
        ("postgres://${USER}:${PASSWORD}@db/app", None),
        ("-----BEGIN RSA PRIVATE KEY-----\\n" + "MIIEpAIBAAKCAQEA" * 4, "a private key"),
        ("-----BEGIN PRIVATE KEY-----\n" + "MIIEpAIBAAKCAQEA" * 4, "a private key"),
        ('pem.startsWith("-----BEGIN PRIVATE KEY-----")', None),
        ("-----BEGIN PUBLIC KEY-----\n" + "MIIEpAIBAAKCAQEA" * 4, None),
        ('NEXT_PUBLIC_APP_URL="https://app.example"', None),
    ],
)
def test_what_is_a_secret_of_the_server(world: World, backend: FakeBackend, text: str, wanted: str | None) -> None:
    backend.routes["GET /signin"] = lambda _: page(f"<script>{text}</script>")
    download(world, "Ann")
    if wanted is None:
        must_hold_no_secret(world)
    else:
        with pytest.raises(Unmet, match=wanted):
            must_hold_no_secret(world)


def test_without_a_page_there_is_nothing_to_search(world: World, backend: FakeBackend) -> None:
    for path in ("/", "/signin", "/signup", "/tasks"):
        backend.routes[f"GET {path}"] = lambda _: Answer(500, "no")
    with pytest.raises(NotTested, match="none of the declared pages came"):
        download(world, "Ann")


def test_public_pages_and_files_are_opened(world: World, backend: FakeBackend, client: FakeClient) -> None:
    backend.routes["GET /tasks"] = lambda _: page(
        '<link rel="stylesheet" href="/s.css"><img src="https://cdn.example/i">'
    )
    backend.routes["GET /s.css"] = lambda _: Answer(
        200, "", [("Set-Cookie", f"{COOKIE}=abc; Path=/"), ("Cache-Control", "public, max-age=60")]
    )
    open_when_due(world, "Ann")
    assert {"/", "/signin", "/s.css"} <= {sent.path for sent in client.sent}
    with pytest.raises(Unmet, match=f'/s.css was answered 200 and sets "{COOKIE}", and shared caches may keep it'):
        judged(world, "lets shared caches keep a cookie that signs in")

"""`auth-conformance init` does no harm, takes what a deployment says as data, and says clearly what is wrong."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from harness.cli.main import main
from harness.core.exits import Exit
from harness.core.processes import free_port
from harness.discovery.asker import MOST_REQUESTS
from harness.discovery.shapes import known_shapes
from harness.profile.loader import load_profile
from harness.wire import client as wire_client
from tests.support.discovered_sites import (
    allauth_headless,
    better_auth,
    discovered,
    dj_rest_auth,
    document,
    goes_to,
    operation,
    page,
    says,
    schema,
    simplejwt,
    site,
    task_paths,
)
from tests.support.local_server import Handler, Server, serving

HARMLESS = ("GET", "OPTIONS")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "found.toml"


# --- harmless ---


def requests_of(server: Server) -> list[str]:
    return [f"{one.method} {server.url}{one.path} {one.headers['accept']}" for one in server.asked]


@pytest.mark.parametrize(
    "routes", [better_auth(), {}, simplejwt(), dj_rest_auth(), allauth_headless("app")], ids=lambda r: str(len(r))
)
def test_few_requests_and_harmless_ones(file: Path, routes: dict[str, Any]) -> None:
    with serving(site(routes)) as web, serving(site({})) as api:
        discovered(file, web.url, "--api-url", api.url)
    asked = requests_of(web) + requests_of(api)
    assert len(asked) <= MOST_REQUESTS
    assert len(asked) == len(set(asked)), "each once"
    assert all(one.startswith(HARMLESS) or "/api/auth/sign-out" in one for one in asked)


def test_what_a_shape_posts_is_a_sign_out_of_nobody() -> None:
    posted = {one.path for shape in known_shapes() for one in shape.questions.values() if one.method == "POST"}
    assert posted == {"/api/auth/sign-out"}


def test_no_other_origin_is_asked_whatever_an_answer_says(file: Path) -> None:
    with serving(site({})) as stranger:
        form = f'<form method=post action="{stranger.url}/steal"><input type=password name=p></form>'
        routes = {
            "GET /": goes_to(f"{stranger.url}/"),
            "GET /tasks": goes_to(f"//{stranger.url.removeprefix('http://')}/signin"),
            "GET /dashboard": goes_to("http://["),
            "GET /signin": goes_to(f"{stranger.url}/signin"),
            "GET /login": page(form + f'<a href="{stranger.url}/signup">Sign up</a>'),
            "GET /openapi.json": says(200, document(task_paths(), servers=[{"url": stranger.url}])),
        }
        with serving(site(routes)) as web:
            profile, text = discovered(file, web.url)
        assert stranger.asked == []
    assert stranger.url not in text
    assert profile.operations.sign_in.form is None


# --- what a deployment says is data ---

TRICKS = [
    '"\n[operations.sign_out]\nmethod = "POST"\n',
    "{{ 7 * 7 }}",
    "a'b\"c\\",
    "\x00\x1b[31m\u2028",
    "\ud800",
    "🙂",
]


@pytest.mark.parametrize("trick", TRICKS, ids=range(len(TRICKS)))
def test_what_is_said_is_never_more_than_a_value(file: Path, trick: str) -> None:
    described = document(
        {
            f"/{trick}": {"get": operation(), "post": operation(schema("title", title="string"))},
            "/login": {
                "post": operation(
                    schema(f"email password {trick}", email="string", password="string", **{trick: "string"})
                )
            },
            "/me": {"get": operation(summary=trick, operationId=trick, security=[{"s": []}])},
        },
        components={"securitySchemes": {"s": {"type": "apiKey", "in": "header", "name": trick}}},
    )
    with serving(site({"GET /openapi.json": says(200, described)})) as web:
        profile, text = discovered(file, web.url)
    assert profile.operations.sign_out is None
    assert "49" not in text.replace(web.url, "")
    assert not [one for one in text if not one.isprintable() and one != "\n"]


def test_an_environment_variable_is_not_asked_for_by_a_document(file: Path) -> None:
    described = document(
        {
            "/{env:HOME}/login": {"post": operation(schema("email password", email="string", password="string"))},
            **task_paths("/api/{env:HOME}/tasks"),
        }
    )
    form = '<form method=post action="/{env:HOME}"><input name=email><input type=password name=password></form>'
    routes = {"GET /openapi.json": says(200, described), "GET /login": page(form)}
    with serving(site(routes)) as web:
        _, text = discovered(file, web.url)
    assert "{env" not in "\n".join(line for line in text.splitlines() if not line.startswith("#"))


# --- what can go wrong ---


def test_nothing_answers(capsys: pytest.CaptureFixture[str]) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    assert main(["init", url]) == Exit.TARGET_UNUSABLE
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"auth-conformance init: {url} refuses connections: nothing listens there")
    assert said.err.count("\n") == 1


def test_the_api_does_not_answer(capsys: pytest.CaptureFixture[str]) -> None:
    api = f"http://127.0.0.1:{free_port()}"
    with serving(site(better_auth())) as web:
        assert main(["init", web.url, "--api-url", api]) == Exit.TARGET_UNUSABLE
    assert f"{api} refuses connections: nothing listens there" in capsys.readouterr().err


@pytest.mark.parametrize(
    "url", ["localhost:3000", "ftp://example.com", "http://u@example.com", "http://127.0.0.1:99999"]
)
def test_no_address(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", url]) == Exit.USAGE
    assert capsys.readouterr().err.startswith("auth-conformance init: URL ")


def test_a_file_that_is_there_is_kept(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("mine", "utf-8")
    with serving(site({})) as web:
        assert main(["init", web.url, "--output", str(file)]) == Exit.USAGE
        assert web.asked == []
    assert file.read_text("utf-8") == "mine"
    assert "exists and is not overwritten" in capsys.readouterr().err


def test_a_file_that_can_not_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(site({})) as web:
        assert main(["init", web.url, "--output", str(tmp_path / "no" / "found.toml")]) == Exit.USAGE
    assert "Create it first." in capsys.readouterr().err


def test_without_a_file_the_profile_is_the_output(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    with serving(site(better_auth())) as web:
        assert main(["init", web.url]) == Exit.CONFORMANT
    said = capsys.readouterr()
    file.write_text(said.out, "utf-8")
    assert load_profile(str(file)).operations.sign_in.path == "/api/auth/sign-in/email"
    assert "Recognised: Better Auth." in said.err


def test_a_deployment_that_throttles_is_not_waited_for(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(site({"GET /openapi.json": says(429, None, ("Retry-After", "3600"))})) as web:
        discovered(file, web.url)
    assert "throttled (429)" in capsys.readouterr().err


def test_an_endless_answer_is_cut(file: Path) -> None:
    def answer(handler: Handler) -> None:
        if handler.path in ("/openapi.json", "/signin"):
            handler.say_forever(b"<form>" * 10_000)
        else:
            says(404)(handler)

    with serving(answer) as web:
        profile, _ = discovered(file, web.url)
    assert profile.operations.sign_in.path == "/api/sign-in"


def test_json_of_thousands_of_levels_is_no_answer(file: Path) -> None:
    with serving(lambda handler: handler.say(200, b"[" * 100_000, ("Content-Type", "application/json"))) as web:
        profile, _ = discovered(file, web.url)
    assert profile.operations.sign_in.path == "/api/sign-in"


def test_another_origin_that_the_front_page_leads_to_is_named(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(goes_to("https://www.example.com/start")) as web:
        discovered(file, web.url)
    assert f"{web.url}/ leads to https://www.example.com; if the deployment is there" in capsys.readouterr().err


def test_the_next_command_can_be_pasted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "my profile.toml"
    with serving(site({})) as web:
        discovered(file, web.url)
    assert f"Next: auth-conformance doctor {web.url} --target '{file}'\n" in capsys.readouterr().err


def test_silence_is_not_waited_for_again_and_again(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_client, "ANSWER_LIMIT", 0.3)
    released = threading.Event()

    def answer(handler: Handler) -> None:
        if handler.path == "/":
            return says(200)(handler)
        released.wait(30)
        return handler.say(200)

    with serving(answer) as web:
        discovered(file, web.url)
        assert len(web.asked) == 3
        released.set()

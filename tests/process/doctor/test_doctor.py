"""The doctor says what is wrong with a target in one sentence, before anything is judged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from harness.cli.main import main
from harness.core.exits import Exit
from harness.core.processes import free_port
from harness.profile.loader import load_profile
from harness.reference.launch import reference_target
from tests.support.local_server import serving

VARIABLE = "AUTH_CONFORMANCE_JWT_SECRET"


@pytest.fixture(scope="module")
def backend() -> Iterator[tuple[str, str]]:
    """The reference backend's address and its signing secret."""
    with reference_target(load_profile("reference"), "embedded", None, {}) as (target, _):
        yield target.web, str(target.jwt_secret)


def _examined(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = main(["doctor", "--no-browser", *words])
    told = capsys.readouterr()
    return code, told.out + told.err


def test_a_target_that_fits_can_be_tested(
    backend: tuple[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, secret = backend
    monkeypatch.setenv(VARIABLE, secret)
    code, told = _examined(capsys, url, "--target", "reference")
    assert code == Exit.CONFORMANT, told
    assert "DOUBTFUL" not in told
    assert f"the secret in {VARIABLE} signed it" in told
    assert "ok        POST /api/tasks (tasks.create) makes something that is in Ann's list" in told
    assert "absent    no https: what needs it is not applicable" in told
    assert told.endswith("It can be tested.\n")


@pytest.mark.parametrize(
    ("secret", "doubt"),
    [
        (None, f"the shared secret was not given (set {VARIABLE}); what needs it will not be tested"),
        ("x" * 40, f"the secret in {VARIABLE} did not sign the JWT; what needs it will not be tested"),
    ],
    ids=["no secret", "a wrong secret"],
)
def test_a_doubt_stops_nothing(
    secret: str | None,
    doubt: str,
    backend: tuple[str, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    if secret is not None:
        monkeypatch.setenv(VARIABLE, secret)
    code, told = _examined(capsys, backend[0], "--target", "reference")
    assert code == Exit.CONFORMANT
    assert f"DOUBTFUL  {doubt}" in told


@pytest.mark.parametrize(
    ("create", "doubt"),
    [
        (
            'create = { method = "POST", path = "/api/tasks", json = { text = "{title}" } }',
            "POST /api/tasks (tasks.create) makes no task: it was answered 4",
        ),
        (
            'create = { method = "POST", path = "/api/tasks", json = { title = "{title}" } }\nid = "/number"',
            "POST /api/tasks (tasks.create) can't be used: POST /api/tasks was answered 201 with no id at tasks",
        ),
        (
            'create = { method = "POST", path = "/api/tasks", json = { title = "nothing new" } }',
            "POST /api/tasks (tasks.create) made something that is not in Ann's list",
        ),
        (
            'create = { method = "POST", path = "/api/tasks/{refresh_token}", json = { title = "{title}" } }',
            "POST /api/tasks/{refresh_token} (tasks.create) could not be tried: the profile asks for {refresh_to",
        ),
    ],
    ids=["a wrong body", "a wrong pointer", "no title", "an unknown value"],
)
def test_what_makes_no_task_is_a_doubt(
    create: str, doubt: str, backend: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = tmp_path / "mine.toml"
    profile.write_text(f'extends = "reference"\nproxy = false\n[tasks]\n{create}\n', "utf-8")
    code, told = _examined(capsys, backend[0], "--target", str(profile))
    assert code == Exit.CONFORMANT, told
    assert f"DOUBTFUL  {doubt}" in told


WRONG_PLACES = """
[operations]
sign_out.path = "/api/auth/logout"
refresh.path = "/api/auth/token/refresh"
update_user.path = "/api/auth/profile"
[tasks]
replace.path = "/api/todos/{task_id}"
[pages]
sign_up = "/register"
protected = ["/board"]
"""


def test_what_is_not_where_the_profile_says_is_a_doubt_with_what_to_write(
    backend: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = tmp_path / "mine.toml"
    profile.write_text(f'extends = "reference"\n{WRONG_PLACES}', "utf-8")
    code, told = _examined(capsys, backend[0], "--target", str(profile))
    assert code == Exit.CONFORMANT, told
    for name, section in (
        ("sign_out", "operations"),
        ("refresh", "operations"),
        ("update_user", "operations"),
        ("replace", "tasks"),
    ):
        assert f"was answered 404: it is not where {section}.{name} says. Correct its path in the profile" in told
        assert f"write `{name} = false` under [{section}]" in told
    assert "DOUBTFUL  GET /register (pages.sign_up) was answered 404" in told
    told_of_board = "/board was answered 404, to its owner and to an anonymous client: there is no such page"
    assert f"DOUBTFUL  {told_of_board}" in told
    assert "It can be tested, with 7 doubts." in told  # the seventh is that no secret was given


def test_another_name_for_the_same_server_is_told(
    backend: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    url = backend[0]
    other = f"http://localhost:{urlsplit(url).port}"
    code, told = _examined(capsys, other, "--target", "reference")
    assert code == Exit.TARGET_UNUSABLE
    assert f"sign-up from pages on {other} is refused (403) and from {url} it is not" in told
    assert f"Give --base-url {url}" in told


def test_the_wrong_profile_is_told(backend: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    code, told = _examined(capsys, backend[0], "--target", "better-auth")
    assert code == Exit.TARGET_UNUSABLE
    assert 'holds no cookie "better-auth.session_token" although signed in' in told
    assert "The cookies it holds: auth.session_token, auth.device." in told


def test_a_silent_api_is_told_from_a_silent_front_end(
    backend: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    code, told = _examined(capsys, backend[0], "--target", "reference", "--api-url", nobody)
    assert code == Exit.TARGET_UNUSABLE
    assert f"{nobody} (--api-url) refuses connections: nothing listens there" in told
    code, told = _examined(capsys, nobody, "--target", "reference", "--api-url", backend[0])
    assert code == Exit.TARGET_UNUSABLE
    assert f"{nobody} (--base-url) refuses connections: nothing listens there" in told


def test_swapped_and_wrong_addresses_are_told_apart(
    backend: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(lambda handler: handler.say(404)) as empty:
        code, told = _examined(capsys, empty.url, "--target", "reference", "--api-url", backend[0])
        assert code == Exit.TARGET_UNUSABLE
        assert f"is at {backend[0]} (--api-url) and not at {empty.url} (--base-url)" in told
        code, told = _examined(capsys, backend[0], "--target", "reference", "--api-url", empty.url)
        assert code == Exit.TARGET_UNUSABLE
        assert f"GET {empty.url}/api/tasks (tasks.list) was answered 404, while {backend[0]} has that path" in told


def test_a_profile_that_is_wrong_is_no_fault_of_the_target(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = tmp_path / "mine.toml"
    profile.write_text('extends = "reference"\n[operations.sign_in]\nmethd = "POST"\n', "utf-8")
    code, told = _examined(capsys, "http://127.0.0.1:1", "--target", str(profile))
    assert code == Exit.USAGE
    assert "mine.toml:3: " in told

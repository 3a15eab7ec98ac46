"""The line of the user's profile that a finding points to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.core.verdict import Verdict
from harness.profile.loader import chain_of
from harness.report.declared import Declarations, with_places
from harness.results.result import Place, Result
from tests.support.example_report import exchange, result

WEB, API = "https://tasks.example.com/app", "https://api.example.com"
PROFILE = """\
extends = "reference"

[operations.sign_in]
path = "/login"

[operations.sign_out]
path = "/sign-out"

[tasks]
read = { method = "GET", path = "/tasks/{task_id}" }
delete = { method = "DELETE", path = "/tasks/{task_id}" }
more = [{ method = "GET", path = "/tasks/export" }]

[proxy]
read = { method = "GET", path = "/tasks/{task_id}" }

[pages]
sign_in = "/login"
protected = ["/private", "/tasks/mine"]
"""


def found(url: str, method: str = "GET", **changed: Any) -> Result:
    """A finding that such a request decided."""
    return result(Verdict.FAIL, exchanges=[exchange(method=method, url=url, decides=True)], **changed)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One that has the profile in a folder; the suite runs in another."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "security").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "security" / "club.toml").write_text(PROFILE, "utf-8")
    monkeypatch.chdir(tmp_path / "elsewhere")
    return tmp_path


def declared(one: Result, name: str = "../security/club.toml") -> Place | None:
    return Declarations(chain_of(name), WEB, API).place_of(one)


ROUTES = {
    "an operation": (found(f"{WEB}/sign-out", "POST"), 6),
    "a page at an operation's address": (found(f"{WEB}/login"), 18),
    "that operation": (found(f"{WEB}/login", "POST"), 3),
    "a task of any id at the API": (found(f"{API}/tasks/0f-1?a=/login"), 10),
    "with the method": (found(f"{API}/tasks/0f-1", "DELETE"), 11),
    "with another method": (found(f"{API}/tasks/0f-1", "TRACE"), 10),
    "the same at the front end": (found(f"{WEB}/tasks/0f-1"), 15),
    "a route without a placeholder": (found(f"{API}/tasks/export"), 12),
    "the second of several pages": (found(f"{WEB}/tasks/mine"), 19),
    "what is inherited": (found(f"{WEB}/api/auth/change-password", "POST"), 1),
    "no declared route": (found(f"{WEB}/.env"), 1),
    "what is above the base": (found("https://tasks.example.com/sign-out", "POST"), 1),
    "no request, in the browser": (result(Verdict.FAIL, feature="browser-signin"), 17),
    "no request": (result(Verdict.ERROR), 1),
}


@pytest.mark.parametrize(("one", "line"), ROUTES.values(), ids=list(ROUTES))
def test_a_finding_points_to_the_route_that_decided(repository: Path, one: Result, line: int) -> None:
    assert declared(one) == Place(file="security/club.toml", line=line)


def test_a_route_of_an_auth_server_of_its_own_is_found(repository: Path) -> None:
    profile = PROFILE.replace('path = "/sign-out"', 'path = "/sign-out"\nbase = "auth"')
    (repository / "security" / "club.toml").write_text(profile, "utf-8")
    declarations = Declarations(chain_of("../security/club.toml"), WEB, API, "https://auth.example.com")
    place = declarations.place_of(found("https://auth.example.com/sign-out", "POST"))
    assert place == Place(file="security/club.toml", line=6)


def test_the_last_request_that_fits_a_route_decides(repository: Path) -> None:
    asked = [exchange(url=f"{WEB}{path}", method="POST", decides=True) for path in ("/login", "/sign-out", "/odd")]
    place = declared(result(Verdict.FAIL, exchanges=[*asked, exchange(url=f"{WEB}/login", method="POST")]))
    assert place == Place(file="security/club.toml", line=6)


def test_a_profile_between_is_pointed_into_too(repository: Path) -> None:
    (repository / "mine.toml").write_text('title = "Ours"\nextends = "security/club.toml"\n', "utf-8")
    assert declared(found(f"{WEB}/sign-out", "POST"), "../mine.toml") == Place(file="security/club.toml", line=6)
    inherited = found(f"{WEB}/api/auth/change-password", "POST")
    assert declared(inherited, "../mine.toml") == Place(file="security/club.toml", line=1)


def test_without_a_repository_the_folder_of_the_run_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    for folder in (tmp_path, tmp_path / "here"):
        (folder / "club.toml").write_text(PROFILE, "utf-8")
    monkeypatch.chdir(tmp_path / "here")
    one = found(f"{WEB}/sign-out", "POST")
    assert declared(one, "club.toml") == Place(file="club.toml", line=6)
    assert declared(one, "../club.toml") is None
    assert declared(one, str(tmp_path / "here" / "club.toml")) == Place(file="club.toml", line=6)


def test_what_is_built_in_is_nowhere(repository: Path) -> None:
    assert declared(found(f"{WEB}/api/auth/sign-out", "POST"), "reference") is None


def test_what_passed_has_no_place(repository: Path) -> None:
    declarations = Declarations(chain_of("../security/club.toml"), WEB, API)
    places = [one.declared for one in with_places([result(Verdict.PASS), result(Verdict.WARN)], declarations)]
    assert places[0] is None
    assert places[1] is not None

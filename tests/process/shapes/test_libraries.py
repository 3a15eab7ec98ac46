"""Real libraries run from the first command on, without a line of profile, and no correct one fails."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harness.profile.loader import parse_profile
from tests.process.shapes.libraries import is_of_npm, library
from tests.support.suite import Ended, run

CORE = ("-m", "core and not needs-browser", "-q")
FAILS = {
    # Whoever is signed in is sent away from the sign-in, and stays who they are. The session is one signed cookie,
    # and a copy of it outlives sign-out, which no profile declares. So no sign-out is a control for csrf- either.
    "flask_security": {
        "page-signed-out-session-is-refused",
        "session-fixation-planted-cookie-is-not-adopted",
        "signout-ends-captured-session",
        "signout-stops-new-tokens",
    },
    "dj_rest_auth": set(),
    "passport": set(),
    # The session is a token that no server keeps, and each look at it gives a later end: a copy lives on for ever.
    "authjs": {
        "page-signed-out-session-is-refused",
        "signout-ends-captured-session",
        "signout-stops-new-tokens",
    },
    "allauth_headless browser": set(),
    "allauth_headless app": set(),
}
"""What fails on each, and rightly."""
FOUND = {
    "flask_security": ("/register", "/login", "/api/me", "/api/items", "/logout"),
    "dj_rest_auth": (
        "/dj-rest-auth/registration/",
        "/dj-rest-auth/login/",
        "/dj-rest-auth/user/",
        "/api/items/",
        "/dj-rest-auth/logout/",
    ),
    "allauth_headless browser": (
        "/_allauth/browser/v1/auth/signup",
        "/_allauth/browser/v1/auth/login",
        "/_allauth/browser/v1/auth/session",
        "/api/items",
        "/_allauth/browser/v1/auth/session",
    ),
    "allauth_headless app": (
        "/_allauth/app/v1/auth/signup",
        "/_allauth/app/v1/auth/login",
        "/_allauth/app/v1/auth/session",
        "/api/items",
        "/_allauth/app/v1/auth/session",
    ),
    "passport": ("/signup", "/login/password", "/api/user", "/api/items", "/logout"),
    "authjs": ("/signup", "/auth/callback/credentials", "/auth/session", "/api/todos", "/auth/signout"),
}


def judged(url: str, folder: Path) -> Ended:
    return run(folder, "features", *CORE, "--base-url", url)


@pytest.mark.a_third_a_day
@pytest.mark.parametrize("name", FOUND)
def test_a_library_is_judged_by_the_first_command(name: str, tmp_path: Path) -> None:
    if is_of_npm(name) and shutil.which("npm") is None:
        pytest.skip("there is no npm here")
    with library(*name.split(), folder=tmp_path) as url:
        ended = judged(url, tmp_path / "report")
    report = ended.report
    failed = {one["identity"] for one in report["results"] if one["verdict"] in ("fail", "error")}
    assert failed == FAILS[name], ended.output
    assert report["verdicts"]["pass"] > 35, ended.output
    profile = parse_profile(report["target"]["found"]["toml"], name)
    assert profile.tasks is not None
    assert profile.operations.sign_out is not None
    known = profile.operations
    assert known.sign_out is not None
    paths = (
        known.sign_up.path,
        known.sign_in.path,
        known.session.path,
        profile.tasks.list.path,
        known.sign_out.path,
    )
    assert paths == FOUND[name]

"""The deployments in `examples/` run from the first command on, without a line of profile."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from harness.profile.loader import parse_profile
from tests.support.limits import LIMIT_SECONDS
from tests.support.suite import ROOT, Ended, run
from tests.support.uv import uv

OF_NPM = ("better-auth", "nextjs-better-auth")
UNTHROTTLED = {"RATE_LIMIT": "0"}
SETTINGS = {
    "better-auth": UNTHROTTLED,
    "better-auth without a proxy": {**UNTHROTTLED, "PROXY": "0"},
    "better-auth without routes to an item": {**UNTHROTTLED, "TASK_ROUTES": "collection"},
    "nextjs-better-auth": UNTHROTTLED,
    "fastapi-users by a token": {"AUTH": "jwt-bearer"},
    "fastapi-users by a cookie": {"AUTH": "jwt-cookie"},
    "fastapi-users by a token of its database": {"AUTH": "database-bearer"},
    "simplejwt": {},
}
"""How each is started, by what it is called here; the first word is its folder."""
VERBS = {"list", "create", "read", "replace", "update", "delete"}
COLLECTION = {"list", "create"}
FOUND = {
    "better-auth": ("cookie", VERBS, VERBS, "/signin"),
    "better-auth without a proxy": ("cookie", VERBS, None, "/signin"),
    "better-auth without routes to an item": ("cookie", COLLECTION, COLLECTION, "/signin"),
    "nextjs-better-auth": ("cookie", VERBS, COLLECTION, "/signin"),
    "fastapi-users by a token": ("token", VERBS, None, None),
    "fastapi-users by a cookie": ("cookie", VERBS, None, None),
    "fastapi-users by a token of its database": ("token", VERBS, None, None),
    "simplejwt": ("token", VERBS, None, None),
}
"""What holds the session, what can be done with tasks at the API and through a front end, and the sign-in page."""


@contextlib.contextmanager
def example(folder: str, settings: Mapping[str, str], log: Path) -> Iterator[tuple[str, ...]]:
    """The words by which the suite finds the running example."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COLUMNS", "PYTEST_"))}
    with (
        log.open("w", encoding="utf-8") as errors,
        subprocess.Popen(
            [sys.executable, str(ROOT / "examples" / folder / "serve.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=ROOT,
            env={**kept, "AUTH_CONFORMANCE_UV": uv(), **settings},
        ) as served,
    ):
        assert served.stdin is not None
        assert served.stdout is not None
        try:
            line = served.stdout.readline()
            assert line, log.read_text("utf-8")
            ready: dict[str, Any] = json.loads(line)
            api = ("--api-url", ready["api_url"]) if "api_url" in ready else ()
            yield ("--base-url", ready["base_url"], *api)
        finally:
            served.stdin.close()
            served.wait(LIMIT_SECONDS)


def judged(name: str, folder: Path) -> Ended:
    """A short run: sign-in, and whose tasks are whose."""
    with example(name.split()[0], SETTINGS[name], folder / "errors") as words:
        flows = [f"features/{flow}.feature" for flow in ("signin", "isolation", "tasks", "signout")]
        return run(folder / "report", *flows, "-m", "core and not needs-browser", "-q", *words)


@pytest.mark.a_third_a_day
@pytest.mark.parametrize("name", SETTINGS)
def test_an_example_is_judged_by_the_first_command(name: str, tmp_path: Path) -> None:
    if name.split()[0] in OF_NPM and shutil.which("npm") is None:
        pytest.skip("there is no npm here")
    ended = judged(name, tmp_path)
    report = ended.report
    failed = {one["identity"] for one in report["results"] if one["verdict"] in ("fail", "error")}
    assert not failed, ended.output
    assert report["verdicts"]["pass"] > 12, ended.output
    assert not any(one["blocker"] == "unfit" for one in report["results"] if one["verdict"] == "not tested")
    profile = parse_profile(report["target"]["found"]["toml"], name)
    assert profile.tasks is not None
    verbs = [
        {verb for verb in VERBS if getattr(one, verb) is not None} if one is not None else None
        for one in (profile.tasks, profile.proxy)
    ]
    sign_in = profile.pages.sign_in if profile.pages is not None else None
    assert (profile.credentials.session.kind, *verbs, sign_in) == FOUND[name]

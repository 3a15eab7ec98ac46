"""The script of a finding shows it again on the backend that has the fault, and not on one without it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from harness.reference.postgres import PostgresServer
from tests.detection.backend import Backend, backend
from tests.detection.registry import all_faults
from tests.detection.suite_run import run_suite
from tests.support.limits import LIMIT_SECONDS

FAULTS = {
    "tasks-are-read-by-id-alone": "idor-task-read-is-refused",
    "tasks-are-deleted-by-id-alone": "idor-task-delete-is-refused",
    "session-endpoint-knows-no-sign-out": "signout-ends-captured-session",
    "used-refresh-token-is-not-marked": "refresh-token-works-once",
    "first-character-of-the-cookie-does-not-count": "session-tampered-cookie-is-refused",
    "the-algorithm-none-needs-no-signature": "token-algorithm-none-is-refused",
    "end-of-a-token-is-not-verified": "expiry-expired-token-is-refused",
    "any-password-signs-in": "signin-wrong-password-refused",
    "address-is-not-unique": "signup-leaves-existing-account-alone",
    "signing-out-checks-no-origin": "csrf-simple-request-changes-nothing",
    "an-unknown-address-has-its-own-message": "signin-prevents-user-enumeration",
    "sign-up-keeps-every-field": "signup-prevents-mass-assignment",
    "an-update-of-the-profile-takes-a-role": "profile-update-prevents-mass-assignment",
    "a-changed-task-takes-its-owner-from-the-body": "isolation-owner-is-kept-by-updates",
    "a-link-signs-out": "signout-by-get-ends-no-session",
    "capitals-make-another-address": "signup-one-account-per-address",
    "only-72-bytes-of-a-password-count": "password-is-not-truncated",
    "a-search-forgets-the-owner": "isolation-list-holds-own-tasks-only",
    "an-algorithm-is-taken-for-granted": "error-malformed-token-is-refused",
    "planted-value-becomes-the-session": "session-fixation-planted-cookie-is-not-adopted",
    "session-at-hand-changes-its-owner": "session-fixation-planted-cookie-is-not-adopted",
    "anonymous-session-is-kept-at-sign-in": "session-fixation-cookie-changes-at-signin",
    "session-endpoint-tells-the-hash": "password-is-in-no-response",
    "sign-up-answers-with-what-was-sent": "password-is-in-no-response",
    "sign-in-keeps-the-password-in-a-cookie": "password-is-in-no-response",
    "list-holds-everybodys-sessions": "sessions-list-shows-own-sessions-only",
    "a-long-token-holds-the-verifier-up": "error-malformed-token-is-refused",
}
"""Faults and the scenario whose finding is reproduced: every kind of value that a script has to make again, and of
comparison that decides."""
SECRETS = re.compile(r"Aa1![\w-]{6}|eyJ[\w-]{8,}\.")
"""How the suite's passwords look, and tokens."""
SHELLS = [shell for shell in ("dash", "bash", "sh") if shutil.which(shell)]
SHELLCHECK = Path(sys.executable).with_name("shellcheck")


@pytest.fixture(scope="module")
def sound(server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    with backend(server, {}, tmp_path_factory.mktemp("sound"), None) as faultless:
        yield faultless


@pytest.mark.parametrize("name", FAULTS)
def test_a_finding_is_reproduced_where_it_is_and_nowhere_else(
    name: str, server: PostgresServer, sound: Backend, tmp_path: Path
) -> None:
    fault = all_faults()[name]
    with backend(server, fault.settings, tmp_path, fault) as faulty:
        run_suite(faulty, FAULTS[name], tmp_path)
        scripts = scripts_of(tmp_path / "report", FAULTS[name])
        for number, script in enumerate(scripts):
            done = executed(script, SHELLS[number % len(SHELLS)], faulty.environment)
            assert done.returncode == 0, done.stdout + done.stderr
            assert done.stdout.endswith(": reproduced\n")
            _asks_for_the_secret_if_it_takes_one(script)
            _is_sound_for_shellcheck(script)
    for script in scripts:
        done = executed(script, SHELLS[0], {**sound.environment, "BASE_URL": sound.url})
        assert done.returncode == 1, done.stdout + done.stderr
        assert done.stdout.endswith(": not reproduced\n")
        text = script.read_text("utf-8") + done.stdout
        assert not SECRETS.search(text)
        known = (*faulty.environment.values(), *sound.environment.values())
        assert not any(secret in text for secret in known)


def scripts_of(report: Path, identity: str) -> list[Path]:
    """The script of each finding of a scenario; each has one, and can be run as it is."""
    results = json.loads((report / "report.json").read_text("utf-8"))["results"]
    findings = [one for one in results if one["identity"] == identity and one["verdict"] in ("fail", "warn")]
    assert findings, results
    scripts = []
    for finding in findings:
        assert finding["unreproduced"] == ""
        (path,) = [artefact["path"] for artefact in finding["artefacts"] if artefact["kind"] == "repro"]
        scripts.append(report / path)
    assert all(os.access(script, os.X_OK) for script in scripts)
    return scripts


def executed(script: Path, shell: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AUTH_CONFORMANCE_")}
    return subprocess.run(
        [shell, str(script)],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        errors="replace",
        timeout=LIMIT_SECONDS,
        check=False,
    )


def _asks_for_the_secret_if_it_takes_one(script: Path) -> None:
    if "env:AUTH_CONFORMANCE_JWT_SECRET" in script.read_text("utf-8"):
        done = executed(script, "sh", {})
        assert done.returncode == 2
        assert "set AUTH_CONFORMANCE_JWT_SECRET to what the suite was given in it" in done.stderr


def _is_sound_for_shellcheck(script: Path) -> None:
    done = subprocess.run(
        [SHELLCHECK, str(script)], capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
    )
    assert done.stdout == ""

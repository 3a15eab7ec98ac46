"""`run URL` without a profile: the deployment is looked at, and judged by what was found."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from examples.common.servers import answers
from harness.cli.main import main
from harness.core.exits import Exit
from harness.core.processes import free_port, start
from harness.deployment.journal import read_journal
from harness.profile.loader import load_profile, parse_profile
from tests.support.discovered_sites import page, says, site
from tests.support.limits import LIMIT_SECONDS
from tests.support.local_server import serving
from tests.support.suite import ROOT, run

MARK = "profile: found by looking; `auth-conformance init --try` writes it down"
CORE = ("-m", "core and not needs-browser")


@contextlib.contextmanager
def form_app(folder: Path, **settings: str) -> Iterator[str]:
    """The form app on a free port: its URL."""
    port = free_port()
    server = start(
        [sys.executable, "-m", "tests.process.shapes.form_app", str(port)],
        name="the form app",
        ready=answers(port, "/"),
        timeout=LIMIT_SECONDS,
        env={**os.environ, **settings},
        cwd=ROOT,
        cleanup_paths=[folder / "nothing"],
    )
    with server:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with form_app(tmp_path_factory.mktemp("app")) as url:
        yield url


def test_a_form_app_is_judged_by_the_first_command(app: str, tmp_path: Path) -> None:
    ended = run(tmp_path, "features", *CORE, "--base-url", app, "-q")
    assert ended.code == Exit.CONFORMANT, ended.output
    report = ended.report
    assert report["verdicts"]["fail"] == report["verdicts"]["error"] == 0
    assert report["verdicts"]["pass"] > 60
    assert MARK in ended.output
    assert MARK in report["notices"]
    found = report["target"]["found"]
    assert any(one.startswith("sign-up: POST /join") for one in found["evidence"])
    assert [one.partition(":")[0] for one in found["left_out"]] == ["operations.delete_user"]
    assert "[operations.delete_user]" in found["left_out"][0]
    profile = parse_profile(found["toml"], "found")
    assert profile.tasks is not None
    assert profile.tasks.list.path == "/archive/pieces"
    assert str(profile.tasks.id) == "/key"
    assert profile.tasks.update is None
    assert profile.operations.sign_out is not None
    assert profile.pages is not None
    assert (profile.pages.sign_out_button, profile.pages.protected) == ("Leave", ["/desk"])
    assert profile.pages.bad_credentials == "That does not open anything[.]"
    for name in ("report.html", "report.md"):
        assert "found by looking" in (tmp_path / name).read_text("utf-8")


def test_init_writes_the_found_profile_down(app: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "found.toml"
    assert main(["init", app, "--try", "--output", str(file)]) == Exit.CONFORMANT
    profile = load_profile(str(file))
    assert profile.tasks is not None
    assert profile.tasks.list.path == "/archive/pieces"
    said = capsys.readouterr().err
    assert "sign-in: POST /enter" in said
    assert re.search(r"One account was made, lee\.\S+@example\.com; nothing was found that deletes it\.", said)
    assert f"Next: auth-conformance run {app} --target {file}" in said


def test_a_draft_has_the_pages_that_an_anonymous_client_sees(app: str, tmp_path: Path) -> None:
    file = tmp_path / "draft.toml"
    assert main(["init", app, "--output", str(file)]) == Exit.CONFORMANT
    text, pages = file.read_text("utf-8"), load_profile(str(file), draft=True).pages
    assert text.startswith("#:schema https://")
    assert pages is not None
    assert (pages.sign_in, pages.sign_up, pages.protected, pages.after_sign_in) == (
        "/enter",
        "/join",
        ["/desk"],
        "/desk",
    )
    assert (pages.email.value, pages.sign_in_button, pages.sign_up_button) == ("Mail", "Enter", "Join")
    assert "/desk leads strangers to /enter" in text
    for guess in (
        "A guess: that sign-in leads to /desk (after_sign_in).",
        "A guess: that it signs the new user in (signs_in",
        "FILL IN: sign_out_button, bad_credentials are guesses",
    ):
        assert guess in text


def test_init_says_why_nothing_could_be_tried(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(site({"GET /": page("")})) as web:
        code = main(["init", web.url, "--try", "--output", str(tmp_path / "found.toml")])
    assert code == Exit.TARGET_UNUSABLE
    assert "no way to sign up was found" in capsys.readouterr().err
    assert not (tmp_path / "found.toml").exists()


def test_the_doctor_prints_the_line_for_a_form_that_is_answered_by_a_redirect(
    app: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "found.toml"
    assert main(["init", app, "--try", "--output", str(file)]) == Exit.CONFORMANT
    lines = file.read_text("utf-8").split("\n")
    file.write_text("\n".join(line for line in lines if "outcomes.success" not in line), "utf-8")
    words = ["--no-browser", "--report-dir", str(tmp_path / "report")]
    assert main(["doctor", app, "--target", str(file), *words]) == Exit.TARGET_UNUSABLE
    line = '`outcomes.success = { status = 303, location = "^/desk" }` in [operations.sign_up]'
    assert f"signed the user in, as the session shows. Write {line}" in capsys.readouterr().err


def test_workers_judge_by_the_same_profile(app: str, tmp_path: Path) -> None:
    ended = run(tmp_path, "features/signout.feature", "--base-url", app, "-m", "not needs-browser", "-n", "2")
    assert ended.code == Exit.CONFORMANT, ended.output
    assert ended.report["verdicts"]["pass"] > 3
    assert ended.report["target"]["found"] is not None


def test_looking_signs_up_one_person_who_is_written_down(app: str, tmp_path: Path) -> None:
    run(tmp_path, "features/signin.feature", "--base-url", app, "-k", "wrong", "-m", "not needs-browser")
    looked = [one for one in read_journal(tmp_path / "accounts.jsonl").accounts if one.email.startswith("lee.")]
    assert len(looked) == 1


FAULTS = {
    "KEEPS_SESSIONS": "signout",
    "KEEPS_SIGNED_SESSIONS": "signout",
    "SHOWS_EVERYTHING": "isolation",
    "ANY_PASSWORD": "signin",
}


@pytest.mark.parametrize(("fault", "flow"), FAULTS.items(), ids=FAULTS)
def test_a_broken_deployment_fails_by_the_found_profile(fault: str, flow: str, tmp_path: Path) -> None:
    with form_app(tmp_path, FORM_APP_FAULT=fault) as url:
        ended = run(tmp_path, f"features/{flow}.feature", "--base-url", url, "-m", "not needs-browser", "-q")
    assert ended.code == Exit.NOT_CONFORMANT, ended.output
    assert ended.report["verdicts"]["fail"]


def test_too_little_to_judge_says_what_was_seen_and_what_to_do_next(tmp_path: Path) -> None:
    with serving(site({"GET /": page("<h1>It works!</h1>")})) as web:
        ended = run(tmp_path, "features/signin.feature", "--base-url", web.url)
    assert ended.code == Exit.TARGET_UNUSABLE, ended.output
    assert "no way to sign up was found by looking and trying" in ended.output
    assert f"Next: auth-conformance init {web.url} --output profile.toml" in ended.output
    assert "Traceback" not in ended.output


def test_where_nobody_can_be_recognised_nothing_is_judged(tmp_path: Path) -> None:
    taken = says(201, {"ok": True})
    with serving(site({"GET /": page(""), "POST /register": taken, "POST /login": taken})) as web:
        ended = run(tmp_path, "features/signin.feature", "--base-url", web.url)
    assert ended.code == Exit.TARGET_UNUSABLE, ended.output
    assert "nothing was found that says who is signed in" in ended.output


def test_a_deployment_that_does_not_answer_is_unusable(tmp_path: Path) -> None:
    ended = run(tmp_path, "features/signin.feature", "--base-url", "http://127.0.0.1:1")
    assert ended.code == Exit.TARGET_UNUSABLE, ended.output
    assert "Traceback" not in ended.output

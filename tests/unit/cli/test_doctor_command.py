"""The doctor's findings are lines, its verdict is the last one, and the exit code says the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.cli.commands import doctor
from harness.cli.main import main
from harness.core.exits import Exit
from tests.support.fake_backend import AUTH, SECRET, FakeBackend
from tests.support.fake_client import API, WEB, Answer, FakeClient, Sent

VARIABLE = "AUTH_CONFORMANCE_JWT_SECRET"


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeBackend:
    """What every client of the command speaks to."""
    made = FakeBackend()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(doctor, "client_for", lambda *_, **__: FakeClient(made))
    monkeypatch.setenv(VARIABLE, SECRET)
    return made


def examined(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, output and errors of the command."""
    code = main(["doctor", WEB, "--api-url", API, "--target", "reference", "--no-browser", *words])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.usefixtures("backend")
def test_what_fits_can_be_tested(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = examined(capsys)
    assert (code, err) == (Exit.CONFORMANT, "")
    assert out.endswith("\nIt can be tested.\n")
    assert {line.split()[0] for line in out.splitlines()[:-1]} == {"ok", "absent"}
    assert SECRET not in out


@pytest.mark.usefixtures("backend")
def test_doubts_are_counted_and_stop_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    code, out, _ = examined(capsys)
    assert code == Exit.CONFORMANT
    assert "DOUBTFUL  the shared secret was not given" in out
    assert out.endswith("\nIt can be tested, with 1 doubt.\n")


def test_what_can_not_be_tested_is_one_sentence_after_what_was_found(
    backend: FakeBackend, capsys: pytest.CaptureFixture[str]
) -> None:
    del backend.routes[f"POST {AUTH}/sign-up/email"]
    code, out, err = examined(capsys)
    assert code == Exit.TARGET_UNUSABLE
    assert (
        out.splitlines()[-1]
        == f"ok        GET {AUTH}/get-session says that an anonymous client is not signed in: 200 (null)"
    )
    assert err.startswith("The target can't be tested: POST /api/auth/sign-up/email was answered 404: there is no")
    assert err.count("\n") == 1


def test_a_secret_in_an_answer_is_masked(backend: FakeBackend, capsys: pytest.CaptureFixture[str]) -> None:
    def telling(sent: Sent) -> Answer:
        return Answer(400, f"No: {sent.fields['password']} and {SECRET}")

    backend.routes[f"POST {AUTH}/sign-up/email"] = telling
    code, _, err = examined(capsys)
    assert code == Exit.TARGET_UNUSABLE
    assert "was answered 400: No: <password> and <signing secret>" in err


@pytest.mark.usefixtures("backend")
def test_its_people_are_written_down_until_they_are_deleted(
    backend: FakeBackend, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert examined(capsys)[0] == Exit.CONFORMANT
    journal = tmp_path / "build" / "report" / "accounts.jsonl"
    assert journal.read_text("utf-8") == ""
    backend.routes[f"POST {AUTH}/delete-user"] = lambda _: Answer(403)
    assert (
        "2 accounts stay behind, listed in build/report/accounts.jsonl"
        in examined(capsys, "--report-dir", "build/report")[2]
    )
    assert journal.read_text("utf-8").count("@example.com") == 2


def test_an_interruption_is_an_exit_code(backend: FakeBackend, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(_: Sent) -> Answer:
        raise KeyboardInterrupt

    backend.routes["GET /"] = interrupted
    assert examined(capsys)[0] == Exit.INTERRUPTED


@pytest.mark.usefixtures("backend")
def test_an_unknown_profile_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = examined(capsys, "--target", "refrence")
    assert (code, out) == (Exit.USAGE, "")
    assert err.startswith("auth-conformance doctor: ")
    assert 'Did you mean "reference"?' in err

"""`cleanup` deletes what a journal lists, says what came of each account, and does no harm a second time."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.cli.commands import cleanup
from harness.cli.main import main
from harness.core.exchange import NoAnswer
from harness.core.exits import Exit
from harness.deployment.deployment import Deployment
from harness.deployment.journal import FILE, Journal, journal_for
from harness.deployment.people import Person, PersonFactory
from harness.profile.loader import load_profile
from harness.profile.target import Target
from harness.scenario.cast import Cast
from tests.support.fake_backend import AUTH, FakeBackend
from tests.support.fake_client import API, WEB, Answer, FakeClient, Sent

PROFILE = load_profile("reference")
TARGET = Target(PROFILE, WEB, API)
WITHOUT_DELETION = """\
extends = "reference"
[operations]
delete_user = false
"""


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> FakeBackend:
    made = FakeBackend()
    monkeypatch.setattr(cleanup, "client_for", lambda *_, **__: FakeClient(made))
    return made


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return journal_for(TARGET, tmp_path)


@pytest.fixture
def cast(backend: FakeBackend, journal: Journal) -> Cast:
    """The people of a run that ends before anything is deleted."""
    deployment = Deployment(TARGET, FakeClient(backend), journal=journal)
    return Cast(PersonFactory(PROFILE.people, 1), deployment)


class Cleaned:
    """What the command said."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path, *words: str, url: str = WEB) -> None:
        given = ["--target", "reference", *words, "--api-url", API, "--report-dir", str(folder)]
        self.code = main(["cleanup", url, *given])
        self.out, self.err = capsys.readouterr()


def changed(cast: Cast, person: Person, password: str) -> None:
    values = {**person.values, "new_password": password}
    cast.deployment.access.on_device("change_password", person.device("first device"), values)


def test_each_account_is_deleted_by_the_password_that_it_has(
    cast: Cast, backend: FakeBackend, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ann, zoe = cast.share("Ann"), cast.new_account("Zoe")
    cast.deployment.journal.changing(zoe.email, "a-change-that-was-refused")
    done = Cleaned(capsys, tmp_path)
    assert (done.code, done.err) == (Exit.CONFORMANT, "")
    assert done.out == f"ok       {ann.email}: deleted\nok       {zoe.email}: deleted\nNo account remains.\n"
    assert not backend.accounts
    assert ann.password not in (tmp_path / FILE).read_text("utf-8")
    again = Cleaned(capsys, tmp_path)
    assert (again.code, again.out) == (Exit.CONFORMANT, "No account remains.\n")


def test_what_can_not_be_deleted_stays_in_the_journal(
    cast: Cast, backend: FakeBackend, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ann = cast.share("Ann")
    proper = backend.routes[f"POST {AUTH}/delete-user"]
    backend.routes[f"POST {AUTH}/delete-user"] = lambda _: Answer(403)
    refused = Cleaned(capsys, tmp_path)
    assert refused.code == Exit.NOT_CONFORMANT
    assert f"REMAINS  {ann.email}: its deletion was answered 403" in refused.out
    assert refused.out.endswith("\n1 account remains.\n")
    backend.routes[f"POST {AUTH}/delete-user"] = proper
    assert Cleaned(capsys, tmp_path).code == Exit.CONFORMANT


def test_one_that_was_never_made_is_none(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cast.deployment.journal.asked("never@example.com", "a-password")
    done = Cleaned(capsys, tmp_path)
    assert (done.code, done.out) == (
        Exit.CONFORMANT,
        "ok       never@example.com: it was never made: no password signs in\nNo account remains.\n",
    )


def test_one_whose_deletion_was_not_answered_is_looked_for(
    cast: Cast, backend: FakeBackend, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ann, zoe = cast.share("Ann"), cast.new_account("Zoe")
    proper = backend.routes[f"POST {AUTH}/delete-user"]

    def silent(sent: Sent) -> Answer:
        if zoe.password in sent.body.decode():
            proper(sent)
        raise NoAnswer("POST", "x", "no answer", timed_out=False)

    backend.routes[f"POST {AUTH}/delete-user"] = silent
    cast.delete_accounts()
    backend.routes[f"POST {AUTH}/delete-user"] = proper
    done = Cleaned(capsys, tmp_path)
    assert done.code == Exit.CONFORMANT
    assert f"ok       {ann.email}: deleted" in done.out
    assert f"ok       {zoe.email}: it was deleted by the run: no password signs in any more" in done.out
    assert not backend.accounts


def test_a_made_account_that_no_password_opens_is_not_called_gone(
    cast: Cast, backend: FakeBackend, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ann = cast.share("Ann")
    del backend.accounts[ann.email.lower()]
    done = Cleaned(capsys, tmp_path)
    assert done.code == Exit.NOT_CONFORMANT
    assert f"REMAINS  {ann.email}: after signing in with the right password" in done.out


@pytest.mark.usefixtures("cast")
def test_a_journal_of_another_deployment_is_refused(
    cast: Cast, backend: FakeBackend, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cast.share("Ann")
    done = Cleaned(capsys, tmp_path, url="http://127.0.0.1:3999")
    assert (done.code, done.out) == (Exit.USAGE, "")
    assert f'accounts.jsonl" is of {WEB}, not of http://127.0.0.1:3999. Give the URL of that run' in done.err
    assert backend.accounts


def test_without_a_deletion_the_addresses_are_listed(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ann = cast.share("Ann")
    (profile := tmp_path / "mine.toml").write_text(WITHOUT_DELETION, "utf-8")
    done = Cleaned(capsys, tmp_path, "--target", str(profile))
    assert done.code == Exit.USAGE
    assert "declares no operations.delete_user, so nothing can be deleted. Delete 1 account" in done.err
    assert f"\n  {ann.email} (made)" in done.err
    assert ann.password not in done.err


@pytest.mark.usefixtures("backend")
def test_without_a_journal_there_is_nothing_to_go_by(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = Cleaned(capsys, tmp_path / "none")
    assert done.code == Exit.USAGE
    assert "accounts.jsonl\" can't be read: No such file or directory. Name the folder of a run." in done.err


def test_a_deployment_that_is_not_there_is_unusable(
    cast: Cast, backend: FakeBackend, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cast.share("Ann")

    def gone(_: Sent) -> Answer:
        raise NoAnswer("GET", WEB, "refused", timed_out=False)

    backend.routes["GET /"] = gone
    done = Cleaned(capsys, tmp_path)
    assert (done.code, done.out) == (Exit.TARGET_UNUSABLE, "")
    assert "The target can't be reached: " in done.err
    assert len(Cleaned(capsys, tmp_path).err) > 0, "the journal is as it was"

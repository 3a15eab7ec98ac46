"""Accounts are written down before they are asked for, and the journal says what remains."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from harness.core.exchange import NoAnswer
from harness.core.findings import HarnessError
from harness.deployment.deployment import Deployment
from harness.deployment.journal import FILE, Journal, JournalError, State, journal_for, read_journal
from harness.deployment.people import PersonFactory
from harness.profile.loader import load_profile
from harness.profile.target import Target
from harness.scenario.cast import Cast
from tests.support.fake_backend import AUTH, FakeBackend
from tests.support.fake_client import API, WEB, Answer, FakeClient, Sent

PROFILE = load_profile("reference")
UNDELETABLE = PROFILE.model_copy(
    update={"operations": PROFILE.operations.model_copy(update={"delete_user": None})}
)
TARGET = Target(PROFILE, WEB, API)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return journal_for(TARGET, tmp_path / "report")


@pytest.fixture
def cast(backend: FakeBackend, journal: Journal) -> Cast:
    deployment = Deployment(TARGET, FakeClient(backend), journal=journal)
    return Cast(PersonFactory(PROFILE.people, 1), deployment)


def states(journal: Journal) -> dict[str, State]:
    assert journal.path is not None
    return {one.email: one.state for one in read_journal(journal.path).accounts}


def lines(journal: Journal) -> list[str]:
    assert journal.path is not None
    return journal.path.read_text("utf-8").splitlines()


def test_an_account_is_written_down_before_it_is_asked_for(
    cast: Cast, backend: FakeBackend, journal: Journal
) -> None:
    seen: list[dict[str, State]] = []
    proper = backend.routes[f"POST {AUTH}/sign-up/email"]

    def looking(sent: Sent) -> Answer:
        seen.append(states(journal))
        return proper(sent)

    backend.routes[f"POST {AUTH}/sign-up/email"] = looking
    ann = cast.share("Ann")
    assert seen == [{ann.email: State.ASKED}]
    assert states(journal) == {ann.email: State.MADE}


def test_one_whose_sign_up_was_not_answered_may_be_there(
    cast: Cast, backend: FakeBackend, journal: Journal
) -> None:
    def silent(_: Sent) -> Answer:
        raise NoAnswer("POST", "x", "no answer", timed_out=False)

    backend.routes[f"POST {AUTH}/sign-up/email"] = silent
    with pytest.raises(NoAnswer):
        cast.new_account("Ann")
    [account] = journal.settle()
    assert account.state is State.ASKED
    assert account.passwords == (cast.everyone[0].password,)


def test_one_that_was_refused_is_none(cast: Cast, backend: FakeBackend, journal: Journal) -> None:
    backend.routes[f"POST {AUTH}/sign-up/email"] = lambda _: Answer(422)
    ann = cast.new_person("Ann")
    cast.deployment.sessions.sign_up(ann, ann.device("first device"))
    assert states(journal) == {ann.email: State.REFUSED}
    assert journal.settle() == []


def test_a_second_sign_up_with_a_taken_address_takes_nothing_from_the_journal(journal: Journal) -> None:
    journal.asked("ann@example.com", "first")
    journal.made("ann@example.com")
    journal.asked("ann@example.com", "second")
    journal.refused("ann@example.com")
    [account] = journal.settle()
    assert (account.state, account.passwords) == (State.MADE, ("first", "second"))


def test_every_password_that_an_account_may_have_is_in_it(cast: Cast, journal: Journal) -> None:
    ann = cast.new_account("Ann")
    values = {**ann.values, "new_password": "another-password"}
    cast.deployment.access.on_device("change_password", ann.device("first device"), values)
    [account] = journal.settle()
    assert account.passwords == (ann.password, "another-password")


def test_after_the_end_only_what_remains_is_in_it(cast: Cast, backend: FakeBackend, journal: Journal) -> None:
    cast.share("Ann")
    kept = cast.new_account("Zoe")
    proper = backend.routes[f"POST {AUTH}/delete-user"]
    backend.routes[f"POST {AUTH}/delete-user"] = lambda sent: (
        Answer(503) if kept.password in sent.body.decode() else proper(sent)
    )
    cast.delete_accounts()
    assert [one.email for one in journal.settle()] == [kept.email]
    [line] = lines(journal)
    assert json.loads(line)["state"] == State.DELETING
    backend.routes[f"POST {AUTH}/delete-user"] = proper
    cast.delete_accounts()
    assert journal.settle() == []
    assert lines(journal) == []


def test_no_password_is_written_down_where_none_can_be_used(tmp_path: Path, backend: FakeBackend) -> None:
    target = Target(UNDELETABLE, WEB, API)
    journal = journal_for(target, tmp_path)
    cast = Cast(PersonFactory(UNDELETABLE.people, 1), Deployment(target, FakeClient(backend), journal=journal))
    ann = cast.new_account("Ann")
    cast.deployment.access.on_device(
        "change_password", ann.device("first device"), {**ann.values, "new_password": "another-password"}
    )
    assert [one.email for one in journal.settle()] == [ann.email]
    text = (tmp_path / FILE).read_text("utf-8")
    assert ann.email in text
    assert ann.password not in text
    assert "another-password" not in text


def test_what_an_earlier_run_left_stays_in_it(tmp_path: Path) -> None:
    earlier = journal_for(TARGET, tmp_path)
    earlier.asked("old@example.com", "a-password")
    later = journal_for(Target(PROFILE, "http://127.0.0.1:1", API), tmp_path)
    later.asked("new@example.com", "a-password")
    assert [one.email for one in later.settle()] == ["new@example.com"]
    assert [one.email for one in earlier.settle()] == ["old@example.com"]


def test_only_the_user_may_read_it(journal: Journal) -> None:
    assert journal.path is not None
    before = os.umask(0)
    try:
        journal.asked("ann@example.com", "a-password")
        journal.settle()
    finally:
        os.umask(before)
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.path.parent.stat().st_mode) == 0o700


def test_a_line_that_was_cut_off_is_left_out(journal: Journal) -> None:
    assert journal.path is not None
    journal.asked("ann@example.com", "a-password")
    with journal.path.open("ab") as file:
        file.write(b'{"at": "2026-')
    contents = read_journal(journal.path)
    assert [one.email for one in contents.accounts] == ["ann@example.com"]
    assert contents.unreadable == 1


def test_no_account_is_asked_for_that_can_not_be_written_down(cast: Cast, backend: FakeBackend) -> None:
    full = Journal(Path("/dev/full"), WEB, keeps_passwords=True)
    cast.deployment.journal = full
    with pytest.raises(HarnessError, match=r"No space left on device\. Free space there, or name another folder"):
        cast.new_account("Ann")
    assert not backend.accounts


def test_a_folder_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match="Not a directory"):
        journal_for(TARGET, tmp_path / "file" / "report")

"""What a worker that was ended did not come to delete is deleted by the process that the user started."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from harness.deployment.deployment import Deployment
from harness.deployment.journal import journal_for
from harness.deployment.people import PersonFactory
from harness.profile.loader import load_profile
from harness.profile.target import Target
from harness.pytest_plugin import run_target
from harness.pytest_plugin.options import Options
from harness.pytest_plugin.run_target import RunTarget
from harness.scenario.cast import Cast
from tests.support.fake_backend import AUTH, FakeBackend
from tests.support.fake_client import API, WEB, Answer, FakeClient

TARGET = Target(load_profile("reference"), WEB, API)


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> FakeBackend:
    made = FakeBackend()
    monkeypatch.setattr(run_target, "open_client", lambda *_: FakeClient(made))
    monkeypatch.setattr(run_target, "replace", lambda options, **_: options)
    return made


def run_with_accounts(backend: FakeBackend, folder: Path) -> RunTarget:
    journal = journal_for(TARGET, folder)
    workers = Cast(
        PersonFactory(TARGET.profile.people, 1), Deployment(TARGET, FakeClient(backend), journal=journal)
    )
    workers.share("Ann")
    workers.new_account("Zoe")
    return RunTarget(cast("Options", SimpleNamespace()), target=TARGET, journal=journal)


def test_they_are_deleted_at_the_end(backend: FakeBackend, tmp_path: Path) -> None:
    assert run_with_accounts(backend, tmp_path).accounts_left("") == 0
    assert not backend.accounts


def test_what_was_refused_stays_behind_and_is_counted(backend: FakeBackend, tmp_path: Path) -> None:
    run = run_with_accounts(backend, tmp_path)
    backend.routes[f"POST {AUTH}/delete-user"] = lambda _: Answer(403)
    assert run.accounts_left("") == 2
    assert run.accounts_left("3000") == 0, "of this run there is none"


def test_a_second_interruption_ends_it(backend: FakeBackend, tmp_path: Path) -> None:
    run = run_with_accounts(backend, tmp_path)

    def impatient(_: object) -> Answer:
        raise KeyboardInterrupt

    backend.routes[f"POST {AUTH}/sign-in/email"] = impatient
    assert run.accounts_left("") == 2

"""After the deletion of an account nothing opens it any more."""

from __future__ import annotations

import pytest

from harness.core.findings import NotTested, Unmet
from harness.deployment.accounts import SIGN_IN
from harness.flows.account_deletion import delete_account, must_not_sign_in
from harness.flows.common import Ended
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import Answer
from tests.support.scenario import DELETE, said


@pytest.fixture
def signed_in(world: World) -> World:
    """Ann was seen to sign in."""
    world.judge.control(SIGN_IN, world.accounts.signs_in(world.person("Ann")))
    return world


def test_a_deleted_account_can_not_be_signed_in_to(signed_in: World) -> None:
    delete_account(signed_in, "Ann")
    must_not_sign_in(signed_in, "Ann")
    assert not signed_in.person("Ann").has_account
    assert signed_in.recall(Ended).by == "the end of the account"


def test_one_that_is_only_said_to_be_deleted_is_found_out(signed_in: World, backend: FakeBackend) -> None:
    backend.routes[DELETE] = said(Answer(200, {"success": True}))
    delete_account(signed_in, "Ann")
    with pytest.raises(Unmet, match="signing in to a deleted account is refused; it took effect"):
        must_not_sign_in(signed_in, "Ann")


def test_a_deletion_that_is_refused_can_not_be_judged(signed_in: World, backend: FakeBackend) -> None:
    backend.routes[DELETE] = said(Answer(403))
    with pytest.raises(NotTested, match="delete_user was answered 403"):
        delete_account(signed_in, "Ann")
    assert signed_in.person("Ann").has_account

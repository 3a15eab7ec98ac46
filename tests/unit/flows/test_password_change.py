"""A password is changed by whoever knows it and by nobody else, and then the old one is worth nothing."""

from __future__ import annotations

import pytest

from harness.core.findings import HarnessError, NotTested, Unmet
from harness.deployment.accounts import SIGN_IN as SIGN_IN_CONTROL
from harness.flows.common import Ended
from harness.flows.password_change import (
    CURRENT_PASSWORDS,
    change_password,
    control_change,
    must_have_changed_nothing,
    must_open_nothing_with_old,
    try_to_change,
)
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import PASSWORD, SIGN_IN, said, with_people, world_of

DONE = said(Answer(200, {"user": {}}))


@pytest.fixture
def signs_in(world: World) -> World:
    """Ann was seen to sign in."""
    world.judge.control(SIGN_IN_CONTROL, world.accounts.signs_in(world.person("Ann")))
    return world


def test_the_old_password_is_dead_and_the_new_one_opens(signs_in: World) -> None:
    old = signs_in.person("Ann").password
    change_password(signs_in, "Ann", "first device")
    assert signs_in.person("Ann").password != old
    assert signs_in.recall(Ended).by == "a change of the password"
    must_open_nothing_with_old(signs_in, "Ann")


def test_an_old_one_that_still_opens_is_found_out(signs_in: World, backend: FakeBackend) -> None:
    change_password(signs_in, "Ann", "first device")
    backend.routes[SIGN_IN] = lambda sent: backend.admitted(backend.accounts[sent.fields["email"]])
    with pytest.raises(Unmet, match="the password from before the change is refused; it took effect"):
        must_open_nothing_with_old(signs_in, "Ann")


def test_a_new_one_that_opens_nothing_proves_nothing(signs_in: World, backend: FakeBackend) -> None:
    backend.routes[PASSWORD] = DONE
    change_password(signs_in, "Ann", "first device")
    backend.accounts[signs_in.person("Ann").email].password = "neither"
    with pytest.raises(NotTested, match="the control failed"):
        must_open_nothing_with_old(signs_in, "Ann")


def test_a_change_that_asks_for_no_current_password_is_found_out(client: FakeClient, backend: FakeBackend) -> None:
    def careless(sent: Sent) -> Answer:
        account = backend.signed_in(sent)
        assert account is not None
        account.password = sent.fields["newPassword"]
        return Answer(200, {"user": account.user})

    backend.routes[PASSWORD] = careless
    declared = '[operations.change_password]\njson = { newPassword = "{new_password}" }\n'
    world = with_people(world_of(client, declared), "Ann")
    control_change(world, "Ann")
    with pytest.raises(Unmet, match=r"asks for the current one; .*has no \{password\} in it"):
        try_to_change(world, "Ann", "a wrong one")


def test_a_change_that_is_refused_is_not_judged(signs_in: World, backend: FakeBackend) -> None:
    old = signs_in.person("Ann").password
    backend.routes[PASSWORD] = said(Answer(400))
    with pytest.raises(NotTested, match="change_password was answered 400"):
        change_password(signs_in, "Ann", "first device")
    assert signs_in.person("Ann").password == old


# --- without the current one ---


@pytest.fixture
def can_change(world: World) -> World:
    """Ann was seen to change her password."""
    control_change(world, "Ann")
    return world


def test_the_current_one_is_the_control(world: World, backend: FakeBackend) -> None:
    old = world.person("Ann").password
    control_change(world, "Ann")
    assert world.person("Ann").password not in (old, "")
    backend.routes[PASSWORD] = DONE
    with pytest.raises(NotTested, match="the new one opens nothing"):
        control_change(world, "Ann")


@pytest.mark.parametrize(
    ("kind", "field"), [("a wrong one", True), ("an empty one", ""), ("none at all", None)], ids=str
)
def test_what_is_sent_is_what_the_word_says(
    can_change: World, client: FakeClient, kind: str, field: str | bool | None
) -> None:
    try_to_change(can_change, "Ann", kind)
    fields = next(sent for sent in reversed(client.sent) if sent.path.endswith("change-password")).fields
    if field is True:
        assert fields["currentPassword"] not in ("", can_change.person("Ann").password)
    else:
        assert fields.get("currentPassword") == field
    assert fields["newPassword"]


def test_nothing_changed_when_all_were_refused(can_change: World) -> None:
    for kind in CURRENT_PASSWORDS:
        try_to_change(can_change, "Ann", kind)
    must_have_changed_nothing(can_change, "Ann")


def test_a_success_that_did_nothing_changed_nothing(can_change: World, backend: FakeBackend) -> None:
    proper = backend.change_password
    backend.routes[PASSWORD] = DONE
    try_to_change(can_change, "Ann", "a wrong one")
    backend.routes[PASSWORD] = proper
    must_have_changed_nothing(can_change, "Ann")


@pytest.mark.parametrize("kind", CURRENT_PASSWORDS)
@pytest.mark.parametrize("status", [200, 400])
def test_a_new_one_that_opens_the_account_is_found_out(
    can_change: World, backend: FakeBackend, kind: str, status: int
) -> None:
    def careless(sent: Sent) -> Answer:
        account = backend.signed_in(sent)
        assert account
        account.password = sent.fields["newPassword"]
        return Answer(status, {"user": account.user})

    backend.routes[PASSWORD] = careless
    try_to_change(can_change, "Ann", kind)
    with pytest.raises(Unmet, match=f"made with {kind} for the current one; the new .* was answered {status}"):
        must_have_changed_nothing(can_change, "Ann")
    assert can_change.person("Ann").password == backend.accounts[can_change.person("Ann").email].password


def test_what_nobody_tried_is_our_error(can_change: World) -> None:
    with pytest.raises(HarnessError, match="remembered a ChangeAttempts"):
        must_have_changed_nothing(can_change, "Ann")


def test_without_the_control_nothing_is_judged(world: World) -> None:
    try_to_change(world, "Ann", "a wrong one")
    with pytest.raises(HarnessError, match="judged without a control"):
        must_have_changed_nothing(world, "Ann")

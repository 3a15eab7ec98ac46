"""An update of one's own profile sets nothing that only the server may set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from harness.core.errors import Absent
from harness.core.findings import HarnessError, NotTested, Unmet
from harness.flows.profile_update import (
    PRIVILEGED,
    Updates,
    control_update,
    must_have_set_nothing,
    update_greedily,
)
from harness.scenario.world import World
from tests.support.fake_backend import AUTH, FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import SESSION, SIGN_IN, said, with_people, world_of

UPDATE = f"POST {AUTH}/update-user"
WORDS = list(PRIVILEGED)
Refusal = Callable[[dict[str, Any]], bool]


@pytest.fixture
def renamed(world: World) -> World:
    """Ann was seen to change her name."""
    control_update(world, "Ann")
    return world


def showing(backend: FakeBackend, shown: dict[str, Any]) -> None:
    """Have the session show these of the user, too."""

    def session(sent: Sent) -> Answer:
        account = backend.signed_in(sent)
        return Answer(200, {"user": {**account.user, **shown}} if account else None)

    backend.routes[SESSION] = session


def storing(
    backend: FakeBackend, *names: str, refuses: Callable[[dict[str, Any]], bool] = lambda _: False
) -> None:
    """Have an update store these fields, unless it ``refuses`` the body."""
    stored: dict[str, Any] = {}
    showing(backend, stored)

    def update(sent: Sent) -> Answer:
        if refuses(sent.fields):
            return Answer(422, {"message": "Unknown field"})
        stored.update({name: sent.fields[name] for name in names if name in sent.fields})
        return backend.update_user(sent)

    backend.routes[UPDATE] = update


def test_fields_that_are_ignored_set_nothing_and_cost_one_request_a_row(
    renamed: World, client: FakeClient
) -> None:
    before = len(client.sent)
    update_greedily(renamed, "Ann", WORDS)
    must_have_set_nothing(renamed, "Ann")
    assert len(client.sent) - before == len(WORDS) + 2
    assert renamed.person("Ann").name == renamed.recall(Updates).name


def test_fields_that_are_refused_set_nothing(renamed: World, backend: FakeBackend) -> None:
    name = renamed.person("Ann").name
    storing(backend, refuses=lambda fields: set(fields) != {"name"})
    update_greedily(renamed, "Ann", WORDS)
    must_have_set_nothing(renamed, "Ann")
    assert renamed.person("Ann").name == name


@pytest.mark.parametrize(
    ("field", "came"),
    [
        ("role", "role became 'admin'"),
        ("roles", r"roles became \['admin'\]"),
        ("isAdmin", "isAdmin became True"),
        ("is_verified", "is_verified became True"),
        ("id", "id became 'chosen-"),
        ("user_id", "user_id became 'chosen-"),
        ("createdAt", "createdAt became '2001-02-03"),
        ("email", r"the address became mallory\."),
    ],
)
def test_a_field_that_is_set_is_named(renamed: World, backend: FakeBackend, field: str, came: str) -> None:
    storing(backend, field)
    update_greedily(renamed, "Ann", WORDS)
    with pytest.raises(Unmet, match=f"ignored or refused in a profile update; {came}") as failed:
        must_have_set_nothing(renamed, "Ann")
    assert field in failed.value.exchanges[1].request_body.decode()


def test_each_field_is_sent_alone_where_all_of_a_row_are_refused(renamed: World, backend: FakeBackend) -> None:
    storing(backend, "role", refuses=lambda fields: "roles" in fields)
    update_greedily(renamed, "Ann", WORDS)
    with pytest.raises(Unmet, match="role became 'admin'") as failed:
        must_have_set_nothing(renamed, "Ann")
    assert failed.value.exchanges[1].status == 200


def test_a_date_that_is_written_otherwise_is_the_same_date(renamed: World, backend: FakeBackend) -> None:
    stored = {"createdAt": "2020-01-01T00:00:00+00:00"}
    showing(backend, stored)
    update_greedily(renamed, "Ann", ["a date of sign-up"])
    must_have_set_nothing(renamed, "Ann")
    stored["createdAt"] = "2001-02-03 05:05:06+01:00"
    with pytest.raises(Unmet, match="createdAt became '2001"):
        must_have_set_nothing(renamed, "Ann")


@pytest.mark.parametrize(
    "shown", [{"role": "admin"}, {"isAdmin": True}, {"emailVerified": True}, {"rights": "no admin"}]
)
def test_what_was_shown_before_is_not_set(renamed: World, backend: FakeBackend, shown: dict[str, Any]) -> None:
    showing(backend, shown)
    update_greedily(renamed, "Ann", WORDS)
    must_have_set_nothing(renamed, "Ann")


def test_an_address_that_is_pending_is_not_set(renamed: World, backend: FakeBackend) -> None:
    pending: dict[str, Any] = {}
    showing(backend, pending)

    def update(sent: Sent) -> Answer:
        pending["pendingEmail"] = sent.fields.get("email")
        return backend.update_user(sent)

    backend.routes[UPDATE] = update
    update_greedily(renamed, "Ann", WORDS)
    assert "@" in pending["pendingEmail"]
    must_have_set_nothing(renamed, "Ann")


def test_the_deployments_own_name_of_an_address_is_sent(client: FakeClient, backend: FakeBackend) -> None:
    profile = '[operations.session]\nidentity = { id = "/user/id", email = "/user/mail" }\n'
    showing(backend, {})
    proper = backend.routes[SESSION]

    def session(sent: Sent) -> Answer:
        answer = proper(sent)
        if answer.body is not None:
            answer.body["user"]["mail"] = answer.body["user"]["email"]
        return answer

    backend.routes[SESSION] = session
    world = with_people(world_of(client, profile), "Ann")
    control_update(world, "Ann")
    update_greedily(world, "Ann", ["another address"])
    sent = client.sent[-1].fields
    assert sent["mail"] == sent["email"] != world.person("Ann").email


def test_an_address_that_an_update_sends_anyway_is_fine(client: FakeClient, backend: FakeBackend) -> None:
    profile = '[operations.update_user]\njson = { name = "{new_name}", email = "{email}" }\n'
    storing(backend, "email")
    world = with_people(world_of(client, profile), "Ann")
    control_update(world, "Ann")
    update_greedily(world, "Ann", WORDS)
    must_have_set_nothing(world, "Ann")
    assert any("another address" in note for note in world.notes)


def test_what_the_session_does_not_show_is_noted(renamed: World) -> None:
    update_greedily(renamed, "Ann", ["a role"])
    must_have_set_nothing(renamed, "Ann")
    assert "shows no role, roles, isAdmin, is_admin or is_superuser" in renamed.notes[-1]


def test_a_session_that_ended_meanwhile_is_replaced(renamed: World, backend: FakeBackend) -> None:
    storing(backend, "role")
    update_greedily(renamed, "Ann", WORDS)
    backend.sessions.clear()
    with pytest.raises(Unmet, match="role became"):
        must_have_set_nothing(renamed, "Ann")
    backend.sessions.clear()
    backend.routes[SIGN_IN] = said(Answer(401))
    with pytest.raises(NotTested, match="Ann is not signed in any more"):
        must_have_set_nothing(renamed, "Ann")


@pytest.mark.parametrize(
    "identity", ['{ email = "/user/email" }', '{ email = "/user/email", name = "/user/name" }']
)
def test_where_the_name_can_not_be_changed_nothing_is_judged(
    client: FakeClient, backend: FakeBackend, identity: str
) -> None:
    world = with_people(world_of(client, f"[operations.session]\nidentity = {identity}\n"), "Ann")
    control_update(world, "Ann")
    backend.routes[UPDATE] = said(Answer(422))
    with pytest.raises(NotTested, match="the control failed"):
        control_update(world, "Ann")


def test_without_the_operation_there_is_nothing_to_judge(client: FakeClient) -> None:
    world = with_people(world_of(client, "[operations]\nupdate_user = false\n"), "Ann")
    with pytest.raises(Absent):
        control_update(world, "Ann")


def test_without_the_control_nothing_is_judged(world: World) -> None:
    update_greedily(world, "Ann", WORDS)
    with pytest.raises(HarnessError, match="judged without a control"):
        must_have_set_nothing(world, "Ann")

"""A person's list of sessions is theirs alone, and what they end there is over."""

from __future__ import annotations

import pytest

from harness.core.findings import HarnessError, NotTested, Unmet
from harness.deployment.errors import NotThere
from harness.flows.captured import capture, control_captured, must_be_dead, must_still_open
from harness.flows.session_management import (
    SessionList,
    control_list,
    list_sessions,
    must_be_hers_to_revoke,
    must_have_listed,
    must_list_own_only,
    revoke,
    revoke_others,
    try_to_revoke,
)
from harness.scenario.world import World
from tests.support.fake_backend import AUTH, COOKIE, FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import said, with_people, world_of

SESSIONS, REVOKE, OTHERS = (
    f"{method} {AUTH}/{name}"
    for method, name in (("GET", "list-sessions"), ("POST", "revoke-session"), ("POST", "revoke-other-sessions"))
)
PLACE = "session endpoint"
DONE = said(Answer(200, {"status": True}))


@pytest.fixture
def listed(world: World) -> World:
    """Ann's list shows the session of her laptop, which was captured."""
    control_list(world, "Ann", "laptop")
    capture(world, "Ann", "laptop")
    control_captured(world, "Ann", PLACE)
    return world


def sign_in(world: World, alias: str, name: str = "laptop") -> None:
    world.deployment.sessions.sign_in_verified(world.new_device(alias, name))


# --- the list ---


def test_an_owner_is_shown_a_list(world: World) -> None:
    list_sessions(world, "Ann")
    must_have_listed(world)


@pytest.mark.parametrize(("status", "came"), [(500, "answered 500"), (403, "answered 403"), (401, "answered 401")])
def test_an_owner_who_is_not_is_found_out(world: World, backend: FakeBackend, status: int, came: str) -> None:
    backend.routes[SESSIONS] = said(Answer(status))
    list_sessions(world, "Ann")
    with pytest.raises(Unmet, match=f"that Ann can list her own sessions; .*{came}"):
        must_have_listed(world)


def test_a_list_that_the_profile_does_not_describe_is_not_judged(world: World, backend: FakeBackend) -> None:
    backend.routes[SESSIONS] = said(Answer(200, {"sessions": [{"id": "1"}]}))
    list_sessions(world, "Ann")
    with pytest.raises(NotTested, match="no session where the profile says"):
        must_have_listed(world)


def test_a_list_that_is_not_there_is_not_judged(world: World, backend: FakeBackend) -> None:
    del backend.routes[SESSIONS]
    list_sessions(world, "Ann")
    with pytest.raises(NotThere, match=r"list_sessions: GET .* was answered 404"):
        must_have_listed(world)


def test_a_sign_in_adds_its_session_to_the_list(listed: World) -> None:
    found = listed.recall(SessionList)
    assert found.added == listed.device("Ann", "laptop").jar.cookies_for("http://127.0.0.1:3000/")[COOKIE]
    assert found.added in found.ids


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(200, [{"id": "the same"}]), "added 0 entries"),
        (Answer(200, []), "no session where the profile says"),
        (Answer(200, {"sessions": [{"id": "1"}]}), "no session where the profile says"),
        (Answer(200, [{"token": "1"}]), "no session where the profile says"),
        (Answer(403), "list_sessions was answered 403"),
    ],
    ids=["one that does not grow", "empty", "no list", "no ids", "refused"],
)
def test_a_list_that_does_not_show_it_proves_nothing(
    world: World, backend: FakeBackend, answer: Answer, why: str
) -> None:
    backend.routes[SESSIONS] = said(answer)
    with pytest.raises(NotTested, match=why):
        control_list(world, "Ann", "laptop")


def test_another_persons_sign_in_does_not_show(listed: World) -> None:
    sign_in(listed, "Bob")
    must_list_own_only(listed, "Ann", "Bob")


def test_an_entry_that_a_sign_in_of_anothers_adds_is_found_out(world: World, backend: FakeBackend) -> None:
    backend.routes[SESSIONS] = lambda _: Answer(200, [{"id": key} for key in backend.sessions])
    control_list(world, "Ann", "laptop")
    sign_in(world, "Bob")
    with pytest.raises(Unmet, match="holds nothing of Bob's; Bob's sign-in added an entry"):
        must_list_own_only(world, "Ann", "Bob")


@pytest.mark.parametrize("leak", ["email", "name", "id"])
def test_a_list_that_names_another_is_found_out(listed: World, backend: FakeBackend, leak: str) -> None:
    text = getattr(listed.person("Bob"), leak)
    proper = backend.list_sessions
    backend.routes[SESSIONS] = lambda sent: Answer(200, [{**one, "by": text} for one in proper(sent).body])
    with pytest.raises(Unmet, match="it names Bob"):
        must_list_own_only(listed, "Ann", "Bob")


def test_an_id_too_short_to_tell_is_none(listed: World, backend: FakeBackend) -> None:
    listed.person("Bob").id = "7"
    proper = backend.list_sessions
    backend.routes[SESSIONS] = lambda sent: Answer(200, [{**one, "os": "7"} for one in proper(sent).body])
    must_list_own_only(listed, "Ann", "Bob")


def test_a_list_that_was_not_seen_to_grow_is_not_judged(world: World) -> None:
    with pytest.raises(HarnessError, match="judged without a control"):
        must_list_own_only(world, "Ann", "Bob")


# --- ending one ---


def test_a_revoked_session_is_dead_and_it_alone(listed: World) -> None:
    revoke(listed, "Ann", "first device")
    must_be_dead(listed, "Ann", PLACE)
    must_still_open(listed, "Ann", "first device", PLACE)


def test_one_that_is_only_said_to_be_revoked_is_found_out(listed: World, backend: FakeBackend) -> None:
    backend.routes[REVOKE] = DONE
    revoke(listed, "Ann", "first device")
    with pytest.raises(Unmet, match="the captured session at the session endpoint is refused"):
        must_be_dead(listed, "Ann", PLACE)


def test_a_revocation_that_is_refused_is_not_judged(listed: World, backend: FakeBackend) -> None:
    backend.routes[REVOKE] = said(Answer(400))
    with pytest.raises(NotTested, match="revoke_session was answered 400"):
        revoke(listed, "Ann", "first device")


def test_another_person_can_not_end_it_and_its_owner_can(listed: World) -> None:
    try_to_revoke(listed, "Bob", "first device")
    must_still_open(listed, "Ann", "laptop", PLACE)
    must_be_hers_to_revoke(listed, "Ann", "laptop")


def test_one_that_another_person_ended_is_found_out(listed: World, backend: FakeBackend) -> None:
    def anybodys(sent: Sent) -> Answer:
        backend.sessions.pop(sent.fields["id"], None)
        return Answer(200)

    backend.routes[REVOKE] = anybodys
    try_to_revoke(listed, "Bob", "first device")
    with pytest.raises(Unmet, match="Ann's laptop opens the session endpoint"):
        must_still_open(listed, "Ann", "laptop", PLACE)


def test_a_request_that_ends_nothing_for_its_owner_proves_nothing(listed: World, backend: FakeBackend) -> None:
    backend.routes[REVOKE] = DONE
    with pytest.raises(NotTested, match="Ann herself can't end that session either"):
        must_be_hers_to_revoke(listed, "Ann", "laptop")


def test_a_revocation_that_breaks_is_found_out(listed: World, backend: FakeBackend) -> None:
    backend.routes[REVOKE] = said(Answer(500))
    with pytest.raises(Unmet, match="that revoke_session works for the owner; it was answered 500"):
        revoke(listed, "Ann", "first device")
    with pytest.raises(NotTested, match="the control failed: it was answered 500"):
        must_be_hers_to_revoke(listed, "Ann", "laptop")


def test_a_revocation_is_tried_whatever_sign_out_is_declared_to_do(
    client: FakeClient, backend: FakeBackend
) -> None:
    declared = '[credentials.session]\nafter_sign_out = "until it ends"\nmax_lifetime = 900\n'
    world = with_people(world_of(client, declared), "Ann")
    control_list(world, "Ann", "laptop")
    backend.routes[REVOKE] = DONE
    with pytest.raises(NotTested, match="Ann herself can't end that session either"):
        must_be_hers_to_revoke(world, "Ann", "laptop")


# --- ending all others ---


def test_all_others_end_and_nobody_elses(listed: World) -> None:
    revoke_others(listed, "Ann", "first device")
    must_be_dead(listed, "Ann", PLACE)
    must_still_open(listed, "Ann", "first device", PLACE)
    must_still_open(listed, "Bob", "first device", PLACE)


def test_others_that_live_on_are_found_out(listed: World, backend: FakeBackend) -> None:
    backend.routes[OTHERS] = DONE
    revoke_others(listed, "Ann", "first device")
    with pytest.raises(Unmet, match="the captured session"):
        must_be_dead(listed, "Ann", PLACE)


def test_everybodys_that_end_with_them_are_found_out(listed: World, backend: FakeBackend) -> None:
    def everybodys(sent: Sent) -> Answer:
        backend.sessions = {sent.cookies[COOKIE]: backend.sessions[sent.cookies[COOKIE]]}
        return Answer(200)

    backend.routes[OTHERS] = everybodys
    revoke_others(listed, "Ann", "first device")
    must_still_open(listed, "Ann", "first device", PLACE)
    with pytest.raises(Unmet, match="Bob's first device opens the session endpoint"):
        must_still_open(listed, "Bob", "first device", PLACE)

"""Routes beside the five verbs show and change nothing of another user's, and ask who is there."""

from __future__ import annotations

import pytest

from harness.core.findings import NotApplicable, NotTested, Unmet
from harness.flows import captured, common
from harness.flows.further_routes import (
    call_as_other,
    call_captured,
    call_expired,
    call_without,
    control_all,
    control_captured,
    must_have_been_refused,
)
from harness.flows.unissued import UNISSUED
from harness.scenario.world import World
from tests.support.fake_backend import NOT_FOUND, UNAUTHENTICATED, FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import BROKEN, with_people, world_of

PROFILE = """
[tasks]
more = [
  { method = "POST", path = "/api/tasks/{task_id}/rename" },
  { method = "GET", path = "/api/tasks/export" },
]
[[resources]]
name = "notes"
credential = "token"
routes = [
  { method = "POST", path = "/api/notes", json = { text = "{title}" } },
  { method = "GET", path = "/api/notes" },
]
"""


class Further(FakeBackend):
    """Renames tasks, exports them, and keeps notes; what is wrong is said by the flags."""

    by_id_alone = False
    exports_all = False
    notes_are_guarded = True

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[tuple[str, str]] = []
        self.routes["POST /api/notes"] = self._note
        self.routes["GET /api/notes"] = self._notes

    def __call__(self, sent: Sent) -> Answer:
        if sent.path.endswith("/rename"):
            return self._rename(sent)
        if sent.path.endswith("/export"):
            return self._export(sent)
        if sent.path == "/api/notes":
            return self.routes[f"{sent.method} {sent.path}"](sent)
        return super().__call__(sent)

    def _rename(self, sent: Sent) -> Answer:
        account, number = self.caller(sent), sent.path.split("/")[-2]
        if account is None:
            return UNAUTHENTICATED
        owners = self.accounts.values() if self.by_id_alone else [account]
        owner = next((one for one in owners if number in one.tasks), None)
        if owner is None:
            return NOT_FOUND
        owner.tasks[number] += "!"
        return Answer(200, {"ok": True})

    def _export(self, sent: Sent) -> Answer:
        account = self.caller(sent)
        if account is None:
            return UNAUTHENTICATED
        owners = self.accounts.values() if self.exports_all else [account]
        return Answer(200, [title for owner in owners for title in owner.tasks.values()])

    def _note(self, sent: Sent) -> Answer:
        account = self.caller(sent)
        if account is None and self.notes_are_guarded:
            return UNAUTHENTICATED
        self.notes.append((account.email if account else "", sent.fields["text"]))
        return Answer(201, {})

    def _notes(self, sent: Sent) -> Answer:
        account = self.caller(sent)
        if account is None and self.notes_are_guarded:
            return UNAUTHENTICATED
        return Answer(200, [text for email, text in self.notes if account is None or email == account.email])


@pytest.fixture
def further() -> Further:
    return Further()


@pytest.fixture
def seen(further: Further) -> World:
    """Ann and Bob have a task each, and Ann was seen to call every further route."""
    world = with_people(world_of(FakeClient(further), PROFILE), "Ann", "Bob")
    control_all(world, "Ann")
    return world


def test_what_is_guarded_is_fine(seen: World) -> None:
    call_as_other(seen, "Bob", "Ann")
    for kind in UNISSUED:
        call_without(seen, "Ann", kind)
    call_expired(seen, "Ann", "Bob")
    must_have_been_refused(seen)


def test_a_change_by_another_user_is_found_out(seen: World, further: Further) -> None:
    further.by_id_alone = True
    with pytest.raises(
        Unmet, match=r"Bob calling POST .*/rename, with Ann's task, is refused; .*changed, at /title"
    ):
        call_as_other(seen, "Bob", "Ann")


def test_what_another_user_is_shown_is_found_out(seen: World, further: Further) -> None:
    further.exports_all = True
    with pytest.raises(Unmet, match=r"Bob calling GET /api/tasks/export, .*private text"):
        call_as_other(seen, "Bob", "Ann")


@pytest.mark.parametrize("kind", UNISSUED)
def test_a_resource_that_asks_for_nothing_is_found_out(seen: World, further: Further, kind: str) -> None:
    further.notes_are_guarded = False
    with pytest.raises(
        Unmet, match=rf"call POST /api/notes \(notes\) with {kind} is refused; it was answered 201"
    ):
        call_without(seen, "Ann", kind)


def test_what_a_resource_shows_of_its_owner_is_private(seen: World, further: Further) -> None:
    further.routes["POST /api/notes"] = lambda _: UNAUTHENTICATED
    further.notes_are_guarded = False
    with pytest.raises(Unmet, match=r"call GET /api/notes \(notes\) with no credential .*private text"):
        call_without(seen, "Ann", "no credential")


def test_a_route_that_fails_its_owner_proves_nothing(further: Further) -> None:
    world = with_people(world_of(FakeClient(further), PROFILE), "Ann", "Bob")
    further.routes["GET /api/notes"] = lambda _: BROKEN
    with pytest.raises(NotTested, match=r"Ann can call GET /api/notes \(notes\) \(resources\[0\].routes\[1\]\)"):
        control_all(world, "Ann")


def test_a_route_that_fails_its_owner_afterwards_proves_nothing(seen: World, further: Further) -> None:
    call_as_other(seen, "Bob", "Ann")
    further.routes["GET /api/notes"] = lambda _: BROKEN
    with pytest.raises(NotTested, match="the control failed"):
        must_have_been_refused(seen)


DEVICES = """
[[resources]]
name = "devices"
base = "web"
credential = "session"
routes = [{ method = "GET", path = "/api/devices" }]
"""


class Devices(FakeBackend):
    """Lists a user's devices; ``remembers`` the user of each cookie that it met."""

    remembers = False

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, Answer] = {}

    def __call__(self, sent: Sent) -> Answer:
        if sent.path != "/api/devices":
            return super().__call__(sent)
        cookie = sent.header("cookie") or ""
        if self.remembers and cookie in self.known:
            return self.known[cookie]
        account = self.signed_in(sent)
        if account is None:
            return UNAUTHENTICATED
        self.known[cookie] = Answer(200, [account.email])
        return self.known[cookie]


def signed_out(backend: FakeBackend, changes: str) -> World:
    """Ann signed out on her laptop, whose session was captured and seen to open the further routes."""
    world = with_people(world_of(FakeClient(backend), changes), "Ann")
    common.sign_in_also(world, "Ann", "laptop")
    captured.capture(world, "Ann", "laptop")
    control_all(world, "Ann")
    control_captured(world, "Ann")
    common.sign_out(world, "Ann", "laptop")
    return world


def test_a_captured_session_is_refused_at_a_further_route_after_sign_out() -> None:
    world = signed_out(Devices(), DEVICES)
    call_captured(world, "Ann")
    must_have_been_refused(world)


def test_a_further_route_that_remembers_a_session_is_found_out() -> None:
    backend = Devices()
    backend.remembers = True
    world = signed_out(backend, DEVICES)
    with pytest.raises(Unmet, match=r"call GET /api/devices \(devices\) with the captured session is refused"):
        call_captured(world, "Ann")


def test_where_no_session_opens_a_further_route_none_is_called(seen: World) -> None:
    captured.capture(seen, "Ann", "first device")
    with pytest.raises(NotApplicable, match='none has credential = "session"'):
        control_captured(seen, "Ann")

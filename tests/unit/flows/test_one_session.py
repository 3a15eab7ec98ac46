"""Where a sign-in ends the person's other session, what needs one is judged and what needs two is not."""

from __future__ import annotations

import pytest

from harness.core.findings import NotApplicable, Unmet
from harness.deployment.held import session_values
from harness.flows.access_token import control_task_call
from harness.flows.account_deletion import delete_account
from harness.flows.captured import capture, control_captured, must_be_dead, must_still_open
from harness.flows.common import OnlySession, device_in_use, sign_in, sign_in_also, sign_out
from harness.flows.cross_site import control_action, from_foreign_page, must_be_stopped
from harness.flows.password_change import change_password
from harness.flows.refresh import present_refresh_token
from harness.flows.session import ask_who, must_tell_apart, present_altered
from harness.flows.session_management import control_list, revoke_others
from harness.scenario.world import World
from tests.support.fake_backend import COOKIE, FakeBackend
from tests.support.fake_client import WEB, Answer, Sent
from tests.support.scenario import SIGN_IN, SIGN_OUT

PLACE = "session endpoint"


@pytest.fixture
def single(world: World, backend: FakeBackend) -> World:
    """A sign-in ends every other session of the person."""

    def sign_in(sent: Sent) -> Answer:
        account = backend.accounts.get(sent.fields["email"])
        backend.sessions = {key: one for key, one in backend.sessions.items() if one is not account}
        return FakeBackend.sign_in(backend, sent)

    backend.routes[SIGN_IN] = sign_in
    return world


def test_two_sessions_are_two(world: World) -> None:
    sign_in_also(world, "Ann", "laptop")
    assert not world.remembers(OnlySession)
    assert not world.notes
    assert device_in_use(world, "Ann").name == "first device"


def test_one_session_is_noted_and_sign_out_is_judged(single: World) -> None:
    sign_in_also(single, "Ann", "laptop")
    (note,) = single.notes
    assert note == (
        "The deployment allows one session a person: "
        "signing in on Ann's laptop ended the one on Ann's first device"
    )
    capture(single, "Ann", "laptop")
    control_captured(single, "Ann", PLACE)
    sign_out(single, "Ann", "laptop")
    must_be_dead(single, "Ann", PLACE)
    must_still_open(single, "Ann", "first device", PLACE)


def test_a_sign_out_that_ends_nothing_is_found_out_there_too(single: World, backend: FakeBackend) -> None:
    sign_in_also(single, "Ann", "laptop")
    capture(single, "Ann", "laptop")
    control_captured(single, "Ann", PLACE)
    backend.routes[SIGN_OUT] = lambda _: Answer(200, {"success": True})
    sign_out(single, "Ann", "laptop")
    with pytest.raises(Unmet, match="the captured session at the session endpoint is refused"):
        must_be_dead(single, "Ann", PLACE)


def test_a_sign_out_that_ends_too_much_is_no_policy(world: World, backend: FakeBackend) -> None:
    sign_in_also(world, "Ann", "laptop")

    def everywhere(_: Sent) -> Answer:
        backend.sessions.clear()
        return Answer(200, {"success": True})

    backend.routes[SIGN_OUT] = everywhere
    sign_out(world, "Ann", "laptop")
    with pytest.raises(Unmet, match="Ann's first device opens the session endpoint"):
        must_still_open(world, "Ann", "first device", PLACE)


def test_what_needs_two_sessions_is_not_applicable(single: World) -> None:
    with pytest.raises(NotApplicable, match="one session a person"):
        control_list(single, "Ann", "laptop")
    with pytest.raises(NotApplicable, match="one session a person"):
        change_password(single, "Ann", "first device")
    with pytest.raises(NotApplicable, match="one session a person"):
        revoke_others(single, "Ann", "first device")


def test_an_account_is_deleted_from_the_session_that_there_is(single: World, backend: FakeBackend) -> None:
    sign_in_also(single, "Ann", "laptop")
    email = single.person("Ann").email
    delete_account(single, "Ann")
    assert email not in backend.accounts


def test_a_change_of_the_password_by_another_site_is_judged_there_too(single: World) -> None:
    control_action(single, "Ann", "change her password")
    from_foreign_page(single, "Ann", "change her password", as_json=True)
    must_be_stopped(single, same_site_counts=False)


def test_a_refresh_token_is_no_access_token_there_either(single: World) -> None:
    sign_in_also(single, "Ann", "laptop")
    control_task_call(single, "Ann", "list")
    present_refresh_token(single, "Ann")
    single.judge.all_refused()


def test_who_is_signed_in_is_asked_where_she_signed_in_last(single: World) -> None:
    sign_in(single, "Ann", "laptop")
    ask_who(single, "Ann")
    must_tell_apart(single, "Ann")


@pytest.mark.parametrize("altered", ["with another session's signature", "replaced by the sign-in's token"])
def test_what_takes_another_sign_in_alters_no_session(single: World, altered: str) -> None:
    device = single.device("Ann", "first device")
    (value,) = session_values(single.target, device)
    device.jar.store([f"{COOKIE}={value}.signed; Path=/"], f"{WEB}/")
    capture(single, "Ann", "first device")
    with pytest.raises(NotApplicable, match="allows one session a person: another sign-in ends the session"):
        present_altered(single, altered)

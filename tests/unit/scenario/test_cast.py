"""Shared people sign up once, reused ones are made again when need be, and no reason is asked for twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from harness.core.errors import Unavailable
from harness.core.exchange import NoAnswer
from harness.deployment.deployment import Deployment
from harness.deployment.errors import NotSignedIn, Unrecognised
from harness.deployment.people import Person, PersonFactory
from harness.profile.loader import load_profile
from harness.profile.target import Target
from harness.scenario.cast import Cast
from tests.support.fake_backend import AUTH, COOKIE, Account, FakeBackend
from tests.support.fake_client import API, WEB, Answer, FakeClient, Sent

PROFILE = load_profile("reference")
SIGN_UP, SIGN_IN = f"{AUTH}/sign-up/email", f"{AUTH}/sign-in/email"


@pytest.fixture
def cast(client: FakeClient) -> Cast:
    return Cast(PersonFactory(PROFILE.people, 1), Deployment(Target(PROFILE, WEB, API), client))


def asked(client: FakeClient, path: str) -> int:
    """How often; the sign-in of Eve, who has no account, is not counted."""
    return sum(sent.path == path and not is_eves(sent) for sent in client.sent)


def is_eves(sent: Sent) -> bool:
    return b'"eve.' in sent.body


def is_signed_in(cast: Cast, person: Person) -> bool:
    device = person.device("first device")
    session = cast.deployment.access.browser_session(device)
    return cast.deployment.identity.is_session_of(person, session, device.who)


# --- shared ---


def test_a_shared_person_signs_up_once(cast: Cast, client: FakeClient) -> None:
    assert cast.share("Ann") is cast.share("Ann")
    assert cast.share("Bob") is not cast.share("Ann")
    assert asked(client, SIGN_UP) == 2
    assert asked(client, SIGN_IN) == 0


def test_one_whose_device_holds_nothing_signs_in_again(cast: Cast, client: FakeClient) -> None:
    ann = cast.share("Ann")
    ann.device("first device").jar.clear()
    assert is_signed_in(cast, cast.share("Ann"))
    assert asked(client, SIGN_IN) == 1


def test_one_who_was_signed_out_is_noticed_only_after_a_recheck(
    cast: Cast, client: FakeClient, backend: FakeBackend
) -> None:
    ann = cast.share("Ann")
    backend.sessions.clear()
    assert not is_signed_in(cast, cast.share("Ann"))
    cast.recheck()
    assert is_signed_in(cast, cast.share("Ann"))
    assert asked(client, SIGN_IN) == 1
    assert cast.share("Ann") is ann


@pytest.mark.parametrize("what", ["a sign-in", "a sign-out"])
def test_whoever_signed_in_or_out_elsewhere_is_looked_at_before_the_next_use(
    cast: Cast, client: FakeClient, backend: FakeBackend, what: str
) -> None:
    ann = cast.share("Ann")
    laptop = ann.device("laptop")
    cast.deployment.sessions.sign_in_verified(laptop)
    if what == "a sign-out":
        cast.share("Ann")
        cast.deployment.sessions.sign_out(laptop)
    backend.sessions.clear()
    assert is_signed_in(cast, cast.share("Ann"))
    before = len(client.sent)
    cast.share("Ann")
    assert len(client.sent) == before


def test_a_shared_person_who_is_refused_once_stops_no_other_scenario(cast: Cast, backend: FakeBackend) -> None:
    cast.share("Ann").device("first device").jar.clear()
    proper = backend.routes[f"POST {SIGN_IN}"]
    backend.routes[f"POST {SIGN_IN}"] = lambda _: Answer(400)
    with pytest.raises(NotSignedIn, match="it was answered 400"):
        cast.share("Ann")
    backend.routes[f"POST {SIGN_IN}"] = proper
    assert is_signed_in(cast, cast.share("Ann"))


def test_a_reason_is_the_same_for_every_scenario_and_asked_for_once(
    cast: Cast, client: FakeClient, backend: FakeBackend
) -> None:
    backend.routes[f"POST {SIGN_UP}"] = lambda _: Answer(403)
    for alias in ("Ann", "Bob", "Ann"):
        with pytest.raises(NotSignedIn, match="was answered 403"):
            cast.share(alias)
    assert asked(client, SIGN_UP) == 1


def test_a_stranger_who_is_somebody_stops_every_scenario(cast: Cast, backend: FakeBackend) -> None:
    def everybody_is_the_latest(sent: Sent) -> Answer:
        latest = list(backend.accounts.values())[-1]
        return Answer(200, {"user": latest.user})

    backend.routes[f"GET {AUTH}/get-session"] = everybody_is_the_latest
    with pytest.raises(Unrecognised, match="does not show whether Ann is signed in"):
        cast.share("Ann")


def test_one_slow_sign_up_costs_another_one(cast: Cast, client: FakeClient, backend: FakeBackend) -> None:
    original = backend.routes[f"POST {SIGN_UP}"]

    def slow_once(sent: Sent) -> Answer:
        backend.routes[f"POST {SIGN_UP}"] = original
        raise NoAnswer(sent.method, sent.url, "no whole answer within 15 s", timed_out=True)

    backend.routes[f"POST {SIGN_UP}"] = slow_once
    assert cast.new_account("Zoe").has_account
    assert asked(client, SIGN_UP) == 2


def test_one_sign_up_that_broke_costs_another_one(cast: Cast, client: FakeClient, backend: FakeBackend) -> None:
    original = backend.routes[f"POST {SIGN_UP}"]

    def broken_once(sent: Sent) -> Answer:
        backend.routes[f"POST {SIGN_UP}"] = original
        return Answer(500, {})

    backend.routes[f"POST {SIGN_UP}"] = broken_once
    assert cast.share("Zoe").has_account
    assert asked(client, SIGN_UP) == 2


def test_what_failed_while_the_deployment_was_down_is_tried_again(cast: Cast, backend: FakeBackend) -> None:
    original = backend.routes[f"POST {SIGN_UP}"]
    backend.routes[f"POST {SIGN_UP}"] = lambda _: Answer(500, {})
    for _ in range(2):
        with pytest.raises(Unavailable):
            cast.share("Ann")
    backend.routes[f"POST {SIGN_UP}"] = original
    cast.recheck()
    with pytest.raises(Unavailable):
        cast.share("Ann")
    cast.deployment.client.heartbeat.returns += 1
    cast.recheck()
    assert cast.share("Ann").has_account


def test_silence_is_waited_for_twice(cast: Cast, client: FakeClient, backend: FakeBackend) -> None:
    def silent(sent: Sent) -> Answer:
        raise NoAnswer(sent.method, sent.url, "no answer within 15 s", timed_out=True)

    backend.routes[f"POST {SIGN_UP}"] = silent
    for make in (cast.share, cast.new_account, cast.new_person):
        with pytest.raises(Unavailable, match=r"no account could be created, twice: .* no answer within 15 s\. "):
            make("Zoe")
    assert asked(client, SIGN_UP) == 2


def test_a_refused_connection_is_tried_again(cast: Cast, backend: FakeBackend) -> None:
    def refused(sent: Sent) -> Answer:
        raise NoAnswer(sent.method, sent.url, "refused", timed_out=False)

    original = backend.routes[f"POST {SIGN_UP}"]
    backend.routes[f"POST {SIGN_UP}"] = refused
    with pytest.raises(NoAnswer):
        cast.new_account("Zoe")
    backend.routes[f"POST {SIGN_UP}"] = original
    assert cast.new_account("Zoe").has_account


def test_who_has_more_tasks_than_a_list_may_give_is_replaced(cast: Cast) -> None:
    ann = cast.share("Ann")
    ann.tasks_left = 40
    assert cast.share("Ann") is ann
    ann.tasks_left = 41
    assert cast.share("Ann") is not ann
    assert cast.share("Ann").tasks_left == 0


# --- sign-ins without an account ---


def whoever_is_claimed(backend: FakeBackend, status: int = 200) -> None:
    """Sign-in asks for no account."""

    def sign_in(sent: Sent) -> Answer:
        email = sent.fields["email"]
        account = backend.accounts.get(email) or Account("1", "", email, "")
        return replace(backend.admitted(account), status=status)

    backend.routes[f"POST {SIGN_IN}"] = sign_in


@pytest.mark.parametrize("status", [200, 401])
@pytest.mark.parametrize("make", [Cast.share, Cast.new_account, Cast.reuse])
def test_who_signs_in_without_an_account_stops_every_scenario(
    cast: Cast, client: FakeClient, backend: FakeBackend, make: Callable[[Cast, str], Person], status: int
) -> None:
    whoever_is_claimed(backend, status)
    says = rf"eve\.\w+@example\.com, an address without an account, was answered {status} and signs in as eve"
    for _ in range(2):
        with pytest.raises(Unrecognised, match=says):
            make(cast, "Ann")
    assert sum(map(is_eves, client.sent)) == 1


def test_a_sign_in_without_an_account_is_tried_once(cast: Cast, client: FakeClient) -> None:
    for alias in ("Ann", "Bob", "Zoe"):
        cast.new_account(alias)
    assert sum(map(is_eves, client.sent)) == 1


def test_a_cookie_that_signs_nobody_in_is_no_sign_in(cast: Cast, backend: FakeBackend) -> None:
    guest = [("Set-Cookie", f"{COOKIE}=guest-of-the-shop; Path=/")]
    sign_in = backend.routes[f"POST {SIGN_IN}"]
    backend.routes[f"POST {SIGN_IN}"] = lambda sent: replace(sign_in(sent), headers=guest)
    assert cast.share("Ann").has_account


# --- reused ---


def test_one_who_may_be_changed_goes_from_scenario_to_scenario(cast: Cast, client: FakeClient) -> None:
    assert cast.reuse("Zoe") is cast.reuse("Zoe")
    assert asked(client, SIGN_UP) == 1


def test_one_whose_account_is_gone_is_replaced(cast: Cast) -> None:
    zoe = cast.reuse("Zoe")
    zoe.has_account = False
    other = cast.reuse("Zoe")
    assert other is not zoe
    assert is_signed_in(cast, other)


def test_after_a_recheck_one_is_not_reused(cast: Cast) -> None:
    zoe = cast.reuse("Zoe")
    cast.recheck()
    assert cast.reuse("Zoe") is not zoe


def test_one_who_was_in_a_scenario_without_a_verdict_is_tried_first(cast: Cast, client: FakeClient) -> None:
    zoe = cast.reuse("Zoe")
    cast.recheck(may_be_as_before=True)
    assert cast.reuse("Zoe") is zoe
    assert is_signed_in(cast, zoe)
    assert (asked(client, SIGN_UP), asked(client, SIGN_IN)) == (1, 1)


@pytest.mark.parametrize("changed", ["password", "name", "account"])
def test_one_who_is_not_as_before_is_replaced(cast: Cast, backend: FakeBackend, changed: str) -> None:
    zoe = cast.reuse("Zoe")
    if changed == "account":
        zoe.has_account = False
    else:
        setattr(backend.accounts[zoe.email], changed, "another")
    cast.recheck(may_be_as_before=True)
    other = cast.reuse("Zoe")
    assert other is not zoe
    cast.recheck()
    assert cast.reuse("Zoe") is not other


def test_one_who_was_signed_out_is_signed_in_for_the_next(cast: Cast, backend: FakeBackend) -> None:
    cast.reuse("Zoe")
    backend.sessions.clear()
    assert is_signed_in(cast, cast.reuse("Zoe"))


# --- thrown away ---


def test_whoever_a_scenario_leaves_behind_is_thrown_away_once(cast: Cast, client: FakeClient) -> None:
    zoe = cast.new_account("Ann")
    cast.leave_behind()
    assert cast.throwaway("Zoe") is zoe
    assert zoe.alias == "Zoe"
    assert cast.throwaway("Zoe") is not zoe
    assert asked(client, SIGN_UP) == 2


def test_nobody_whom_others_need_is_thrown_away(cast: Cast) -> None:
    kept = [cast.share("Ann"), cast.reuse("Zoe")]
    assert cast.throwaway("Zoe") not in kept
    assert cast.share("Ann") is kept[0]
    assert cast.reuse("Zoe") is kept[1]


def test_after_a_recheck_nobody_is_left_behind(cast: Cast) -> None:
    zoe = cast.new_account("Zoe")
    cast.recheck()
    cast.leave_behind()
    assert cast.throwaway("Zoe") is not zoe


def test_what_ended_for_want_of_something_changes_nobody(cast: Cast) -> None:
    kept, zoe = cast.reuse("Zoe"), cast.new_account("Zoe")
    cast.recheck(keeps_others=True)
    cast.leave_behind()
    assert cast.reuse("Zoe") is kept
    assert cast.throwaway("Zoe") is zoe


def test_new_people_of_a_scenario_are_nobody_else_in_it(cast: Cast) -> None:
    ann = cast.new_account("Ann")
    assert cast.reuse("Zoe") is not ann
    assert cast.throwaway("Kim") is not ann


def test_whose_account_was_deleted_is_replaced_by_whoever_is_left_behind(cast: Cast, client: FakeClient) -> None:
    spare = cast.new_account("Ann")
    cast.leave_behind()
    assert cast.reuse("Zoe") is spare
    cast.deployment.sessions.note_deleted(spare)
    assert cast.reuse("Zoe") is not spare
    assert asked(client, SIGN_UP) == 2


# --- at the end ---


def test_every_account_is_deleted_that_can_be(cast: Cast, backend: FakeBackend) -> None:
    ann, _ = cast.share("Ann"), cast.new_account("Zoe")
    nobody = cast.new_person("Nobody")
    lost = cast.new_account("Lost")
    lost.device("first device").jar.clear()
    ann.device("second device")
    cast.delete_accounts()
    assert not backend.accounts, "whoever is signed in nowhere signs in for it"
    assert not nobody.has_account


def test_an_account_is_deleted_from_a_device_that_is_signed_in(cast: Cast, backend: FakeBackend) -> None:
    ann = cast.new_account("Ann")
    cast.deployment.sessions.sign_in_verified(ann.device("laptop"))
    ann.device("laptop").jar.store([f"{COOKIE}=guest; Path=/"], WEB)
    cast.delete_accounts()
    assert backend.accounts == {}


def test_a_failure_to_delete_one_leaves_no_other(cast: Cast, backend: FakeBackend) -> None:
    cast.new_account("Ann")
    original = backend.routes[f"POST {AUTH}/delete-user"]
    refusals = iter([NoAnswer("POST", "x", "refused", timed_out=False)])

    def once(sent: Sent) -> Answer:
        if refusal := next(refusals, None):
            raise refusal
        return original(sent)

    backend.routes[f"POST {AUTH}/delete-user"] = once
    bob = cast.new_account("Bob")
    cast.delete_accounts()
    assert bob.email.lower() not in backend.accounts


def test_without_a_way_to_delete_nothing_is_tried(client: FakeClient) -> None:
    operations = PROFILE.operations.model_copy(update={"delete_user": None})
    profile = PROFILE.model_copy(update={"operations": operations})
    cast = Cast(PersonFactory(profile.people, 1), Deployment(Target(profile, WEB, API), client))
    cast.new_account("Ann")
    before = len(client.sent)
    cast.delete_accounts()
    assert len(client.sent) == before


def test_a_deployment_that_answers_no_more_is_waited_for_once(cast: Cast, backend: FakeBackend) -> None:
    asked_for: list[str] = []

    def gone(sent: Sent) -> Answer:
        asked_for.append(sent.path)
        raise NoAnswer("POST", sent.url, "no answer", timed_out=True)

    for alias in ("Ann", "Bob"):
        cast.share(alias)
    for route in backend.routes:
        backend.routes[route] = gone
    cast.delete_accounts()
    assert 0 < len(asked_for) <= 3

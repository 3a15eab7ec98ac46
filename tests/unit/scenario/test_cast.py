"""Shared people sign up once, reused ones are made again when need be, and no reason is asked for twice."""

from __future__ import annotations

import pytest

from harness.core.errors import Unavailable
from harness.core.exchange import NoAnswer
from harness.deployment.deployment import Deployment
from harness.deployment.errors import NotSignedIn, Unrecognised
from harness.deployment.people import Person, PersonFactory
from harness.profile.loader import load_profile
from harness.profile.target import Target
from harness.scenario.cast import Cast
from tests.support.fake_backend import AUTH, FakeBackend
from tests.support.fake_client import API, WEB, Answer, FakeClient, Sent

PROFILE = load_profile("reference")
SIGN_UP, SIGN_IN = f"{AUTH}/sign-up/email", f"{AUTH}/sign-in/email"


@pytest.fixture
def backend() -> FakeBackend:
    return FakeBackend()


@pytest.fixture
def client(backend: FakeBackend) -> FakeClient:
    return FakeClient(backend)


@pytest.fixture
def cast(client: FakeClient) -> Cast:
    return Cast(PersonFactory(PROFILE.people, 1), Deployment(Target(PROFILE, WEB, API), client))


def asked(client: FakeClient, path: str) -> int:
    return sum(sent.path == path for sent in client.sent)


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


def test_silence_is_waited_for_once(cast: Cast, client: FakeClient, backend: FakeBackend) -> None:
    def silent(sent: Sent) -> Answer:
        raise NoAnswer(sent.method, sent.url, "no answer within 15 s", timed_out=True)

    backend.routes[f"POST {SIGN_UP}"] = silent
    for make in (cast.share, cast.new_account, cast.new_person):
        with pytest.raises(Unavailable, match=r"no account could be created: .* no answer within 15 s"):
            make("Zoe")
    assert asked(client, SIGN_UP) == 1


def test_a_refused_connection_is_tried_again(cast: Cast, backend: FakeBackend) -> None:
    def refused(sent: Sent) -> Answer:
        raise NoAnswer(sent.method, sent.url, "refused", timed_out=False)

    original = backend.routes[f"POST {SIGN_UP}"]
    backend.routes[f"POST {SIGN_UP}"] = refused
    with pytest.raises(NoAnswer):
        cast.new_account("Zoe")
    backend.routes[f"POST {SIGN_UP}"] = original
    assert cast.new_account("Zoe").has_account


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


def test_one_who_was_signed_out_is_signed_in_for_the_next(cast: Cast, backend: FakeBackend) -> None:
    cast.reuse("Zoe")
    backend.sessions.clear()
    assert is_signed_in(cast, cast.reuse("Zoe"))


# --- at the end ---


def test_every_account_is_deleted_that_can_be(cast: Cast, backend: FakeBackend) -> None:
    ann, _ = cast.share("Ann"), cast.new_account("Zoe")
    nobody = cast.new_person("Nobody")
    lost = cast.new_account("Lost")
    lost.device("first device").jar.clear()
    ann.device("second device")
    cast.delete_accounts()
    assert list(backend.accounts) == [lost.email.lower()]
    assert not nobody.has_account


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

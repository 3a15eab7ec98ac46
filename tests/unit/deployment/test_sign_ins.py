"""A right password that is refused because of wrong ones is no fault; one that is refused without them is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from harness.deployment.deployment import Deployment
from harness.deployment.errors import LockedOut
from harness.deployment.people import Device, Person, PersonFactory
from harness.profile.loader import load_profile
from harness.profile.target import Target
from harness.wire.client import Client
from tests.support.fake_backend import AUTH, FakeBackend
from tests.support.fake_client import API, WEB, Answer, FakeClient, Sent

PROFILE = load_profile("reference")
SIGN_IN = f"POST {AUTH}/sign-in/email"
FACTORY = PersonFactory(PROFILE.people, 1)
TOO_MANY = Answer(400, {"errors": [{"code": "too_many_login_attempts"}]})
WRONG = Answer(401, {"message": "Invalid email or password"})


@pytest.fixture
def deployment(backend: FakeBackend) -> Deployment:
    client: Client = FakeClient(backend)
    return Deployment(Target(PROFILE, WEB, API), client)


@pytest.fixture
def new_person(deployment: Deployment) -> Callable[[str], Person]:
    def make(alias: str) -> Person:
        person = FACTORY.person(alias)
        deployment.sessions.open_account(person)
        return person

    return make


def signs_in(deployment: Deployment, person: Person) -> int:
    return deployment.sessions.sign_in(Device(person, "another device")).status


def guessed(deployment: Deployment, person: Person, times: int) -> None:
    for number in range(times):
        deployment.sessions.guess(Device(person, "somebody else's browser"), f"wrong {number}")


def limiting(backend: FakeBackend, most: int, answer: Answer, key: Callable[[Sent], str]) -> None:
    """Have sign-in refuse everything from a key's failure number ``most`` on."""
    failures = Counter[str]()

    def sign_in(sent: Sent) -> Answer:
        if failures[key(sent)] >= most:
            return answer
        came = FakeBackend.sign_in(backend, sent)
        failures[key(sent)] += came.status != 200
        return came

    backend.routes[SIGN_IN] = sign_in


@pytest.mark.parametrize("answer", [TOO_MANY, WRONG], ids=["told", "alike"])
def test_an_account_is_locked_out_whatever_the_answer(
    deployment: Deployment, backend: FakeBackend, new_person: Callable[[str], Person], answer: Answer
) -> None:
    zoe = new_person("Zoe")
    limiting(backend, 3, answer, lambda sent: str(sent.fields["email"]))
    guessed(deployment, zoe, 3)
    with pytest.raises(LockedOut, match=rf"Zoe's right password was answered {answer.status} .* 3 wrong ones for"):
        signs_in(deployment, zoe)


def test_a_client_is_locked_out_where_another_person_is_too(
    deployment: Deployment, backend: FakeBackend, new_person: Callable[[str], Person]
) -> None:
    ann, zoe = new_person("Ann"), new_person("Zoe")
    limiting(backend, 4, TOO_MANY, lambda _: "the client")
    assert signs_in(deployment, ann) == 200
    for alias in ("Lea", "Mia", "Bob", "Eva"):
        guessed(deployment, new_person(alias), 1)
    said = r"answered 400 \(.*too_many.*\) after 4 wrong ones, and so was another person's"
    with pytest.raises(LockedOut, match=said):
        signs_in(deployment, zoe)


def test_one_who_alone_is_refused_is_not_locked_out(
    deployment: Deployment, backend: FakeBackend, new_person: Callable[[str], Person]
) -> None:
    ann, zoe = new_person("Ann"), new_person("Zoe")
    backend.routes[SIGN_IN] = lambda sent: (
        TOO_MANY if sent.fields["email"] == zoe.email else FakeBackend.sign_in(backend, sent)
    )
    assert signs_in(deployment, ann) == 200
    guessed(deployment, new_person("Lea"), 3)
    assert signs_in(deployment, zoe) == 400


@pytest.mark.parametrize(
    ("answer", "guesses"),
    [(WRONG, 6), (Answer(500), 6), (Answer(400, {"code": "BROKEN"}), 2)],
    ids=["as a wrong one", "the server broke", "hardly any wrong ones"],
)
def test_a_sign_in_that_works_for_nobody_is_no_lock_out(
    deployment: Deployment,
    backend: FakeBackend,
    new_person: Callable[[str], Person],
    answer: Answer,
    guesses: int,
) -> None:
    ann, zoe, lea = new_person("Ann"), new_person("Zoe"), new_person("Lea")
    assert signs_in(deployment, ann) == 200
    guessed(deployment, lea, guesses)
    backend.routes[SIGN_IN] = lambda _: answer
    assert signs_in(deployment, zoe) == answer.status


def test_without_anybody_who_has_signed_in_before_nothing_is_known(
    deployment: Deployment, backend: FakeBackend, new_person: Callable[[str], Person]
) -> None:
    zoe, lea = new_person("Zoe"), new_person("Lea")
    guessed(deployment, lea, 3)
    backend.routes[SIGN_IN] = lambda _: TOO_MANY
    assert signs_in(deployment, zoe) == 400


def test_a_refusal_that_calls_itself_a_limit_needs_no_wrong_passwords_of_this_process(
    deployment: Deployment, backend: FakeBackend, new_person: Callable[[str], Person]
) -> None:
    ann, zoe = new_person("Ann"), new_person("Zoe")
    assert signs_in(deployment, ann) == 200
    backend.routes[SIGN_IN] = lambda _: TOO_MANY
    with pytest.raises(LockedOut, match="another person's, which had worked before"):
        signs_in(deployment, zoe)

"""Who the session endpoint says is there: somebody, nobody, or neither."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.deployment.credential import ANONYMOUS
from harness.deployment.deployment import Deployment
from harness.deployment.errors import NotSignedIn, Unrecognised
from harness.deployment.identity import Identity
from harness.deployment.people import PersonFactory
from harness.profile.loader import ProfileError, load_profile, parse_profile
from harness.profile.target import Target
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import API, WEB, Answer, FakeClient
from tests.support.scenario import SESSION

PROFILE = load_profile("reference")
OTHER_POINTERS = """extends = "reference"
[operations.session]
method = "GET"
path = "/me"
identity = { email = "/0/mail" }
outcomes.success = { status = 200 }
"""
ID_ALONE = """extends = "reference"
[operations.session]
identity = { id = "/id" }
outcomes.success = { status = 200 }
"""
ANN = {"user": {"id": 7, "email": "ann@example.com", "name": "Ann"}}


def asked(answer: Answer) -> Identity | None:
    """Whom a deployment names that answers so."""
    deployment = Deployment(Target(PROFILE, WEB, API), FakeClient(lambda _: answer))
    return deployment.identity.who_is(ANONYMOUS, "Ann")


def test_somebody_has_what_the_profile_points_at() -> None:
    assert asked(Answer(200, ANN)) == Identity("7", "ann@example.com", "Ann")
    assert asked(Answer(200, {"user": {"email": "ann@example.com"}})) == Identity(None, "ann@example.com", None)


@pytest.mark.parametrize("answer", [Answer(200, None), Answer(401), Answer(403, "no"), Answer(401, ANN)])
def test_nobody_is_as_declared_or_a_refusal(answer: Answer) -> None:
    assert asked(answer) is None


@pytest.mark.parametrize(
    "answer",
    [Answer(200, {}), Answer(200, "<h1>Sign in</h1>"), Answer(302), Answer(404), Answer(500, ANN)],
    ids=["no address", "a page", "a redirect", "not there", "broken"],
)
def test_what_is_neither_is_no_answer(answer: Answer) -> None:
    with pytest.raises(Unrecognised, match=rf"answered {answer.status}( .*)?, which is neither") as unclear:
        asked(answer)
    assert [exchange.status for exchange in unclear.value.exchanges] == [answer.status]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (
            Answer(200, "<title>Shop</title>", (("Content-Type", "text/html"),)),
            "a signed-in answer (nothing is at /user/email, for the body is no JSON object) nor an anonymous",
        ),
        (Answer(200, {"user": {"mail": "a@b"}}), "a signed-in answer (nothing is at /user/email) nor"),
        (Answer(404, {"detail": "Not Found"}), "a signed-in answer (the status is not 200 and nothing is at"),
        (Answer(200, {"x": 1}), "nor an anonymous one (the body is neither empty nor null)."),
    ],
    ids=["a page", "another field", "no success", "an object"],
)
def test_it_is_said_what_was_missing(answer: Answer, why: str) -> None:
    with pytest.raises(Unrecognised) as unclear:
        asked(answer)
    assert why in str(unclear.value)


@pytest.mark.parametrize(
    ("email", "is_hers"), [("ann@example.com", True), ("ANN@Example.com", True), ("ann@example.co", False)]
)
def test_an_address_is_hers_whatever_its_case(email: str, is_hers: bool) -> None:
    ann = PersonFactory(PROFILE.people, 1).person("Ann")
    ann.email = "Ann@example.com"
    assert Identity(None, email, None).is_of(ann) is is_hers


@pytest.mark.parametrize(
    ("identity", "is_hers"),
    [
        (Identity("8", None, None, "ann1"), True),
        (Identity("7", None, None, "ANN1"), True),
        (Identity("7", None, None, "bob"), False),
        (Identity("7", None, "Bob"), True),
        (Identity("8", None, "Ann"), False),
        (Identity(None, None, "Ann"), True),
        (Identity(None, None, "Bob"), False),
    ],
    ids=["user name", "in other case", "another user name", "id", "another id", "name", "another name"],
)
def test_without_an_address_another_mark_says_whose_it_is(identity: Identity, is_hers: bool) -> None:
    ann = PersonFactory(PROFILE.people, 1).person("Ann")
    ann.email, ann.name, ann.id = "ann.1@example.com", "Ann", "7"
    assert identity.is_of(ann) is is_hers


@pytest.mark.parametrize(
    ("told", "is_hers"),
    [
        (Identity("7", None, "Ann"), True),
        (Identity("7", None, "Bob"), False),
        (Identity("7", None, "Made up", name_is_given=False), True),
        (Identity("7", None, None), True),
        (Identity("7", None, None, owner="ann@example.com"), True),
        (Identity("7", None, None, owner="bob@example.com"), False),
    ],
    ids=["her name", "another name", "a name made up", "nothing else", "known as hers", "known as another's"],
)
def test_an_id_that_is_not_known_yet_is_hers_unless_it_is_another_s(told: Identity, is_hers: bool) -> None:
    ann = PersonFactory(PROFILE.people, 1).person("Ann")
    ann.email, ann.name = "Ann@example.com", "Ann"
    assert told.is_of(ann) is is_hers


@pytest.mark.parametrize(
    ("identity", "called"),
    [
        (Identity("7", "ann@example.com", "Ann", "ann"), "ann@example.com"),
        (Identity("7", None, "Ann", "ann"), "ann"),
        (Identity("7", None, "Ann"), "Ann"),
        (Identity("7", None, None), "the user with the id 7"),
    ],
)
def test_a_sentence_names_by_what_is_told(identity: Identity, called: str) -> None:
    assert identity.called == called


def test_one_id_of_two_people_is_found_out() -> None:
    profile = parse_profile(ID_ALONE, "mine.toml", Path())
    backend = FakeBackend()
    backend.routes[SESSION] = lambda sent: Answer(200, {"id": 1} if backend.signed_in(sent) else None)
    deployment = Deployment(Target(profile, WEB, API), FakeClient(backend))
    ann, bob = (PersonFactory(profile.people, 1).person(alias) for alias in ("Ann", "Bob"))
    deployment.sessions.open_account(ann)
    assert ann.id == "1"
    with pytest.raises(NotSignedIn, match="Bob's first device is signed in as the user with the id 1"):
        deployment.sessions.open_account(bob)


def test_an_answer_without_the_mark_says_which_is_missing() -> None:
    profile = parse_profile(ID_ALONE, "mine.toml", Path())
    deployment = Deployment(Target(profile, WEB, API), FakeClient(lambda _: Answer(200, {"name": "Ann"})))
    with pytest.raises(Unrecognised, match=r"nothing is at /id \(operations\.session\.identity\.id\)"):
        deployment.identity.who_is(ANONYMOUS, "Ann")


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ("identity = {}", 'give one of "email", "username", "id" and "name"'),
        (
            'identity = { name = "/name" }\n[operations.sign_up]\njson = { email = "{email}" }',
            "tells a name alone, and sign_up takes none",
        ),
    ],
)
def test_an_identity_that_tells_nobody_is_refused(changes: str, wrong: str) -> None:
    with pytest.raises(ProfileError, match=wrong):
        parse_profile(f'extends = "reference"\n[operations.session]\n{changes}\n', "mine.toml", Path())


def test_a_profile_s_own_pointers_are_followed() -> None:
    profile = parse_profile(OTHER_POINTERS, "mine.toml", Path())
    answer = Answer(200, [{"mail": "ann@example.com"}])
    deployment = Deployment(Target(profile, WEB, API), FakeClient(lambda _: answer))
    assert deployment.identity.who_is(ANONYMOUS, "Ann") == Identity(None, "ann@example.com", None)

"""Who the session endpoint says is there: somebody, nobody, or neither."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.deployment.credential import ANONYMOUS
from harness.deployment.deployment import Deployment
from harness.deployment.errors import Unrecognised
from harness.deployment.identity import Identity
from harness.deployment.people import PersonFactory
from harness.profile.loader import load_profile, parse_profile
from harness.profile.target import Target
from tests.support.fake_client import API, WEB, Answer, FakeClient

PROFILE = load_profile("reference")
OTHER_POINTERS = """extends = "reference"
[operations.session]
method = "GET"
path = "/me"
identity = { email = "/0/mail" }
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


def test_a_profile_s_own_pointers_are_followed() -> None:
    profile = parse_profile(OTHER_POINTERS, "mine.toml", Path())
    answer = Answer(200, [{"mail": "ann@example.com"}])
    deployment = Deployment(Target(profile, WEB, API), FakeClient(lambda _: answer))
    assert deployment.identity.who_is(ANONYMOUS, "Ann") == Identity(None, "ann@example.com", None)

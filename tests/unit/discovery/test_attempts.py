"""What distinguishes answers, and what an answer to a guess asks for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.core.exchange import Exchange
from harness.deployment.answer import matches
from harness.deployment.told_apart import told_apart
from harness.discovery.trial.attempts import destination, is_accepted
from harness.discovery.trial.endings import _as_answered
from harness.discovery.trial.json_places import beside, place_of
from harness.profile.operation import Outcomes

FORM = "<form method=post><input name=a><input name=b type=password></form>"


def answer(status: int, body: Any = "", **headers: str) -> Exchange:
    given = [(name.replace("_", "-"), value) for name, value in headers.items()]
    text = body if isinstance(body, str) else json.dumps(body)
    return Exchange("Lee", "POST", "http://127.0.0.1/login", (), b"", status, given, text.encode(), 0.0)


HTML = {"content_type": "text/html"}
PAIRS = {
    "by status": (answer(303, location="/home"), answer(401)),
    "by where they lead": (answer(302, location="/home"), answer(302, location="/login?error=1")),
    "by where they lead, with a host": (
        answer(302, location="http://127.0.0.1/home"),
        answer(302, location="http://127.0.0.1/login"),
    ),
    "by where they lead, the front page without its slash": (
        answer(302, location="http://127.0.0.1"),
        answer(302, location="http://127.0.0.1/login?error=1"),
    ),
    "by a cookie": (answer(302, location="/", set_cookie="sid=abc; Path=/"), answer(302, location="/")),
    "by what is in the JSON": (answer(200, {"user": {"id": 1}}), answer(200, {"user": None, "error": "no"})),
    "as usual": (answer(200, {"token": "abc"}), answer(400, {"error": "no"})),
}


@pytest.mark.parametrize(("right", "wrong"), PAIRS.values(), ids=PAIRS)
def test_two_answers_are_distinguished(right: Exchange, wrong: Exchange) -> None:
    found = told_apart(right, wrong)
    assert found is not None
    outcomes = Outcomes.model_validate(found)
    assert matches(outcomes.success, right)
    assert not matches(outcomes.success, wrong)
    assert matches(outcomes.bad_credentials, wrong)


@pytest.mark.parametrize(
    ("right", "outcomes"),
    [(answer(200, {"token": "abc"}), {}), (answer(303, location="/home"), {"success": {"status": 303}})],
    ids=["a success", "a redirect"],
)
def test_a_server_that_breaks_over_a_wrong_password_has_not_refused_it(
    right: Exchange, outcomes: dict[str, Any]
) -> None:
    found = told_apart(right, answer(500))
    assert found == outcomes
    assert not matches(Outcomes.model_validate(found).bad_credentials, answer(500))


def test_a_redirect_to_no_address_is_no_success_and_leads_nowhere() -> None:
    nowhere = answer(302, location="http://[")
    assert not is_accepted(nowhere, {"path": "/login"})
    assert destination(nowhere) is None


def test_answers_that_are_alike_are_not_distinguished() -> None:
    assert told_apart(answer(200, {"ok": True}), answer(200, {"ok": True})) is None
    assert told_apart(answer(200), None) is None


@pytest.mark.parametrize(
    ("came", "accepted"),
    [
        (answer(303, location="/home"), True),
        (answer(302, location="/login?error=1"), False),
        (answer(200, FORM, **HTML), False),
        (answer(200, "<p>Welcome</p>", **HTML), True),
        (answer(200, {"errors": ["taken"]}), False),
        (answer(201, {"id": 1}), True),
        (answer(409), False),
    ],
)
def test_an_accepted_form_leads_away_from_itself(came: Exchange, accepted: bool) -> None:
    assert is_accepted(came, {"path": "/login"}) is accepted


def test_a_text_is_found_in_objects_and_not_in_lists() -> None:
    content = {"all": [{"mail": "a@b"}], "me": {"number": 7, "user": {"pk": 3, "mail": "a@b"}}}
    place = place_of(content, lambda text: text == "a@b")
    assert place == "/me/user/mail"
    assert beside(content, place, "id") == "/me/user/pk"


@pytest.mark.parametrize(
    ("status", "outcomes"), [(204, {}), (303, {"outcomes": {"success": {"status": 303}}}), (500, {})]
)
def test_a_server_that_breaks_at_sign_out_has_not_succeeded(status: int, outcomes: dict[str, Any]) -> None:
    operation = {"method": "POST", "path": "/leave"}
    assert _as_answered(operation, answer(status, location="/")) == operation | outcomes

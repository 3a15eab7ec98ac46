"""An operation is sent as a browser would send it, and an answer is what the profile says it is."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from harness.core.errors import Absent
from harness.core.exchange import Exchange
from harness.deployment.answer import ABSENT, at, how_answered, matches, text_at, throttled_words, throttling
from harness.deployment.credential import ANONYMOUS, Credential
from harness.deployment.errors import Missing
from harness.deployment.request import perform
from harness.deployment.tampered import Tampering
from harness.deployment.template import render
from harness.profile.loader import load_profile, parse_profile
from harness.profile.operation import Operation, Predicate
from harness.profile.target import Target

WEB = "http://127.0.0.1:3000"
API = "http://127.0.0.1:8000"
TARGET = Target(load_profile("reference"), WEB, API)
COOKIE = Credential("Ann's laptop", {"sid": "1", "b": "2"})
BEARER = Credential("Ann's token", headers=(("Authorization", "Bearer x"),))


class Recording:
    """A client that notes what it is asked to send."""

    def send(
        self, who: str, method: str, url: str, headers: list[tuple[str, str]], body: bytes | None
    ) -> Exchange:
        return Exchange(who, method, url, headers, body or b"", 204, [], b"", 0.0)


def sent(
    operation: Mapping[str, Any],
    values: Mapping[str, str] = {},
    credential: Credential = ANONYMOUS,
    tampering: Tampering = Tampering(),  # noqa: B008 - frozen
) -> Exchange:
    declared = Operation.model_validate({"method": "POST", "path": "/x", **operation})
    return perform(TARGET, Recording(), "Ann", declared, values, credential, tampering)  # type: ignore[arg-type]


def header(exchange: Exchange, name: str) -> list[str]:
    return [value for key, value in exchange.request_headers if key.lower() == name]


def test_templates_are_filled_at_every_depth() -> None:
    template = {"user": {"mail": "{email}", "tags": ["{name}", "plain", 1, None, True]}, "{email}": "kept"}
    assert render(template, {"email": "ann@example.com", "name": "Ann"}) == {
        "user": {"mail": "ann@example.com", "tags": ["Ann", "plain", 1, None, True]},
        "{email}": "kept",
    }


def test_a_value_is_not_a_template_itself() -> None:
    assert render("{name}", {"name": "{password}", "password": "secret"}) == "{password}"


def test_a_template_that_asks_for_what_nobody_knows_is_our_error() -> None:
    with pytest.raises(Missing, match=r"asks for \{phone\} in an operation in which only email are known"):
        render("{phone}", {"email": "x"})
    with pytest.raises(Missing, match=r"asks for \{phone\} in an operation in which no placeholder is known"):
        render("{phone}", {})


def test_a_value_in_a_path_can_not_leave_it() -> None:
    exchange = sent({"path": "/tasks/{task_id}"}, {"task_id": "../a b?c=d/é"})
    assert exchange.url == f"{WEB}/tasks/..%2Fa%20b%3Fc%3Dd%2F%C3%A9"


def test_json_and_form_and_nothing() -> None:
    values = {"email": "ann+1@example.com"}
    as_json = sent({"json": {"email": "{email}"}}, values)
    assert json.loads(as_json.request_body) == {"email": "ann+1@example.com"}
    assert header(as_json, "content-type") == ["application/json"]
    as_form = sent({"form": {"email": "{email}"}}, values)
    assert parse_qs(as_form.request_body.decode()) == {"email": ["ann+1@example.com"]}
    assert header(as_form, "content-type") == ["application/x-www-form-urlencoded"]
    bare = sent({})
    assert (bare.request_body, header(bare, "content-type")) == (b"", [])


def test_query_and_headers_and_base() -> None:
    exchange = sent(
        {"base": "api", "query": {"q": "{name}"}, "headers": {"X-Name": "{name}"}}, {"name": "Ann & Bob"}
    )
    assert exchange.url.startswith(f"{API}/x?")
    assert parse_qs(urlsplit(exchange.url).query) == {"q": ["Ann & Bob"]}
    assert header(exchange, "x-name") == ["Ann & Bob"]


def test_cookies_travel_in_one_header() -> None:
    assert header(sent({}, credential=COOKIE), "cookie") == ["sid=1; b=2"]
    added = sent({}, credential=COOKIE, tampering=Tampering(cookies={"user": "bob"}))
    assert header(added, "cookie") == ["sid=1; b=2; user=bob"]


@pytest.mark.parametrize(
    ("operation", "credential", "tampering", "origin"),
    [
        pytest.param({"method": "POST"}, ANONYMOUS, Tampering(), [WEB], id="a form of the pages"),
        pytest.param({"method": "GET"}, COOKIE, Tampering(), [], id="reading"),
        pytest.param({"method": "DELETE", "base": "api"}, COOKIE, Tampering(), [WEB], id="a cookie at the API"),
        pytest.param({"method": "POST", "base": "api"}, BEARER, Tampering(), [], id="a token at the API"),
        pytest.param(
            {"method": "POST"}, COOKIE, Tampering(origin="https://evil.invalid"), ["https://evil.invalid"]
        ),
        pytest.param({"method": "GET"}, COOKIE, Tampering(origin="null"), ["null"], id="a foreign page reads"),
    ],
)
def test_origin_is_sent_where_a_browser_sends_it(
    operation: dict[str, Any], credential: Credential, tampering: Tampering, origin: list[str]
) -> None:
    assert header(sent(operation, credential=credential, tampering=tampering), "origin") == origin


def test_an_attack_changes_what_it_says_and_nothing_else() -> None:
    operation = {"json": {"email": "{email}"}, "query": {"a": "1"}}
    tampering = Tampering(query={"next": "//evil"}, body={"role": "admin"}, headers=(("X-User", "bob"),))
    plain = sent(operation, {"email": "e"}, COOKIE)
    tampered = sent(operation, {"email": "e"}, COOKIE, tampering)
    assert json.loads(tampered.request_body) == {"email": "e", "role": "admin"}
    assert parse_qs(urlsplit(tampered.url).query) == {"a": ["1"], "next": ["//evil"]}
    assert set(tampered.request_headers) - set(plain.request_headers) == {("X-User", "bob")}
    assert set(plain.request_headers) <= set(tampered.request_headers)


@pytest.mark.parametrize(
    ("body", "came"),
    [
        ({"email": "{email}"}, {"email": "e", "role": "admin"}),
        ({"user": {"email": "{email}"}, "terms": True}, {"user": {"email": "e", "role": "admin"}, "terms": True}),
        (
            {"query": "mutation", "variables": {"input": {"mail": "{email}"}, "role": {"email": "{email}"}}},
            {
                "query": "mutation",
                "variables": {"input": {"mail": "e", "role": "admin"}, "role": {"email": "e", "role": "admin"}},
            },
        ),
        ([{"email": "{email}"}, 1], [{"email": "e", "role": "admin"}, 1]),
        ({"terms": {"accepted": True}}, {"terms": {"accepted": True}, "role": "admin"}),
    ],
    ids=["flat", "an envelope", "deep", "a list", "nothing of a person"],
)
def test_a_wish_stands_beside_what_is_told_of_a_person(body: Any, came: Any) -> None:
    # What the body is at its top is an object; a list stands inside.
    wrap = (lambda value: {"people": value}) if isinstance(body, list) else (lambda value: value)
    tampered = sent({"json": wrap(body)}, {"email": "e"}, tampering=Tampering(beside={"role": "admin"}))
    assert json.loads(tampered.request_body) == wrap(came)


@pytest.mark.parametrize(
    "tampering",
    [Tampering(left_out=("password",)), Tampering(beside={"role": "admin"}), Tampering(body={"role": "admin"})],
    ids=["left out", "beside", "in the body"],
)
def test_an_attack_that_changes_nothing_is_none(tampering: Tampering) -> None:
    with pytest.raises(Absent, match="GET /x, as the profile describes it, has nothing of what would be changed"):
        sent({"method": "GET"}, tampering=tampering)


def test_an_origin_that_is_empty_is_sent() -> None:
    assert header(sent({"json": {}}, tampering=Tampering(origin="")), "origin") == [""]


def test_a_wish_in_a_form_and_beside_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_KEY", "k")
    wish = Tampering(beside={"role": "admin"})
    form = sent({"form": {"email": "{email}"}}, {"email": "e"}, tampering=wish)
    assert parse_qs(form.request_body.decode()) == {"email": ["e"], "role": ["admin"]}
    keyed = {"json": {"key": "{env:SHOP_KEY}", "user": {"email": "{email}"}}}
    body = json.loads(sent(keyed, {"email": "e"}, tampering=wish).request_body)
    assert body == {"key": "k", "user": {"email": "e", "role": "admin"}}


def test_a_raw_body_replaces_the_json_and_its_type() -> None:
    tampered = sent({"json": {"a": "b"}}, tampering=Tampering(raw_body=b"a=b", content_type="text/plain"))
    assert (tampered.request_body, header(tampered, "content-type")) == (b"a=b", ["text/plain"])
    untyped = sent({"json": {"a": "b"}}, tampering=Tampering(raw_body=b""))
    assert (untyped.request_body, header(untyped, "content-type")) == (b"", [])


def answered(status: int = 200, body: bytes = b"", *headers: tuple[str, str]) -> Exchange:
    return Exchange("Ann", "GET", WEB, [], b"", status, headers, body, 0.0)


USER = b'{"user": {"email": "ann@example.com", "age": 3, "admin": false, "name": "", "phone": null}}'


@pytest.mark.parametrize(
    ("predicate", "exchange", "fits"),
    [
        ({"status": 200}, answered(200), True),
        ({"status": 200}, answered(201), False),
        ({"status": [200, "4xx"]}, answered(404), True),
        ({"status": "2xx"}, answered(302), False),
        ({"status": 200, "null_body": True}, answered(200, b" null\n"), True),
        ({"status": 200, "null_body": True}, answered(200), True),
        ({"status": 200, "null_body": True}, answered(200, b"{}"), False),
        ({"status": 200, "pointer": "/user/email", "present": True}, answered(200, USER), True),
        ({"status": 200, "pointer": "/user/mail", "present": True}, answered(200, USER), False),
        ({"status": 200, "pointer": "/user/email", "present": True}, answered(200, b"<html>"), False),
        ({"status": 200, "pointer": "/user", "present": False}, answered(200, b"null"), True),
        ({"status": 200, "pointer": "/user", "present": False}, answered(200, USER), False),
        ({"status": 200, "pointer": "/user/age", "equals": 3}, answered(200, USER), True),
        ({"status": 200, "pointer": "/user/age", "equals": "3"}, answered(200, USER), False),
        ({"status": 302, "location": "^/signin"}, answered(302, b"", ("Location", "/signin?next=x")), True),
        ({"status": 302, "location": "^/signin"}, answered(302, b"", ("Location", "/tasks")), False),
        ({"status": 302, "location": "^/signin"}, answered(302), False),
        ({"status": 200, "sets_cookie": "sid"}, answered(200, b"", ("Set-Cookie", "__Host-sid=1; Path=/")), True),
        ({"status": 200, "sets_cookie": "sid"}, answered(200, b"", ("Set-Cookie", "sid=; Max-Age=0")), False),
        ({"status": 200, "sets_cookie": "sid"}, answered(200, b"", ("set-cookie", "other=1")), False),
    ],
)
def test_what_an_answer_is(predicate: dict[str, Any], exchange: Exchange, fits: bool) -> None:
    assert matches([Predicate.model_validate(predicate)], exchange) is fits


def test_one_alternative_is_enough_and_none_fits_nothing() -> None:
    first, second = Predicate(status=[200]), Predicate(status=[401])
    assert matches([first, second], answered(401))
    assert not matches([], answered(200))


@pytest.mark.parametrize(
    ("pointer", "text"),
    [
        ("/user/email", "ann@example.com"),
        ("/user/age", "3"),
        ("/user/admin", None),
        ("/user/name", None),
        ("/user/phone", None),
        ("/user", None),
        ("/nobody", None),
    ],
)
def test_text_in_a_body(pointer: str, text: str | None) -> None:
    assert text_at(answered(200, USER), pointer) == text


def test_what_is_not_there_is_not_null() -> None:
    assert at(answered(200, USER), "/user/phone") is None
    assert at(answered(200, USER), "/user/mail") is ABSENT
    assert at(answered(200, b"not json"), "") is ABSENT


TOLD_BY_BODY = {
    "method": "POST",
    "path": "/x",
    "outcomes": {
        "success": {"status": 200, "pointer": "/ok", "equals": True},
        "forbidden": {"status": 200, "pointer": "/why", "equals": "NOT_YOURS"},
    },
}


@pytest.mark.parametrize(
    ("exchange", "sentence"),
    [
        (answered(403), "it was answered 403"),
        (answered(302), "it was answered 302"),
        (answered(200, b'{"ok": true}'), 'it was answered 200 ({"ok": true})'),
        (
            answered(200, b'{"why": "NOT_YOURS"}'),
            'it was answered 200 ({"why": "NOT_YOURS"}), which the profile calls "forbidden"',
        ),
        (
            answered(200, b'{"why": "NEW"}'),
            'it was answered 200 ({"why": "NEW"}), and the profile has no word for it',
        ),
    ],
)
def test_where_the_status_does_not_tell_the_profile_does(exchange: Exchange, sentence: str) -> None:
    assert how_answered(Operation.model_validate(TOLD_BY_BODY), exchange) == sentence


def test_each_operation_may_have_its_own_words_for_too_much() -> None:
    added = """extends = "reference"
[outcomes]
throttled = { status = 200, pointer = "/error", equals = "SLOW" }
[operations.sign_in]
outcomes.throttled = { status = 303, location = "error=slow" }
"""
    is_throttled = throttling(parse_profile(added, "mine.toml", Path()))
    assert is_throttled(answered(200, b'{"error": "SLOW"}'))
    assert is_throttled(answered(303, b"", ("Location", "/login?error=slow")))
    assert not is_throttled(answered(303, b"", ("Location", "/login?error=wrong")))
    assert not is_throttled(answered(429))


def test_what_operations_repeat_is_looked_for_once() -> None:
    profile = load_profile("reference")
    assert len(profile.every_operation()) > 20
    assert throttled_words(profile) == profile.outcomes.throttled


def test_an_operation_knows_what_it_asks_for() -> None:
    asking = Operation.model_validate({"method": "POST", "path": "/x", "json": {"user": [{"n": "{name}"}]}})
    assert asking.asks_for("name")
    assert not asking.asks_for("email")


# --- what is left out ---


def test_a_field_that_is_left_out_is_not_sent() -> None:
    values, tampering = {"password": "old", "new_password": "new"}, Tampering(left_out=("password",))
    template = {"user": {"current": "{password}", "wanted": "{new_password}"}, "again": "{new_password}"}
    as_json = sent({"json": template}, values, tampering=tampering)
    assert json.loads(as_json.request_body) == {"user": {"wanted": "new"}, "again": "new"}
    as_form = sent({"form": {"current": "{password}", "wanted": "{new_password}"}}, values, tampering=tampering)
    assert parse_qs(as_form.request_body.decode()) == {"wanted": ["new"]}
    in_query = sent({"query": {"current": "{password}", "x": "1"}}, values, tampering=tampering)
    assert urlsplit(in_query.url).query == "x=1"


def test_a_field_may_hold_another_json_value() -> None:
    values = {"email": "ann@example.com", "password": "old"}
    template = {"user": {"email": "{email}", "password": "{password}"}, "note": "is {password}"}
    as_json = sent({"json": template}, values, tampering=Tampering(instead={"password": {"$ne": None}}))
    found = json.loads(as_json.request_body)
    assert found["user"] == {"email": "ann@example.com", "password": {"$ne": None}}
    as_form = sent({"form": {"p": "{password}"}}, values, tampering=Tampering(instead={"password": "' --"}))
    assert parse_qs(as_form.request_body.decode()) == {"p": ["' --"]}

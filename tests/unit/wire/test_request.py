"""What is put into a request before it is sent arrives where it belongs."""

from __future__ import annotations

import json

import pytest

from harness.wire.request import FORM, Fields, Raw, Request

URL = "http://127.0.0.1/tasks"


def test_a_bare_request_has_no_header_and_no_body() -> None:
    assert Request("GET", URL).encoded() == ("GET", URL, [], None)


@pytest.mark.parametrize(("url", "whole"), [(URL, f"{URL}?b=1+2"), (f"{URL}?a=1", f"{URL}?a=1&b=1+2")])
def test_a_query_is_added_to_the_one_that_is_there(url: str, whole: str) -> None:
    assert Request("GET", url).adding(query={"b": "1 2"}).encoded().url == whole


def test_all_cookies_travel_in_one_header_after_the_others() -> None:
    request = Request("GET", URL, cookies={"a": "1"}).adding(cookies={"b": "2"}, headers=[("X-One", "1")])
    assert request.encoded().headers == [("X-One", "1"), ("Cookie", "a=1; b=2")]


def test_a_later_cookie_replaces_one_of_its_name() -> None:
    request = Request("GET", URL, cookies={"a": "1"}).adding(cookies={"a": "2"})
    assert request.encoded().headers == [("Cookie", "a=2")]


@pytest.mark.parametrize(
    ("content", "body"),
    [
        (Fields({"a": {"b": "1"}}), b'{"a": {"b": "1"}, "t": "2"}'),
        (Fields({"a": "1 1"}, FORM), b"a=1+1&t=2"),
        (Raw(b"as it is", "text/plain"), b"as it is"),
    ],
    ids=["JSON", "form", "raw"],
)
def test_fields_go_into_the_body_in_its_own_form(content: Fields | Raw, body: bytes) -> None:
    sent = Request("POST", URL, content=content).adding(fields={"t": "2"}).encoded()
    assert sent.body == body
    assert sent.headers == [("Content-Type", content.content_type)]


def test_a_request_without_a_body_gets_one_where_its_method_has_one() -> None:
    posted = Request("POST", URL).adding(fields={"t": "1"}).encoded()
    assert json.loads(posted.body or b"") == {"t": "1"}
    assert Request("GET", URL).adding(fields={"t": "1"}).encoded().body is None
    assert Request("POST", URL).adding(fields={}).encoded().body is None


def test_a_raw_body_may_have_no_type() -> None:
    assert Request("POST", URL, content=Raw(b"")).encoded() == ("POST", URL, [], b"")


def test_the_request_itself_stays_as_it_was() -> None:
    first = Request("POST", URL, content=Fields({}))
    first.adding(query={"a": "1"}, fields={"b": "2"}, cookies={"c": "3"}, headers=[("D", "4")])
    assert first == Request("POST", URL, content=Fields({}))

"""Values in JSON and in pages, found as the profile says."""

from __future__ import annotations

import time

import pytest

from harness.deployment.difference import difference
from harness.deployment.extraction import items, nothing_at, value_at, whole
from harness.profile.extraction import Extraction, at_pointer
from tests.support.scenario import answered

HTML = ("Content-Type", "text/html; charset=utf-8")
PAGE = """<!doctype html><meta name="csrf" content="c-1"><input type="hidden" name="token" value="a&amp;b">
<p id="me" data-user="7">Signed in as
  <b>O&#x27;Neill</b> (oneill+1@example.com)
<table><tr data-row="1"><td><a href="/notes/1?x=2">Milk &amp; eggs</a><td>x
<tr data-row="2"><td><a href="/notes/22">Bread</a></table><ul class="none"></ul>"""


def found(text: str, *headers: tuple[str, str], **place: str) -> str | None:
    return value_at(whole(answered(200, text, *headers)), Extraction(**place))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ({"css": "#me"}, "Signed in as O'Neill (oneill+1@example.com)"),
        ({"css": "#me b"}, "O'Neill"),
        ({"css": "#me", "attribute": "data-user"}, "7"),
        ({"css": "#me", "pattern": r"\((.+)\)"}, "oneill+1@example.com"),
        ({"pattern": r"<b>(.+?)</b>"}, "O'Neill"),
        ({"css": "a", "attribute": "href", "pattern": r"/notes/(\d+)"}, "1"),
        ({"css": "input[name=token]"}, "a&b"),
        ({"css": "meta[name=csrf]"}, "c-1"),
        ({"css": "#me", "attribute": "title"}, None),
        ({"css": "#nobody"}, None),
        ({"pattern": "Signed out(.*)"}, None),
        ({"pointer": "/user"}, None),
    ],
    ids=str,
)
def test_a_page_says_it_in_an_element_or_by_a_pattern(place: dict[str, str], value: str | None) -> None:
    assert found(PAGE, HTML, **place) == value


def test_a_pointer_may_lead_to_a_text_that_holds_it() -> None:
    text = '{"link": "/notes/22?a=1&amp;b", "n": 3, "is": true, "none": null, "empty": ""}'
    assert found(text, pointer="/link", pattern=r"/notes/(\d+)") == "22"
    assert found(text, pointer="/link", pattern="a=(.+)") == "1&amp;b", "JSON has no entities"
    assert [found(text, pointer=f"/{name}") for name in ("n", "is", "none", "empty", "no")] == ["3", *[None] * 4]


def test_no_element_is_in_json_and_nothing_in_an_empty_body() -> None:
    assert found('{"a": "<b>Ann</b>"}', css="#me") is None
    assert found("", HTML, css="b") is None
    assert found("\x00", HTML, css="b") is None
    assert items(whole(answered(200, '{"data": []}')), Extraction(css="li")) is None


def test_the_items_of_a_page_are_looked_into_one_by_one() -> None:
    page = whole(answered(200, PAGE, HTML))
    for place in (Extraction(css="tr"), Extraction(pattern=r"(?s)(<tr.*?</a>)")):
        rows = items(page, place)
        assert rows is not None
        assert [value_at(row, Extraction(css="a")) for row in rows] == ["Milk & eggs", "Bread"]
        assert [value_at(row, Extraction(pattern=r'href="/notes/(\d+)')) for row in rows] == ["1", "22"]
    rows = items(page, Extraction(css="tr")) or []
    assert [value_at(row, Extraction(css="tr", attribute="data-row")) for row in rows] == ["1", "2"]
    assert items(page, Extraction(css=".none li")) == []


def test_the_items_of_json_are_where_the_pointer_says() -> None:
    answer = whole(answered(200, '{"data": [{"id": 1}, {"id": "x"}]}'))
    assert [value_at(one, at_pointer("/id")) for one in items(answer, at_pointer("/data")) or []] == ["1", "x"]
    assert items(answer, at_pointer("")) is None
    assert items(answer, at_pointer("/data/0")) is None


def test_what_is_missing_is_named_by_its_place() -> None:
    page = answered(200, PAGE, HTML)
    assert nothing_at(at_pointer("/user/email"), page) == (
        "nothing is at /user/email, for the body is no JSON object"
    )
    place = Extraction(css="#me", attribute="title", pattern="(.+)")
    assert nothing_at(place, page) == 'nothing is at css "#me", attribute title, pattern "(.+)"'


@pytest.mark.parametrize("unit", ["<div>", "<b><p>", "<a><table><b>", "<ul><li>", "<svg><p>"])
def test_no_page_takes_long(unit: str) -> None:
    began = time.monotonic()
    assert found(unit * (2_000_000 // len(unit)), HTML, css="q.none") is None
    assert time.monotonic() - began < 10


def test_the_random_values_of_a_form_distinguish_no_answers() -> None:
    form = '<form><input type="hidden" name="csrf" value="{}"><p>{}</p></form>'
    tokens = ("DtHLEaS0xEJ4yaQtaUdTFy1GInNIpXTn", "ayejVD28dlobnglACDwcwyay3OrlChSq")
    one, other = (answered(200, form.format(token, "No such user."), HTML) for token in tokens)
    assert difference(one, other, []) is None
    telling = answered(200, form.format(tokens[1], "Wrong password."), HTML)
    assert difference(one, telling, []) is not None
    one, other = (answered(200, f'{{"state": "{token}"}}') for token in tokens)
    assert difference(one, other, []) is not None

"""A page's HTML says where it leads, and which form asks for a password."""

from __future__ import annotations

import pytest

from harness.wire.document import read_document


@pytest.mark.parametrize(
    ("html", "destination"),
    [
        ('<meta http-equiv="refresh" content="0;url=/signin">', "/signin"),
        ("<META HTTP-EQUIV=Refresh CONTENT=\"1; URL='/signin?next=%2F'\">", "/signin?next=%2F"),
        ('<meta http-equiv="refresh" content="0, /signin">', "/signin"),
        ('<meta http-equiv="refresh" content="0;url=/a"><meta http-equiv="refresh" content="0;url=/b">', "/a"),
        ('<meta http-equiv="refresh" content="300;url=/tasks">', None),
        ('<meta http-equiv="refresh" content="5">', None),
        ('<meta http-equiv="content-type" content="0;url=/signin">', None),
        ('<meta http-equiv="refresh">', None),
        ("url=/signin", None),
    ],
)
def test_where_a_page_leads(html: str, destination: str | None) -> None:
    assert read_document(html).destination == destination


@pytest.mark.parametrize(
    ("html", "fields"),
    [
        ("<form><input name=email><input name=pw type=password><button>Go</button></form>", {"email", "pw"}),
        ("<form><input type=hidden name=csrf><input type=password id=pw><input type=submit></form>", {"pw"}),
        ("<input placeholder=Mail><input type=PASSWORD>", {"Mail", "password"}),
        ("<form><input name=q></form><form><input type=password name=pw></form>", {"pw"}),
        ("<form><input name=q></form>", set()),
        ("{}", set()),
    ],
)
def test_the_fields_beside_a_password(html: str, fields: set[str]) -> None:
    assert read_document(html).password_form == fields


def test_only_the_beginning_is_looked_at() -> None:
    late = " " * 300_000 + '<meta http-equiv="refresh" content="0;url=/signin">'
    assert read_document(late).destination is None


def test_no_more_than_so_many_fields_are_kept() -> None:
    many = "".join(f"<input name=n{number}>" for number in range(1000))
    assert len(read_document(f"{many}<input type=password>").password_form) == 0

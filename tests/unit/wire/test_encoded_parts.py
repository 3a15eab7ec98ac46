"""A part of a cookie is written again as it was, with another's id or address in it."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, unquote

import pytest

from harness.wire.encoded_parts import rewritten

WORDS = {"bob@example.com": "ann-marie@example.com", "user-2": "user-1"}
BOB = {"id": "user-2", "email": "bob@example.com"}
ANN = {"id": "user-1", "email": "ann-marie@example.com"}
MAC = "Zm9vYmFyYmF6cXV4"


def encoded(content: object, *, padded: bool = False, standard: bool = False) -> str:
    text = json.dumps(content).encode()
    written = (base64.b64encode if standard else base64.urlsafe_b64encode)(text).decode()
    return written if padded else written.rstrip("=")


def decoded(part: str) -> object:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


@pytest.mark.parametrize(
    "value", ["", "7f3a9c", MAC, f"{MAC}.{MAC}", "%%%", "user-22", "superuser-2x", "theme=dark"]
)
def test_a_value_that_names_nobody_gives_none(value: str) -> None:
    assert rewritten(value, WORDS) == []


def test_plain_words_are_replaced_where_they_stand_alone() -> None:
    assert rewritten(f"user-2|bob@example.com|{MAC}", WORDS) == [f"user-1|ann-marie@example.com|{MAC}"]


def test_percent_encoding_stays() -> None:
    (changed,) = rewritten(quote(f"user-2|bob@example.com|{MAC}", safe=""), WORDS)
    assert unquote(changed) == f"user-1|ann-marie@example.com|{MAC}"
    assert "|" not in changed


@pytest.mark.parametrize("prefix", ["", "base64-", "v1."])
@pytest.mark.parametrize("suffix", ["", f".{MAC}"])
@pytest.mark.parametrize("further", ["", "x", "xy"], ids=len)
def test_base64_is_decoded_and_written_again(prefix: str, suffix: str, further: str) -> None:
    for changed in rewritten(f"{prefix}{encoded({**BOB, 'n': further})}{suffix}", WORDS):
        assert changed.startswith(prefix)
        assert changed.endswith(suffix)
        part = changed.removeprefix(prefix).removesuffix(suffix).rstrip("=")
        assert decoded(part) == {**ANN, "n": further}


@pytest.mark.parametrize("further", ["", "x", "xy"], ids=len)
def test_padding_is_as_it_was(further: str) -> None:
    content = {**BOB, "n": further}
    with_padding, without = encoded(content, padded=True), encoded(content)
    changed = rewritten(without, WORDS)
    assert any("=" not in one for one in changed)
    if with_padding == without:  # which says nothing of what would be written
        assert any(len(one) % 4 == 0 for one in changed)
    else:
        assert len(changed) == 1
        assert [len(one) % 4 for one in rewritten(with_padding, WORDS)] == [0]


def test_each_part_is_changed_by_itself() -> None:
    value = f"{encoded({**BOB, 'n': 'x'})}.{encoded({'sub': 'user-2'})}.{MAC}"
    for changed in rewritten(value, WORDS):
        same = [one == other for one, other in zip(value.split("."), changed.split("."), strict=True)]
        assert same.count(False) == 1
        assert same[2]


def test_an_address_that_is_percent_encoded_inside_is_replaced() -> None:
    text = f"email={quote('bob@example.com', safe='')}&n=1"
    changed = rewritten(base64.b64encode(text.encode()).decode(), WORDS)
    assert any(quote("ann-marie@example.com", safe="") in base64.b64decode(one + "==").decode() for one in changed)

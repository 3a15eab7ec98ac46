"""Small texts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.text import (
    abridged,
    as_pattern,
    closest,
    counted,
    did_you_mean,
    json_text,
    listed,
    one_line,
    shortened,
    slug,
    tally,
)


@pytest.mark.parametrize(
    ("word", "meant"), [("refernce", "reference"), ("REFERENCE", "reference"), ("better", "Better"), ("xyz", None)]
)
def test_the_closest_word_is_meant_whatever_its_case(word: str, meant: str | None) -> None:
    assert closest(word, ["reference", "Better"]) == meant


def test_a_word_that_nobody_knows_is_close_to_nothing() -> None:
    assert closest("reference", []) is None


def test_the_question_follows_a_sentence() -> None:
    assert did_you_mean("sigin", ["signin", "signup"]) == ' Did you mean "signin"?'
    assert did_you_mean("sigin", ["signin", "signup"], form="@{}") == " Did you mean @signin?"
    assert did_you_mean("xyz", ["signin"]) == ""
    assert did_you_mean("xyz", ["signin"], otherwise=" Define it.") == " Define it."


@pytest.mark.parametrize(
    ("words", "row"), [([], ""), (["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")]
)
def test_words_stand_in_a_row(words: list[str], row: str) -> None:
    assert listed(words) == row
    assert listed(iter(words), "and") == row.replace(" or ", " and ")


def test_a_long_row_says_that_there_are_more() -> None:
    assert abridged(["a", "b"], 2) == "a, b"
    assert abridged(["a", "b", "c"], 2) == "a, b, ..."


@pytest.mark.parametrize(("count", "said"), [(0, "0 doubts"), (1, "1 doubt"), (2, "2 doubts")])
def test_a_noun_is_plural_unless_there_is_one(count: int, said: str) -> None:
    assert counted(count, "doubt") == said


def test_an_irregular_plural_is_given() -> None:
    assert [counted(count, "entry", "entries") for count in (1, 2)] == ["1 entry", "2 entries"]


def test_a_tally_leaves_out_what_is_not_there() -> None:
    assert tally({"fail": 2, "pass": 0, "warn": 1}, ["pass", "fail", "warn", "error"]) == "2 fail, 1 warn"
    assert tally({}, ["pass"]) == "nothing"
    assert tally({"pass": 0}, ["pass"], otherwise="nothing to compare") == "nothing to compare"


def test_a_line_has_single_spaces() -> None:
    assert one_line("\t a \r\n b\u00a0c  ") == "a b c"


def test_a_short_text_stays_whole() -> None:
    assert shortened("abc", 3) == "abc"
    assert shortened("abcd", 3) == "abc..."


def test_a_slug_has_letters_and_digits_only() -> None:
    assert slug("device: Laptop, how: by its menu") == "device-laptop-how-by-its-menu"
    assert slug("../Ärger 42/", "_") == "rger_42"
    assert slug("!?") == ""


def test_json_is_indented_and_ends_with_a_newline() -> None:
    assert json_text({"name": "Zoë"}) == '{\n  "name": "Zoë"\n}\n'


@given(st.text(alphabet="a.*+?(){}|$^\\[]-/ \n"))
def test_a_pattern_fits_its_text_alone(text: str) -> None:
    assert re.fullmatch(as_pattern(text), text)
    assert not re.fullmatch(as_pattern(text), f"{text}a")


def test_a_pattern_is_readable_in_toml() -> None:
    assert as_pattern("That does not open anything.") == "That does not open anything[.]"
    assert as_pattern("^[a]") == r"\^\[a\]"

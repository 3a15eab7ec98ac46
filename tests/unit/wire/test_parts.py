"""The named parts of JSON data, however deep and wide it is."""

from __future__ import annotations

from harness.wire.parts import fields, leaves

DATA = {"a": [1, {"b": None}, True], "c/d": "e", "f": {}}


def test_leaves_are_what_is_no_object_and_no_array() -> None:
    assert list(leaves(DATA)) == [("/c~1d", "e"), ("/a/0", 1), ("/a/2", True), ("/a/1/b", None)]


def test_fields_are_texts_and_numbers() -> None:
    assert list(fields(DATA)) == [("/c~1d", "e"), ("/a/0", "1")]
    assert list(fields("x")) == [("the body", "x")]
    assert list(fields(None)) == []


def test_depth_breaks_nothing() -> None:
    deep: object = "bottom"
    for _ in range(5_000):
        deep = [deep]
    ((pointer, value),) = leaves(deep)
    assert (len(pointer), value) == (10_000, "bottom")

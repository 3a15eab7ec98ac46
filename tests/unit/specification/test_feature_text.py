"""What a feature file says, step by step, and the version of the whole."""

from __future__ import annotations

import re
from pathlib import Path

from harness.specification.feature_text import Examples, Step, read_feature_text
from harness.specification.version import specification_version

FEATURE = '''
Feature: One
  What it is
  about.

  Background:
    Given a world

  @one-thing @must
  Scenario Outline: A <thing> is refused
    It is known.

    Given a table
      | a | b |
      | c | d |
    When this comes
      """
      two
      lines
      """
    Then it is refused

    Examples: All of them
      | thing |
      | x     |
      | y     |

  Rule: More
    Background:
      Given another world

    @two-things @must
    Scenario: Another
      When it comes
      Then it goes
'''


def test_a_file_is_read_with_its_rules_tables_and_texts(tmp_path: Path) -> None:
    path = tmp_path / "one.feature"
    path.write_text(FEATURE, "utf-8")
    found = read_feature_text(path)
    assert (found.name, found.description) == ("One", "What it is about.")
    assert [one.source for one in found.backgrounds] == ["Given a world", "Given another world"]
    first, second = found.scenarios
    assert (first.identity, first.description, second.identity) == ("one-thing", "It is known.", "two-things")
    assert first.steps.each == (
        Step("Given", "a table", (("a", "b"), ("c", "d"))),
        Step("When", "this comes", (("two\nlines",),)),
        Step("Then", "it is refused", ()),
    )
    assert first.steps.source.startswith("Given a table\n  | a | b |\n")
    assert first.steps.source.endswith('  """\nThen it is refused')
    assert first.examples == (Examples("", ("thing",), (("x",), ("y",))),)


def test_the_specification_has_a_version() -> None:
    assert re.fullmatch(r"[1-9]\d*\.\d+", specification_version())

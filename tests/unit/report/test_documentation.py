"""docs/specification.md is what the feature files say."""

from __future__ import annotations

import re

import pytest

from harness.report.documentation import PAGE, page_text
from harness.report.markup import plain
from harness.specification.catalogue import FEATURES, Requirement, requirements
from harness.specification.tags import FUNCTIONAL, NEEDS

REGENERATE = "run: python -m harness.report.documentation"
TEXT = page_text()


def section(identity: str) -> str:
    """What the page says of one requirement."""
    return TEXT.partition(f'<a id="{identity}"></a>\n')[2].partition("\n<a id=")[0]


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == TEXT, REGENERATE


def test_every_anchor_is_there_once_and_every_link_on_the_page_has_one() -> None:
    anchors = re.findall(r'<a id="([^"]+)"></a>', TEXT)
    flows = [path.stem for path in FEATURES.glob("*.feature")]
    assert sorted(anchors) == sorted([*requirements(), *(f"flow-{flow}" for flow in flows)])
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= set(anchors)


@pytest.mark.parametrize("one", requirements().values(), ids=lambda one: one.identity)
def test_a_requirement_is_told_whole(one: Requirement) -> None:
    told = section(one.identity)
    assert f"**{one.level.upper()}**, severity {one.severity}{', *core*' if one.core else ''}\n" in told
    assert told.count("](https://") == len([source for source in one.sources if source != FUNCTIONAL])
    assert all(NEEDS[need] in told for need in one.needs)
    assert f"*Why it matters:* {plain(one.why)}\n\n*To fix it:* {plain(one.fix)}\n" in told
    (steps,) = re.findall(r"```gherkin\n(.*?)\n```", told, re.DOTALL)
    assert re.search(r"^When ", steps, re.MULTILINE)
    assert re.search(r"^Then ", steps, re.MULTILINE)
    assert not re.search(r"^ *(@|Scenario|Examples|Background|Feature)", steps, re.MULTILINE)
    below = told.partition(f"{steps}\n```")[2]
    rows = below.count("\n| ") - 2 * below.count("\n| --- ")
    assert rows == len(one.rows)
    where = f"../features/{one.feature}.feature#L{one.line}"
    line = (FEATURES / f"{one.feature}.feature").read_text("utf-8").splitlines()[one.line - 1]
    assert where in told
    assert line.strip().startswith("Scenario")


def test_steps_carry_their_tables_and_backgrounds_stand_before() -> None:
    assert "  | a random password of allowed length      |\n" in section("signin-wrong-password-refused")
    flow = TEXT.partition('<a id="flow-signin"></a>\n')[2].partition("\n<a id=")[0]
    assert "## Sign-in\n\nOnly the right password for the address opens a session." in flow
    assert "Before each scenario:\n\n```gherkin\nGiven Ann is signed in\n```" in flow

"""The lint of the feature files and step modules: what is written is what runs, and nothing is left over."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.features import FEATURES, VENDORS, compiled, parsed, scenarios_in
from tests.support.suite import ROOT

LONGEST = 8
LEVELS = {"@must", "@should", "@may"}
SOURCE = re.compile(r"@((part-of-)?(rfc|asvs|nist)|cwe-|wstg-|api\d|cve-|ghsa-|functional$)")
EXAMPLE_HEADER = re.compile(r"^\s*\|\s*[A-Za-z-]+: .*\|\s*$")
"""An Examples row that is a header's name and value; some servers' own headers have telling names."""


PICKLES = [
    pytest.param(pickle, id=f"{path.stem}: {pickle['name']}") for path in FEATURES for pickle in compiled(path)
]


@pytest.mark.parametrize("pickle", PICKLES)
def test_a_scenario_does_something_and_demands_something(pickle: Any) -> None:
    kinds = [step["type"] for step in pickle["steps"]]
    assert "Action" in kinds, "a scenario needs a When"
    assert "Outcome" in kinds, "a scenario needs a Then"
    assert kinds == sorted(kinds, key=["Context", "Action", "Outcome"].index), "Given, When, Then, in this order"


@pytest.mark.parametrize("pickle", PICKLES)
def test_a_scenario_has_one_level_one_identity_and_a_source(pickle: Any) -> None:
    tags = [tag["name"] for tag in pickle["tags"]]
    assert len(LEVELS.intersection(tags)) == 1
    assert [tag for tag in tags if SOURCE.match(tag)]
    assert len(tags) == len(set(tags)), "each tag once"


@pytest.mark.parametrize("path", FEATURES, ids=lambda path: path.stem)
def test_a_scenario_is_short(path: Path) -> None:
    too_long = [one["name"] for one in scenarios_in(parsed(path)["feature"]) if len(one["steps"]) > LONGEST]
    assert not too_long, f"more than {LONGEST} steps; use a Background: {too_long}"


def test_no_vendor_is_named_outside_the_profiles() -> None:
    ours = sorted([*(ROOT / "steps").rglob("*"), *(ROOT / "harness").rglob("*")])
    files = [*FEATURES, *(path for path in ours if path.suffix in (".py", ".sh", ".html", ".css", ".js"))]
    named = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if VENDORS.search(line) and not (path.suffix == ".feature" and EXAMPLE_HEADER.match(line))
    ]
    assert not named, f"a vendor's name belongs into a profile (harness/target/*.toml): {named}"

"""No old name is used again, every new one exists, and whoever writes an old one is answered with the new one."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.results.waiver_file import WaiverError, load_waivers, read_waivers
from harness.specification.catalogue import requirements
from harness.specification.gherkin import INVENTORY, read_inventory
from harness.specification.renamed import current, renamed, renamed_in, rewritten

ROOT = Path(__file__).parents[3]
OLD, NEW = next(iter(renamed().identities.items()))
ENTRY = """\
[[waiver]]
requirement = "{}"
reason = "A fix is planned."
owner = "Team Door"
issue = "https://issues.example.com/1"
expires = 2027-03-15
"""


def test_no_old_identity_is_used_again() -> None:
    table = renamed().identities
    listed = read_inventory(ROOT / "features" / INVENTORY)
    assert not [old for old in table if old in listed]
    assert not [new for new in table.values() if new not in listed], "a new name is one of the inventory"
    assert len(set(table.values())) == len(table), "two requirements never become one"


def test_no_old_row_is_used_again() -> None:
    for identity, rows in renamed().rows.items():
        known = requirements()[identity].rows
        assert not [old for old in rows if old in known]
        assert not [new for new in rows.values() if new not in known]


def test_the_changelog_has_the_same_table() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    written = re.findall(r"^\| `([a-z0-9-]+)` \| `([a-z0-9-]+)` \|$", text, re.MULTILINE)
    assert dict(written) == renamed().identities
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| `([^`]+: [^`]+)` \| `([^`]+)` \|$", text, re.MULTILINE)
    assert rows == [(one, *names) for one, table in renamed().rows.items() for names in table.items()]


def test_a_scenario_of_an_old_report_is_known_by_its_name_of_today() -> None:
    assert current(OLD, "") == (NEW, "")
    assert current(NEW, "a: b") == (NEW, "a: b")


def test_old_identities_are_found_in_an_expression() -> None:
    expression = f"core and not ({OLD} or {OLD}s)"
    assert renamed_in(expression) == {OLD: NEW}
    assert rewritten(expression) == f"core and not ({NEW} or {OLD}s)"


@pytest.mark.parametrize("read", [read_waivers, lambda path: load_waivers(path, dt.date.max, allow_critical=True)])
def test_a_waiver_with_an_old_identity_is_answered_with_the_new_one(
    tmp_path: Path, read: Callable[[Path], object]
) -> None:
    path = tmp_path / "waivers.toml"
    path.write_text(ENTRY.format(OLD), "utf-8")
    with pytest.raises(WaiverError) as error:
        read(path)
    assert str(error.value) == f'{path}:2: {OLD} is now called {NEW}; write requirement = "{NEW}".'

"""Faults and scenarios know each other: none is named that isn't there, and nothing important is left out."""

from __future__ import annotations

from tests.detection import requirements_page
from tests.detection.catalogue import CATALOGUE, checked, entries
from tests.detection.registry import all_faults
from tests.detection.scenarios import all_scenarios


def _caught() -> dict[str, set[str]]:
    """For each identity that some fault names, the faults."""
    caught: dict[str, set[str]] = {}
    for fault in all_faults().values():
        for identity in fault.caught_by:
            caught.setdefault(identity, set()).add(fault.name)
    return caught


def test_every_named_scenario_exists() -> None:
    unknown = {identity: faults for identity, faults in _caught().items() if identity not in all_scenarios()}
    assert not unknown, "faults name scenarios that are in no feature file"


def test_every_defect_is_in_the_catalogue() -> None:
    known = {entry["id"] for entry in entries()}
    unknown = {fault.name: fault.defect for fault in all_faults().values() if fault.defect not in known}
    assert not unknown, f"faults plant defects that {CATALOGUE.name} does not know"


def test_every_must_scenario_has_a_fault() -> None:
    musts = {scenario.identity for scenario in all_scenarios().values() if scenario.level == "must"}
    without = sorted(musts - set(_caught()))
    assert not without, "no fault shows that these scenarios can turn red; write one in tests/detection/faults/"


def test_every_core_defect_has_a_fault() -> None:
    core = {defect for scenario in all_scenarios().values() if scenario.core for defect in scenario.defects}
    assert len(core) > 30
    without = sorted(core - {fault.defect for fault in all_faults().values()})
    assert not without, "no fault plants these defects; write one in tests/detection/faults/"


def test_every_fault_is_caught_at_its_own_level() -> None:
    scenarios = all_scenarios()
    weaker = [
        fault.name
        for fault in all_faults().values()
        if fault.level not in {scenarios[identity].level for identity in fault.caught_by}
    ]
    assert not weaker, "none of the scenarios that these faults name is of the fault's level"


# --- docs/requirements.md ---


def test_every_entry_and_section_is_checked_or_has_its_reason() -> None:
    ids = {entry["id"] for entry in entries()}
    reasons = requirements_page.unchecked()
    assert ids - checked().keys() == reasons["entries"].keys(), "write a scenario, or the reason in unchecked.toml"
    both = requirements_page.asvs().keys() & reasons["asvs"].keys()
    both |= requirements_page.rfc8725().keys() & reasons["rfc8725"].keys()
    assert not both, "these have a scenario, so take the reason out of unchecked.toml"


def test_the_page_of_requirements_is_of_today() -> None:
    assert requirements_page.PAGE.read_text("utf-8") == requirements_page.page(), (
        "run python -m tests.detection.requirements_page"
    )


def test_every_requirement_of_the_standard_is_listed() -> None:
    """ASVS 5.0 has so many in these chapters, and RFC 8725 as many best practices."""
    reasons = requirements_page.unchecked()
    numbers = {*requirements_page.asvs(), *reasons["asvs"]}
    sections = {chapter: len([one for one in numbers if one.startswith(chapter)]) for chapter in "6789"}
    assert sections == {"6": 47, "7": 19, "8": 13, "9": 7}
    assert len([one for one in numbers if one.startswith(("3.3.", "3.5."))]) == 13
    assert {*requirements_page.rfc8725(), *reasons["rfc8725"]} == {f"3.{number}" for number in range(1, 13)}

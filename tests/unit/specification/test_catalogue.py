"""The features, the committed list of requirements and the catalogue of defects say the same."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.specification.gherkin import INVENTORY, Pickle, read_feature, read_inventory

ROOT = Path(__file__).resolve().parents[3]
FEATURES = sorted((ROOT / "features").glob("*.feature"))
PICKLES = [pickle for path in FEATURES for pickle in read_feature(path)]
CATALOGUE = {entry["id"]: entry for entry in json.loads((ROOT / "docs/defects.json").read_text("utf-8"))}
CORE = sorted(identity for identity, entry in CATALOGUE.items() if entry["tier"] == "core")


def defects_of(pickle: Pickle) -> list[str]:
    return [tag.removeprefix("defect-") for tag in pickle.tags.defects]


def is_core(pickle: Pickle) -> bool:
    return "core" in pickle.tags.tiers


def test_the_inventory_is_what_the_features_say() -> None:
    said = {pickle.tags.identity: pickle.tags.level.value for pickle in PICKLES}
    listed = read_inventory(ROOT / "features" / INVENTORY)
    lines = [f"remove the line `{one} {level}`" for one, level in listed.items() if one not in said]
    lines += [f"add the line `{one} {level}`" for one, level in said.items() if one not in listed]
    lines += [
        f"write `{one} {said[one]}` instead of `{one} {level}`"
        for one, level in listed.items()
        if one in said and said[one] != level
    ]
    assert not lines, (
        "features/inventory.txt and the features differ. If a requirement was lost or its level changed by "
        "accident, mend the feature; if it was meant, edit the file by hand: " + "; ".join(lines)
    )


def test_the_inventory_is_sorted_and_says_each_identity_once() -> None:
    lines = (ROOT / "features" / INVENTORY).read_text("utf-8").splitlines()
    identities = [line.split()[0] for line in lines]
    assert identities == sorted(set(identities))


def test_a_requirement_has_one_level_and_stands_in_one_scenario() -> None:
    told = [
        (pickle.tags.identity, pickle.outline, path.name) for path in FEATURES for pickle in read_feature(path)
    ]
    places: dict[str, set[tuple[str, str]]] = {}
    for identity, name, file in told:
        places.setdefault(identity, set()).add((file, name))
    twice = {identity: sorted(where) for identity, where in places.items() if len(where) > 1}
    assert not twice, f"each identity names one scenario: {twice}"


def test_every_defect_tag_names_an_entry_of_the_catalogue() -> None:
    unknown = {
        f"@defect-{defect} ({pickle.tags.identity})"
        for pickle in PICKLES
        for defect in defects_of(pickle)
        if defect not in CATALOGUE
    }
    assert not unknown, f"docs/defects.json has no such entry: {sorted(unknown)}"


def test_the_catalogue_is_whole() -> None:
    assert len(CATALOGUE) == 238
    assert len(CORE) == 44
    assert all(entry["probe"] and entry["fail_when"] and entry["level"] for entry in CATALOGUE.values())


@pytest.mark.parametrize("defect", CORE)
def test_a_core_defect_is_covered_by_a_core_scenario(defect: str) -> None:
    covering = {pickle.tags.identity for pickle in PICKLES if is_core(pickle) and defect in defects_of(pickle)}
    assert covering, f"no scenario tagged @core carries @defect-{defect}"


def test_a_must_covers_only_what_the_catalogue_calls_a_must() -> None:
    too_strong = sorted(
        {
            f"{pickle.tags.identity} is a MUST, but {defect} is a {CATALOGUE[defect]['level']}"
            for pickle in PICKLES
            for defect in defects_of(pickle)
            if pickle.tags.level.value == "must" and not _is_must(CATALOGUE[defect])
        }
    )
    assert not too_strong


def _is_must(entry: dict[str, Any]) -> bool:
    # Of some a part is.
    return entry["level"] == "MUST" or "FAIL (MUST)" in entry["fail_when"]


def test_a_must_of_the_catalogue_is_a_must_somewhere() -> None:
    """A SHOULD scenario may be a part of a MUST defect, but not all there is of it."""
    strongest: dict[str, set[str]] = {}
    for pickle in PICKLES:
        for defect in defects_of(pickle):
            strongest.setdefault(defect, set()).add(pickle.tags.level.value)
    musts = {defect for defect, entry in CATALOGUE.items() if entry["level"] == "MUST"}
    weak = {defect for defect, levels in strongest.items() if defect in musts and "must" not in levels}
    assert not weak, f"a MUST of the catalogue that only SHOULD scenarios cover: {sorted(weak)}"


def test_a_requirement_is_as_severe_as_the_worst_defect_that_breaks_it() -> None:
    ranks = ("critical", "high", "medium", "low", "info")
    wrong = {
        f"{pickle.tags.identity} is @{pickle.tags.severity}, and {worst} is {CATALOGUE[worst]['severity']}"
        for pickle in PICKLES
        if defects_of(pickle)
        for worst in [min(defects_of(pickle), key=lambda defect: ranks.index(CATALOGUE[defect]["severity"]))]
        if pickle.tags.severity != CATALOGUE[worst]["severity"].replace("info", "low")
    }
    assert not wrong

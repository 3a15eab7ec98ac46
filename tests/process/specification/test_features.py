"""The lint of the feature files and step modules: what is written is what runs, and nothing is left over."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler

ROOT = Path(__file__).resolve().parents[3]
FEATURES = sorted((ROOT / "features").glob("*.feature"))
LIMIT_SECONDS = 120.0
LONGEST = 8
LEVELS = {"@must", "@should", "@may"}
VENDORS = re.compile(
    r"\b(better.?auth|next\.?js|auth\.js|supabase|auth0|clerk|firebase|keycloak|django|rails|laravel|lucia|okta"
    r"|cognito|authentik|ory|zitadel|supertokens|fusionauth|spring)\b",
    re.IGNORECASE,
)
EXAMPLE_HEADER = re.compile(r"^\s*\|\s*[A-Za-z-]+: .*\|\s*$")
"""An Examples row that is a header's name and value; some servers' own headers have telling names."""


def parsed(path: Path) -> Any:
    return Parser().parse(path.read_text("utf-8"))


def compiled(path: Path) -> list[Any]:
    return Compiler().compile(parsed(path) | {"uri": path.name})


def scenarios_in(node: Any) -> Iterator[Any]:
    for child in node["children"]:
        if "scenario" in child:
            yield child["scenario"]
        elif "rule" in child:
            yield from scenarios_in(child["rule"])


PICKLES = [
    pytest.param(pickle, id=f"{path.stem}: {pickle['name']}") for path in FEATURES for pickle in compiled(path)
]


@pytest.fixture(scope="module")
def collected() -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.collected"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_pytest_runs_exactly_what_the_official_parser_reads(collected: dict[str, Any]) -> None:
    read = sorted(
        (path.name, pickle["name"], [step["text"] for step in pickle["steps"]])
        for path in FEATURES
        for pickle in compiled(path)
    )
    runs = sorted((one["file"], one["name"], one["steps"]) for one in collected["scenarios"])
    assert runs == read


def test_pytest_runs_every_examples_row(collected: dict[str, Any]) -> None:
    rows = sorted(
        [path.name, *sorted(zip((c["value"] for c in table["tableHeader"]["cells"]), cells, strict=True))]
        for path in FEATURES
        for scenario in scenarios_in(parsed(path)["feature"])
        for table in scenario["examples"]
        for cells in ([cell["value"] for cell in row["cells"]] for row in table["tableBody"])
    )
    assert (
        sorted([one["file"], *sorted(one["row"].items())] for one in collected["scenarios"] if one["row"]) == rows
    )


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
    assert [tag for tag in tags if re.match(r"@(rfc|asvs|cwe|wstg|nist|api\d|cve|ghsa|fetch|html)", tag)]
    assert len(tags) == len(set(tags)), "each tag once"


@pytest.mark.parametrize("path", FEATURES, ids=lambda path: path.stem)
def test_a_scenario_is_short(path: Path) -> None:
    too_long = [one["name"] for one in scenarios_in(parsed(path)["feature"]) if len(one["steps"]) > LONGEST]
    assert not too_long, f"more than {LONGEST} steps; use a Background: {too_long}"


def test_every_step_definition_is_used(collected: dict[str, Any]) -> None:
    unused = [f"{one['where']}: {one['sentence']}" for one in collected["definitions"] if not one["used"]]
    assert not unused, f"no feature uses these step definitions; remove them: {unused}"


def test_no_step_definition_is_a_coroutine(collected: dict[str, Any]) -> None:
    assert not [one["where"] for one in collected["definitions"] if one["is_async"]]


def test_no_two_step_definitions_have_one_sentence(collected: dict[str, Any]) -> None:
    sentences = [one["sentence"] for one in collected["definitions"]]
    assert len(sentences) == len(set(sentences)), sorted({one for one in sentences if sentences.count(one) > 1})


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

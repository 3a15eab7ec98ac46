"""What is written in the feature files is what pytest runs, and no step definition is left over."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

import harness
from harness.core.vocabulary import Vocabulary
from tests.support.features import FEATURES, compiled, parsed, scenarios_in
from tests.support.limits import LIMIT_SECONDS
from tests.support.suite import ROOT


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


def test_every_step_definition_is_used(collected: dict[str, Any]) -> None:
    unused = [f"{one['where']}: {one['sentence']}" for one in collected["definitions"] if not one["used"]]
    assert not unused, f"no feature uses these step definitions; remove them: {unused}"


def test_no_step_definition_is_a_coroutine(collected: dict[str, Any]) -> None:
    assert not [one["where"] for one in collected["definitions"] if one["is_async"]]


def test_no_two_step_definitions_have_one_sentence(collected: dict[str, Any]) -> None:
    sentences = [one["sentence"] for one in collected["definitions"]]
    assert len(sentences) == len(set(sentences)), sorted({one for one in sentences if sentences.count(one) > 1})


def vocabularies() -> Iterator[Vocabulary[Any]]:
    for module in pkgutil.walk_packages(harness.__path__, "harness."):
        if module.name.startswith(("harness.flows.", "harness.deployment.")):
            yield from (one for one in vars(import_module(module.name)).values() if isinstance(one, Vocabulary))


def test_every_word_of_a_step_or_its_table_is_of_its_vocabulary(collected: dict[str, Any]) -> None:
    unknown = {f'{one["noun"]}: "{one["word"]}"' for one in collected["words"] if not one["is_known"]}
    assert not unknown, f"a step would end in an error at these words: {sorted(unknown)}"


def test_every_word_of_a_vocabulary_is_used(collected: dict[str, Any]) -> None:
    used = {(one["noun"], one["word"]) for one in collected["words"]}
    known = {(one.noun, word) for one in vocabularies() for word in one}
    assert known
    assert not known - used, f"no feature uses these words; remove them: {sorted(known - used)}"

"""What pyproject.toml asks of the environments that the suite is installed in, and what a release needs."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement

from auth_conformance import __version__
from tests.support.suite import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = [one for requirements in PROJECT["optional-dependencies"].values() for one in requirements]
BOUNDED = {"httpx", "pytest", "pytest-bdd"}
"""Those whose next version is known or likely to break the suite; docs/decisions.md says why."""


def bounded(requirement: Requirement) -> bool:
    """Whether later versions are excluded."""
    return any(one.operator in ("<", "<=", "==", "~=", "!=", "===") for one in requirement.specifier)


def test_versions_are_bounded_above_only_where_it_is_said_why() -> None:
    every = [Requirement(text) for text in [*PROJECT["dependencies"], *EXTRAS]]
    assert {one.name for one in every if bounded(one)} == BOUNDED
    decisions = (ROOT / "docs" / "decisions.md").read_text("utf-8")
    reason = decisions.partition("**Dependencies have lower bounds, and few upper ones.**")[2].partition("\n\n")[0]
    assert [name for name in BOUNDED if name not in reason] == []
    assert not bounded(Requirement(f"python{PROJECT['requires-python']}"))


def test_the_lock_file_has_the_version_of_the_package_and_every_python_of_the_classifiers() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
    (own,) = [one for one in lock["package"] if one["name"] == PROJECT["name"]]
    assert own["version"] == PROJECT["version"] == __version__
    assert lock["requires-python"] == PROJECT["requires-python"]
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    assert named == ["3.11", "3.12", "3.13", "3.14"]
    assert f"pythons=({' '.join(named)})" in (ROOT / ".ci" / "package").read_text("utf-8")


def test_the_changelog_has_the_form_that_a_release_is_cut_from() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text("utf-8").splitlines()
    assert lines[0] == "# Changelog"
    releases = [line for line in lines if line.startswith("## ")]
    assert releases[0] == "## [Unreleased]"
    assert [
        line for line in releases[1:] if not re.fullmatch(r"## \[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", line)
    ] == []


@pytest.mark.parametrize("name", ["Dockerfile", ".dockerignore"])
def test_the_image_has_what_the_wheel_has(name: str) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    folders = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    text = (ROOT / name).read_text("utf-8")
    form = "COPY {0} {0}\n" if name == "Dockerfile" else "!{0}\n"
    assert [folder for folder in folders if form.format(folder) not in text] == []


def test_the_image_runs_as_no_root_and_takes_the_lock_as_it_is() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    final = text.rpartition("\nFROM ")[2]
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", final, re.MULTILINE)
    assert re.findall(r"uv sync (?!--quiet --frozen)", text) == []

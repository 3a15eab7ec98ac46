"""The profile's JSON Schema, for editors.

Completion, descriptions, and a mark under unknown keys.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from harness.core.text import json_text
from harness.profile.extraction import Extraction, as_extraction
from harness.profile.inheritance import builtin_names
from harness.profile.operation import Outcomes, Predicate
from harness.profile.operations import Identity
from harness.profile.pages import FormField, FurtherField
from harness.profile.profile import Profile
from harness.profile.toml.strings import Pointer, as_list

ADDRESS = "https://json-schema.org/draft/2020-12/schema"
EXTENDS = (
    f"What it starts from: a built-in profile ({', '.join(builtin_names())}) or a file, by its path from this one."
)
_PART = "Part"
_VALUES = [model.__name__ for model in (Predicate, Outcomes, Identity, Extraction, FormField, FurtherField)]
"""What a profile that extends another writes whole, or needs nothing of."""
_POINTER = TypeAdapter(Pointer).json_schema()
_Before: TypeAlias = core_schema.BeforeValidatorFunctionSchema


class _Generator(GenerateJsonSchema):
    """Adds what the profile's validators accept, and that TOML has no null."""

    def function_before_schema(self, schema: _Before) -> JsonSchemaValue:
        inner = super().function_before_schema(schema)
        if schema["function"]["function"] is as_extraction:
            return {"anyOf": [_POINTER, inner]}
        return {"anyOf": [inner["items"], inner]} if schema["function"]["function"] is as_list else inner

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        told_elsewhere = isinstance(schema.get("default"), BaseModel)  # by the defaults of its fields
        is_none = schema.get("default") is None
        return (
            self.generate_inner(schema["schema"]) if told_elsewhere or is_none else super().default_schema(schema)
        )

    def encode_default(self, dft: Any) -> Any:  # noqa: ANN401 - the base class's signature
        if isinstance(dft, list):
            return [self.encode_default(one) for one in dft]
        if isinstance(dft, Extraction):
            return dft.pointer
        return dft.model_dump(exclude_defaults=True) if isinstance(dft, BaseModel) else super().encode_default(dft)

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 - the base class's signature
        return False


def schema_text() -> str:
    """The JSON Schema as it is printed and committed."""
    return json_text(profile_schema())


def profile_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a profile's file.

    A profile that extends another may leave out every key, and may write ``false`` in place of a table.
    """
    whole = Profile.model_json_schema(by_alias=True, schema_generator=_Generator)
    definitions = whole.pop("$defs")
    parts = {f"{name}{_PART}": _part(schema) for name, schema in definitions.items() if name not in _VALUES}
    part = _part(whole)
    del part["not"]
    return {
        "$schema": ADDRESS,
        **part,
        "type": "object",
        "title": "A profile of auth-conformance",
        "properties": {"extends": {"description": EXTENDS, "type": "string"}, **part["properties"]},
        "if": {"not": {"required": ["extends"]}},
        "then": {"required": whole["required"], "properties": whole["properties"]},
        "$defs": {**definitions, **parts},
    }


def _part(schema: Any) -> Any:  # noqa: ANN401 - JSON
    """A copy without required keys that accepts ``false`` for its tables."""
    if isinstance(schema, list):
        return [_part(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    copy = {key: _part(value) for key, value in schema.items() if key not in ("required", "discriminator")}
    if "$ref" in copy and copy["$ref"].rpartition("/")[2] not in _VALUES:
        copy["$ref"] += _PART
    if "oneOf" in copy:  # without the required keys more than one of them may fit
        copy["anyOf"] = copy.pop("oneOf")
    if copy.get("type") == "object":
        copy |= {"type": ["object", "boolean"], "not": {"const": True}}
    return copy

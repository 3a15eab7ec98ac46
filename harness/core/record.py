"""What the plain data of reports is built from."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """Plain data that never changes and has no undeclared field.

    The docstrings of its fields are descriptions in its JSON Schema.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

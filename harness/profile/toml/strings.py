"""Strings of a TOML file whose form is checked: paths, pointers, patterns, origins."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator


def _is_pointer(value: str) -> str:
    if value and not value.startswith("/"):
        raise ValueError(f'a JSON pointer starts with "/" (RFC 6901); write "/{value}"')
    return value


def _is_path(value: str) -> str:
    if not value.startswith("/"):
        raise ValueError(f'a path starts with "/"; write "/{value}"')
    return value


def _is_regex(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return value


def _is_origin(value: str) -> str:
    if not re.fullmatch(r"https?://[^/?#@\s]+", value):
        raise ValueError(f'"{value}" is not an origin; write it like "https://app.example.com", without a path')
    return value


def _is_variable(value: str) -> str:
    if not re.fullmatch(r"[A-Z_][A-Z0-9_]{0,63}", value):
        raise ValueError(
            "this is the name of an environment variable, and never the secret itself: a profile is committed. "
            'Write a name such as "APP_JWT_SECRET", and set that variable where the suite runs'
        )
    return value


def _is_status(value: object) -> object:
    known = (isinstance(value, int) and 100 <= value <= 599) or (
        isinstance(value, str) and re.fullmatch(r"[1-5]xx", value)
    )
    if not known or isinstance(value, bool):
        raise ValueError('not a status; write a number such as 200, or a class such as "2xx"')
    return value


def as_list(value: object) -> object:
    """A value that may stand alone, as the list that it stands for."""
    return value if isinstance(value, list) else [value]


Pointer = Annotated[str, AfterValidator(_is_pointer)]

Path = Annotated[str, AfterValidator(_is_path)]

Regex = Annotated[str, AfterValidator(_is_regex)]

Origin = Annotated[str, AfterValidator(_is_origin)]

Variable = Annotated[str, AfterValidator(_is_variable)]

StatusPattern = Annotated[int | str, BeforeValidator(_is_status)]

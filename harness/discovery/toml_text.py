"""TOML from values that a deployment sent.

Everything goes through here, so that none of it can be more than a value.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

import jinja2

_WIDTH = 115
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SPREAD = ("outcomes",)
"""Tables whose keys are written a line each."""


class Toml(str):
    """Text that is TOML already."""

    __slots__ = ()


def literal(value: Any) -> Toml:  # noqa: ANN401 - JSON is any
    """A value in TOML.

    Raises TypeError for None, which TOML does not have.
    """
    if isinstance(value, Toml):
        return value
    if isinstance(value, bool):
        return Toml(str(value).lower())
    if isinstance(value, int | float):
        return Toml(value)
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key(name)} = {literal(one)}" for name, one in value.items())
        return Toml(f"{{ {inner} }}" if inner else "{}")
    if isinstance(value, list | tuple):
        return Toml(f"[{', '.join(literal(one) for one in value)}]")
    raise TypeError(f"{value!r} can't be written as TOML")


def _string(text: str) -> Toml:
    clean = text.encode("utf-8", "replace").decode("utf-8")  # JSON may hold halves of characters
    if ("\\" in clean or '"' in clean) and clean.isprintable() and "'" not in clean:
        return Toml(f"'{clean}'")
    quoted = json.dumps(clean, ensure_ascii=False)
    return Toml("".join(one if one.isprintable() else _escaped(one) for one in quoted))


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"


def key(name: str) -> str:
    """A key, quoted where it has to be."""
    return name if _BARE.fullmatch(name) else json.dumps(name) if name.isascii() else _string(name)


def comment(*sentences: str) -> Toml:
    """Sentences as comment lines, each beginning a line."""
    lines = []
    for sentence in sentences:
        clean = "".join(one if one.isprintable() else " " for one in sentence)
        lines += textwrap.wrap(
            clean, _WIDTH, initial_indent="# ", subsequent_indent="#   ", break_on_hyphens=False
        )
    return Toml("".join(f"{line}\n" for line in lines))


def block(header: str, table: Mapping[str, Any], notes: Iterable[str] = ()) -> Toml:
    """A table with its header, comments before it."""
    lines = [f"[{header}]\n"]
    for name, value in table.items():
        if name in _SPREAD:
            lines += [f"{key(name)}.{key(inner)} = {literal(one)}\n" for inner, one in value.items()]
        else:
            lines.append(f"{key(name)} = {literal(value)}\n")
    return Toml(comment(*notes) + "".join(lines))


def commented_out(text: str) -> Toml:
    """TOML as a comment, in force once the number signs are removed."""
    return Toml("".join(f"# {line}\n" for line in text.splitlines()))


def filled(template: str, context: Mapping[str, Any]) -> str:
    """A profile's text from its template.

    What is inserted is written as a TOML value, unless it is TOML already.
    """
    environment = jinja2.Environment(  # noqa: S701 - TOML, and all of it goes through `literal`
        finalize=literal,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    text = environment.from_string(template).render(context)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"

"""Writes docs/profile.md, its JSON Schema and docs/builtin-profiles.md.

Run ``python -m harness.profile.documentation`` in a checkout after a change of a model or of
docs/profile.intro.md.
"""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from harness.core.text import abridged
from harness.profile.amounts import amounts_to
from harness.profile.extraction import Extraction
from harness.profile.inheritance import builtin_names
from harness.profile.loader import chain_of
from harness.profile.operation import Operation
from harness.profile.pages import FormField
from harness.profile.profile import Profile
from harness.profile.schema import EXTENDS, schema_text
from harness.profile.toml.location import KeyPath
from harness.profile.toml.problems import dotted, inline
from harness.profile.toml.shape import alone_too, fields_of, form_of, kind_of, models_in, taken_by

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

DOCS = pathlib.Path(__file__).parents[2] / "docs"
INTRODUCTION = DOCS / "profile.intro.md"
PAGE = DOCS / "profile.md"
SCHEMA = DOCS / "profile.schema.json"
BUILT_IN = DOCS / "builtin-profiles.md"

_GENERATED = "<!-- Generated from profile.intro.md and the models by: python -m harness.profile.documentation -->"
_GENERATED_BUILT_IN = "<!-- Generated from the built-in profiles by: python -m harness.profile.documentation -->"
_BUILT_IN_PAGE = """# The built-in profiles

What each amounts to. `auth-conformance profile show NAME|FILE` prints the same of any profile, and where each line
comes from. [docs/profile.md](profile.md) describes the keys."""
_CALLED: dict[type[BaseModel], str] = {Operation: "an operation", FormField: "a form field"}
"""What a model is called that others extend."""
_SHOWN = 3
"""So many of a table's places stand in its heading."""


@dataclass
class Section:
    """One model, and every table of a profile that it describes."""

    model: type[BaseModel]
    places: list[KeyPath] = field(default_factory=list)


def page_text() -> str:
    """The whole page: the introduction, then each table."""
    tables = "\n".join(_section(section) for section in sections())
    return f"{_GENERATED}\n\n{INTRODUCTION.read_text('utf-8').rstrip()}\n\n## Every field\n\n{tables}"


def sections() -> list[Section]:
    """The profile's models in the order of their first tables.

    Those nearest to the top come first.
    """
    found: dict[type[BaseModel], Section] = {}
    level: list[tuple[KeyPath, type[BaseModel]]] = [((), Profile)]
    while level:
        for path, model in level:
            found.setdefault(model, Section(model)).places.append(path)
        level = [below for path, model in level for below in _below(path, model)]
    order = list(Profile.model_fields)
    return sorted(found.values(), key=lambda section: _rank(section.places[0], order))


def _below(path: KeyPath, model: type[BaseModel]) -> Iterator[tuple[KeyPath, type[BaseModel]]]:
    for key, inner in fields_of(model).items():
        for below in models_in(inner.annotation):
            yield (*path, key), below


def _rank(path: KeyPath, order: list[str]) -> int:
    return order.index(str(path[0])) if path else -1


def _section(section: Section) -> str:
    base = _described_base(section.model)
    inherited = fields_of(base) if base is not None else {}
    rows = [f"| `extends` | text |  | {EXTENDS} |\n"] if section.model is Profile else []
    rows += [_row(key, inner) for key, inner in fields_of(section.model).items() if key not in inherited]
    more = f"\nAnd every field of {_CALLED[base]}.\n" if base is not None else ""
    table = "| key | takes | default | |\n|---|---|---|---|\n" + "".join(rows)
    return f"### {_heading(section)}\n\n{cleandoc(section.model.__doc__ or '')}\n\n{table}{more}"


def _described_base(model: type[BaseModel]) -> type[BaseModel] | None:
    """The model that it extends, if that has its own section."""
    base = model.__bases__[0]
    return base if base in [section.model for section in sections()] else None


def _heading(section: Section) -> str:
    if section.places == [()]:
        return "The top of the file"
    names = [f"`[{dotted(place)}]`" for place in section.places]
    shown = abridged(names, _SHOWN)
    kind = kind_of(section.model)
    return f"{shown} with `kind = {inline(kind)}`" if kind is not None else shown


def _row(key: str, inner: FieldInfo) -> str:
    meaning = " ".join((inner.description or _first_sentence(inner)).split())
    return f"| `{key}` | {_takes(inner)} | {_default(inner)} | {meaning.replace('|', chr(92) + '|')} |\n"


def _first_sentence(inner: FieldInfo) -> str:
    return (models_in(inner.annotation)[0].__doc__ or "").partition("\n")[0]


def _takes(inner: FieldInfo) -> str:
    form, taken = form_of(inner), taken_by(inner)
    if form is None or models_in(inner.annotation) or taken.startswith("a table"):
        return taken.replace(" in quotation marks", "").replace("one of ", "")
    if taken.startswith("a list"):
        return f"{form.name}, or a list" if alone_too(inner) else f"list: {form.name}"
    return form.name


def _default(inner: FieldInfo) -> str:
    if inner.is_required():
        return "required"
    value = _plain(inner.get_default())
    return "" if value in (None, {}, [], "") else f"`{inline(value)}`"


def _plain(value: Any) -> Any:  # noqa: ANN401 - a default of any type
    if isinstance(value, Extraction):
        return value.pointer
    if isinstance(value, BaseModel):
        return {key: _plain(inner) for key, inner in value.model_dump(exclude_defaults=True).items()}
    if isinstance(value, list):
        plain = [_plain(inner) for inner in value]
        return plain[0] if len(plain) == 1 and isinstance(plain[0], dict) else plain
    return value


def built_in_text() -> str:
    """The page of the built-in profiles, each with all that it extends."""
    profiles = "\n".join(_built_in(name) for name in builtin_names())
    return f"{_GENERATED_BUILT_IN}\n\n{_BUILT_IN_PAGE}\n\n{profiles}"


def _built_in(name: str) -> str:
    return f"## {name}\n\n```toml\n{amounts_to(chain_of(name), origins=False)}```\n"


def main() -> None:
    """Write the files."""
    BUILT_IN.write_text(built_in_text(), "utf-8")
    PAGE.write_text(page_text(), "utf-8")
    SCHEMA.write_text(schema_text(), "utf-8")


if __name__ == "__main__":
    main()

"""A place in a profile by its models: fields, types, an example."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

from harness.core.text import listed
from harness.profile.toml.location import KeyPath, value_at
from harness.profile.toml.problems import inline
from harness.profile.toml.strings import Form, as_list

DISCRIMINATOR = "kind"
_WORDS: dict[object, tuple[str, str, Any]] = {
    bool: ("true or false", "true or false", True),
    int: ("a whole number", "whole numbers", 1),
    float: ("a number", "numbers", 1),
    str: ("text in quotation marks", "texts in quotation marks", "..."),
    dt.date: ("a date", "dates", dt.date(2030, 1, 31)),
}
"""What is taken: one, several, and an example."""
_A_TABLE = ("a table", "tables")


def fields_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields by the keys that a profile writes."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def required_in(model: type[BaseModel]) -> list[str]:
    """The keys that must be there."""
    return [key for key, field in fields_of(model).items() if field.is_required()]


def models_in(annotation: object) -> list[type[BaseModel]]:
    """Every model that the annotation allows, also in a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) is dict:
        return []
    return [model for argument in get_args(annotation) for model in models_in(argument)]


def kind_of(model: type[BaseModel]) -> str | None:
    """The ``kind`` that chooses this model among others, if any does."""
    field = model.model_fields.get(DISCRIMINATOR)
    choices = get_args(field.annotation) if field is not None else ()
    return choices[0] if len(choices) == 1 else None


def choices_of(annotation: object) -> list[Any]:
    """The words that may stand there, where these are fixed."""
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [choice for argument in get_args(annotation) for choice in choices_of(argument)]


def form_of(field: FieldInfo) -> Form | None:
    """The form of a checked text."""
    return next((one for one in (*field.metadata, *_beside(field.annotation)) if isinstance(one, Form)), None)


def _beside(annotation: object) -> Iterator[object]:
    """Everything that an annotation says besides types, at any depth."""
    yield from getattr(annotation, "__metadata__", ())
    if get_origin(annotation) is not Literal:
        for argument in get_args(annotation):
            yield from _beside(argument)


def alone_too(field: FieldInfo) -> bool:
    """Whether a list's only item may stand there without brackets."""
    said = (*field.metadata, *_beside(field.annotation))
    return any(isinstance(one, BeforeValidator) and one.func is as_list for one in said)


def taken_by(field: FieldInfo) -> str:
    """What a field takes, in words."""
    taken, form = _taken(field.annotation, 0, field.metadata), form_of(field)
    return f"a {form.name}, or {taken}" if form is not None and models_in(field.annotation) else taken


def _taken(annotation: object, number: int, limits: Iterable[object] = ()) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation in _WORDS:
        return f"{_WORDS[annotation][number]}{_range(limits)}"
    if origin is Literal:
        return ("one of " if len(arguments) > 1 and not number else "") + listed(map(inline, arguments))
    if origin in (Union, UnionType):
        return listed(dict.fromkeys(_taken(one, number) for one in arguments if one is not NoneType))
    if annotation is Any:
        return "any value"
    if origin is list:
        return _list_of(arguments[0], limits)
    if origin is Annotated:
        return _taken(arguments[0], number, _limits_in(arguments[1:]))
    if origin is dict and arguments[1] is not Any:
        return f"{_A_TABLE[number]} of {_taken(arguments[1], 1)}"
    return _A_TABLE[number]


def _list_of(item: object, limits: Iterable[object]) -> str:
    if models_in(item):
        return f"{_A_TABLE[0]}, or a list of tables"
    return f"a list of {_taken(item, 1)}{', at least one' if _limit('min_length', limits) else ''}"


def _range(limits: Iterable[object]) -> str:
    least, most = _limit("ge", limits), _limit("le", limits)
    return f" from {least} to {most}" if least is not None and most is not None else ""


def _limit(kind: str, limits: Iterable[object]) -> object:
    return next((found for one in limits if (found := getattr(one, kind, None)) is not None), None)


def _limits_in(metadata: Iterable[object]) -> list[object]:
    """What an annotation says beside its type.

    Pydantic may have packed it into a field of its own.
    """
    return [limit for one in metadata for limit in (one.metadata if isinstance(one, FieldInfo) else [one])]


def _made_up(field: FieldInfo) -> Any:  # noqa: ANN401 - of any type
    for said in (field, *_beside(field.annotation)):
        if isinstance(said, FieldInfo) and said.examples:
            return said.examples[0]
    choices, form, models = choices_of(field.annotation), form_of(field), models_in(field.annotation)
    if models and form is None:
        return {key: _made_up(fields_of(models[0])[key]) for key in required_in(models[0])}
    if get_origin(field.annotation) is dict:
        return {"some-key": "..."}
    value = choices[0] if choices else form.example if form is not None else _of_type(field.annotation)
    return [value] if get_origin(field.annotation) is list else value


def _of_type(annotation: object) -> Any:  # noqa: ANN401 - of any type
    types = [one for one in (annotation, *get_args(annotation)) if one in _WORDS]
    return _WORDS[types[0]][2] if types else {}


class Spot:
    """A place of the profile's TOML, from pydantic's name for it."""

    def __init__(self, root: type[BaseModel], content: object, location: KeyPath, shown: object) -> None:
        self.path: KeyPath = ()
        """The place in the TOML."""
        self.model = root
        """The model of the table that holds the field, or of the table that the place is."""
        self.field: FieldInfo | None = None
        """The innermost field on the way; None at the top, and for a key that is not known."""
        self.field_path: KeyPath = ()
        """Where that field stands."""
        self._content = content
        self._shown = shown
        self._annotation: object = root
        for part in location:
            self._enter(part)

    def example(self, path: KeyPath, field: FieldInfo) -> str:
        """A value for the field as TOML writes it.

        What the example profile has at ``path``, or one made up.
        """
        shown = value_at(self._shown, path)
        return inline(_made_up(field) if shown is None else shown)

    def _enter(self, part: str | int) -> None:
        models = models_in(self._annotation)
        if isinstance(part, int) or not models:
            self._enter_value(part)
        elif len(models) > 1:
            self.model = next(model for model in models if kind_of(model) == part)
            self._annotation = self.model
        elif isinstance(value_at(self._content, self.path), str):
            pass  # it stands for the table
        else:
            self.model = models[0]
            self.field = fields_of(self.model).get(part)
            self._annotation = self.field.annotation if self.field is not None else None
            self.path = self.field_path = (*self.path, part)

    def _enter_value(self, part: str | int) -> None:
        """Not if a value stands for a list or union type."""
        holder = value_at(self._content, self.path)
        if isinstance(holder, list if isinstance(part, int) else dict):
            self.path = (*self.path, part)

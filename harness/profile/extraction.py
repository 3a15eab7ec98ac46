"""Where a value stands in an answer: JSON or a page."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, model_validator

from harness.profile.operation import Model
from harness.profile.toml.strings import POINTER, Line, Pattern, Pointer, Selector


class Extraction(Model):
    """Where a value stands in an answer: JSON or a page.

    A JSON pointer may stand alone, in place of the table. In a page, `css` finds an element, or `pattern` a part
    of the HTML; together, the pattern looks in what the element says.
    """

    pointer: Pointer | None = None
    """A place in the JSON body (RFC 6901)."""
    css: Selector | None = None
    """A CSS selector. The value is what the first such element says: its text, the value of an `input`, the
    content of a `meta`."""
    attribute: Line | None = None
    """The attribute of that element, in place of what it says."""
    pattern: Pattern | None = None
    """A regular expression with one group, around the value. Alone, it looks in the whole body, or in the HTML of
    the item."""

    @model_validator(mode="after")
    def _one_place(self) -> Extraction:
        if self.pointer is not None and self.css is not None:
            raise ValueError('give one of "pointer" (for JSON) and "css" (for a page): where the value is found')
        if self.pointer is None and self.css is None and self.pattern is None:
            raise ValueError('give one of "pointer", "css" and "pattern": where the value is found')
        if self.attribute is not None and self.css is None:
            raise ValueError('"attribute" speaks of an element; give "css" as well')
        return self

    @property
    def is_pointer(self) -> bool:
        """Whether it is a JSON pointer and nothing else."""
        return self.pointer is not None and self.pattern is None

    def __str__(self) -> str:
        """The place in words, as messages name it."""
        if self.css is not None:
            place = f'css "{self.css}"' + (f", attribute {self.attribute}" if self.attribute is not None else "")
        else:
            place = self.pointer or ""
        if self.pattern is None:
            return place or "the top"
        return f'{place + ", " if place else ""}pattern "{self.pattern}"'


def as_extraction(value: object) -> object:
    """A JSON pointer as the table that it stands for."""
    return {"pointer": value} if isinstance(value, str) else value


ValueAt = Annotated[Extraction, BeforeValidator(as_extraction), POINTER]


def at_pointer(pointer: str) -> Extraction:
    """The place that a JSON pointer names."""
    return Extraction(pointer=pointer)

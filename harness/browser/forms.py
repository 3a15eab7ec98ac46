"""What is typed into a deployment's forms, as its profile says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from harness.core.errors import Absent
from harness.deployment.template import render

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from harness.profile.pages import FormField, Pages


@dataclass(frozen=True)
class Form:
    """A form: its page, what its fields get, and its button."""

    path: str
    entries: tuple[tuple[FormField, str | bool], ...]
    button: str


def sign_in_form(pages: Pages, values: Mapping[str, str]) -> Form:
    """The sign-in form for a person's address and password."""
    entries = [(pages.email, values["email"]), (pages.password, values["password"])]
    return Form(pages.sign_in, (*entries, *_further(pages, "sign_in", values)), pages.sign_in_button)


def sign_up_form(pages: Pages, values: Mapping[str, str]) -> Form:
    """The sign-up form for a new person.

    Raises Absent where there is none.
    """
    fields = [
        (pages.name, "name"),
        (pages.email, "email"),
        (pages.password, "password"),
        (pages.confirm, "password"),
    ]
    entries = [(field, values[key]) for field, key in fields if field is not None]
    return Form(sign_up_page(pages), (*entries, *_further(pages, "sign_up", values)), pages.sign_up_button)


def sign_up_page(pages: Pages) -> str:
    """The path of the sign-up page. Raises Absent where there is none."""
    if pages.sign_up is False:
        raise Absent("The profile declares no sign-up page.")
    return pages.sign_up


def _further(
    pages: Pages, page: Literal["sign_up", "sign_in"], values: Mapping[str, str]
) -> Iterator[tuple[FormField, str | bool]]:
    for field in pages.fields:
        if field.page == page:
            yield field, field.check if field.check is not None else str(render(field.fill, values))


def key_of(pages: Pages, place: FormField | str) -> str:
    """The key of the profile for a field or button."""
    for key in type(pages).model_fields:
        value = getattr(pages, key)
        if value is place or value == place or (isinstance(value, list) and place in value):
            return f"pages.{key}"
    return "pages"

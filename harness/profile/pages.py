"""The pages of a deployment, for a real browser."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from harness.profile.operation import Model
from harness.profile.toml.strings import Line, Path, Regex, as_list


class FormField(Model):
    """How a form field is found."""

    by: Literal["label", "placeholder", "name", "role"] = "label"
    """By its label, its placeholder, its `name` attribute, or as a textbox of that accessible name."""
    value: Line
    """The label, placeholder or name."""


def _names_one(value: str) -> str:
    if re.search(r"\{(name|email|username|local|user_id)\}", value) is None:
        raise ValueError('it is the same for everyone; name the person, as in "Hello, {name}"')
    return value


Shown = Annotated[Line, AfterValidator(_names_one)]
"""A text that only one person's pages have."""


class FurtherField(FormField):
    """A further field or check box, and what is put into it."""

    page: Literal["sign_up", "sign_in"] = "sign_up"
    """The page whose form has it."""
    fill: Line | None = None
    """The text to type, or the option to choose from a list; it may hold `{name}`, `{email}`, `{password}`,
    `{username}` and `{env:NAME}`."""
    check: bool | None = None
    """Whether the check box is to be ticked."""

    @model_validator(mode="after")
    def _one_value(self) -> FurtherField:
        if (self.fill is None) == (self.check is None):
            raise ValueError(
                'a field is filled or ticked; write `fill = "..."` or `check = true`, and one of them'
            )
        return self


class Pages(Model):
    """The pages that users see, and how a browser uses them."""

    sign_up: Path | Literal[False]
    """The page with the sign-up form, or `false` where there is none."""
    sign_in: Path
    """The page with the sign-in form, to which anonymous clients are sent."""
    protected: Annotated[list[Path], Field(min_length=1)]
    """Pages that only a signed-in person sees; the first one shows the person's tasks, or what `shows` says."""
    shows: Annotated[list[Shown], Field(min_length=1)] = ["{name}", "{email}"]
    """What these pages show of their owner besides tasks, with `{name}`, `{email}`, `{local}` (the address up to
    the @), `{username}` or `{user_id}`: one is enough to know whose page it is, and none may be another user's."""
    anonymous: Literal["sent to sign-in", "refused"] = "sent to sign-in"
    """What anonymous clients get at a protected page: the way to sign-in, or a refusal such as 404."""
    after_sign_in: Path
    """Where sign-in leads."""
    name: FormField | None = None
    """The field for the name, where sign-up has one."""
    email: FormField
    """The field for the address."""
    password: FormField
    """The field for the password."""
    confirm: FormField | None = None
    """The field in which sign-up asks for the password a second time, where it does."""
    fields: Annotated[list[FurtherField], BeforeValidator(as_list)] = []
    """Further fields and check boxes that have to be filled in."""
    sign_up_button: Line
    """The button that signs up, by its accessible name or its text."""
    sign_in_button: Line
    """The button that signs in, by its accessible name or its text."""
    sign_out_button: Line
    """The button that signs out, by its accessible name or its text."""
    sign_out_steps: list[Line] = []
    """What is pressed before the sign-out button, in this order, such as the button that opens its menu."""
    bad_credentials: Regex
    """What the page says when address or password are wrong."""

    @property
    def paths(self) -> list[str]:
        """The front page and every declared one, each once."""
        sign_up = [self.sign_up] if self.sign_up else []
        return list(dict.fromkeys(["/", self.sign_in, *sign_up, *self.protected]))

"""The pages of a deployment, for a real browser."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from harness.profile.operation import Model
from harness.profile.toml.strings import Line, Path, Regex


class FormField(Model):
    """How a form field is found."""

    by: Literal["label", "placeholder", "name", "role"] = "label"
    """By its label, its placeholder, its `name` attribute, or as a textbox of that accessible name."""
    value: Line
    """The label, placeholder or name."""


class Pages(Model):
    """The pages that users see, and how a browser uses them."""

    sign_up: Path
    """The page with the sign-up form."""
    sign_in: Path
    """The page with the sign-in form, to which anonymous clients are sent."""
    protected: Annotated[list[Path], Field(min_length=1)]
    """Pages that only a signed-in person sees; the first one shows the person's tasks or name."""
    after_sign_in: Path
    """Where sign-in leads."""
    name: FormField | None = None
    """The field for the name, where sign-up has one."""
    email: FormField
    """The field for the address."""
    password: FormField
    """The field for the password."""
    sign_up_button: Line
    """The text of the button that signs up."""
    sign_in_button: Line
    """The text of the button that signs in."""
    sign_out_button: Line
    """The text of the button that signs out."""
    bad_credentials: Regex
    """What the page says when address or password are wrong."""

"""Proof that a request comes from the deployment's own page.

ASVS 5.0.0 section 3.5.1.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, model_validator

from harness.profile.operation import Base, Model
from harness.profile.toml.strings import BareCookieName, HeaderName, Line, Path, Pointer, Regex


class _Csrf(Model):
    header: HeaderName | None = None
    """The request header that carries the value."""
    field: Line | None = None
    """The field of the body that carries the value, in place of a header."""
    bases: Annotated[list[Base], Field(min_length=1)] = ["web"]
    """On which addresses requests that change something carry it, whatever their credential."""

    @model_validator(mode="after")
    def _one_way(self) -> _Csrf:
        if (self.header is None) is (self.field is None):
            raise ValueError('give one of "header" and "field": what carries the value')
        return self


class CookieToHeader(_Csrf):
    """A cookie's value is repeated in a header or field (double submit)."""

    kind: Literal["cookie to header"]
    """`cookie to header`."""
    cookie: BareCookieName
    """The cookie's bare name."""
    fetch: Path | None = None
    """A path on `--base-url` to GET while the device holds no such cookie yet."""


class Fetched(_Csrf):
    """The value is fetched by GET before each request that changes something."""

    kind: Literal["fetched"]
    """`fetched`."""
    fetch: Path
    """The path on `--base-url` to GET; cookies that it sets are kept."""
    pointer: Pointer | None = None
    """Its place in the answer's JSON, which `Accept` asks for."""
    pattern: Regex | None = None
    """A regular expression with one group that finds the value in the answer's text, such as a hidden field."""

    @model_validator(mode="after")
    def _one_place(self) -> Fetched:
        if (self.pointer is None) is (self.pattern is None):
            raise ValueError('give one of "pointer" and "pattern": where the value is found')
        if self.pattern is not None and re.compile(self.pattern).groups != 1:
            raise ValueError('"pattern" has one group, around the value: a part in parentheses such as ([^"]+)')
        return self


class FromSignIn(_Csrf):
    """The value is in the response to sign-in.

    Or to a sign-up that signs in.
    """

    kind: Literal["from sign-in"]
    """`from sign-in`."""
    pointer: Pointer
    """Its place."""


Csrf = Annotated[CookieToHeader | Fetched | FromSignIn, Field(discriminator="kind")]

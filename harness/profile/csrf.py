"""Proof that a request comes from the deployment's own page.

ASVS 5.0.0 section 3.5.1.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from harness.profile.extraction import Extraction
from harness.profile.operation import Base, Model
from harness.profile.toml.strings import BareCookieName, HeaderName, Line, Path, Pattern, Pointer, Selector


class _Csrf(Model):
    header: HeaderName | None = None
    """The request header that carries the value."""
    field: Line | None = None
    """The field of the body that carries the value, in place of a header."""
    bases: Annotated[list[Base], Field(min_length=1)] = ["web"]
    """On which addresses requests that change something carry it, whatever their credential. Where both are the
    same address, tasks that the session opens carry it in any case. `fetch` is on `web`, or on `auth` where that
    is here and `web` is not."""

    @property
    def fetched_from(self) -> Base:
        """The address that `fetch` is on."""
        return "auth" if "auth" in self.bases and "web" not in self.bases else "web"

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
    """A path to GET while the device holds no such cookie yet."""


class Fetched(_Csrf, Extraction):
    """The value is fetched by GET before each request that changes something."""

    kind: Literal["fetched"]
    """`fetched`."""
    fetch: Path
    """The path to GET; cookies that it sets are kept."""
    pointer: Pointer | None = None
    """Its place in the answer's JSON, which `Accept` asks for."""
    css: Selector | None = None
    """A CSS selector of the element that has it in a page, such as `input[name=csrf]`."""
    pattern: Pattern | None = None
    """A regular expression with one group that finds the value in the answer's text."""


class FromSignIn(_Csrf):
    """The value is in the response to sign-in.

    Or to a sign-up that signs in.
    """

    kind: Literal["from sign-in"]
    """`from sign-in`."""
    pointer: Pointer
    """Its place."""


Csrf = Annotated[CookieToHeader | Fetched | FromSignIn, Field(discriminator="kind")]

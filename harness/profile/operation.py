"""The parts of profile sections: strict models, numbers, predicates on responses."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, TypeVar, assert_never

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from harness.profile.toml.json_values import JsonObject, JsonValue
from harness.profile.toml.strings import (
    BareCookieName,
    HeaderName,
    HeaderText,
    Path,
    Pointer,
    Regex,
    StatusPattern,
    as_list,
)

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

Base = Literal["web", "api", "auth"]
"""Which address something is on: that of the pages, the API's, or that of an auth server of its own."""

_T = TypeVar("_T")

Json = dict[str, Any]


YEAR = 31_536_000
"""Seconds; a lifetime is no longer."""
Seconds = Annotated[int, Field(ge=1, le=YEAR, examples=[900])]
"""A span of time, a year at most."""


def by_base(base: Base, *, web: _T, api: _T, auth: _T) -> _T:
    """The one of three things that belongs to the base."""
    match base:
        case "web":
            return web
        case "api":
            return api
        case "auth":
            return auth
        case _:
            assert_never(base)


class Model(BaseModel):
    """Strict: unknown keys and numbers written as text are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


class Predicate(Model):
    """One way an answer may look.

    Every condition that is given must hold.
    """

    status: Annotated[list[StatusPattern], BeforeValidator(as_list), Field(min_length=1)]
    """The status: a number, a class such as `"2xx"`, or a list of these."""
    pointer: Pointer | None = None
    """A place in the JSON body (RFC 6901), for `equals` and `present`."""
    equals: JsonValue = None
    """The value at `pointer`."""
    present: bool | None = None
    """Whether there is a value other than null at `pointer`."""
    null_body: bool = False
    """The body is empty or `null`."""
    contains: Regex | None = None
    """A regular expression that is found in the body's text."""
    location: Regex | None = None
    """A regular expression that is found in the `Location` header."""
    sets_cookie: BareCookieName | None = None
    """The bare name (without `__Host-` or `__Secure-`) of a cookie that is set to a value."""

    @model_validator(mode="after")
    def _pointer_for_conditions(self) -> Predicate:
        if self.pointer is None and (self.present is not None or self.equals is not None):
            raise ValueError('"equals" and "present" speak of a place in the body; give "pointer" as well')
        if self.pointer is not None and self.present is None and self.equals is None:
            raise ValueError('"pointer" alone says nothing; add "present = true" or "equals = ..."')
        return self


Outcome = Annotated[list[Predicate], BeforeValidator(as_list), Field(min_length=1)]


class Outcomes(Model):
    """How an answer is classified.

    Each class is one predicate or a list of alternatives.

    An answer that fits `success` is never a refusal, whatever else it fits.
    """

    success: Outcome = [Predicate(status=["2xx"])]
    """It was done."""
    unauthenticated: Outcome = [Predicate(status=[401, 403])]
    """No user is signed in, or the credential is not valid."""
    forbidden: Outcome = [Predicate(status=[403, 404])]
    """The user is signed in and may not, or the existence of the thing is hidden."""
    missing: Outcome = [Predicate(status=[404, 410])]
    """There is no such thing (any more)."""
    bad_credentials: Outcome = [Predicate(status=["4xx", 302, 303])]
    """Address or password are wrong."""
    invalid: Outcome = [Predicate(status=["4xx", 302, 303])]
    """What was sent breaks a rule, such as the minimum length of a password."""
    pending_verification: Outcome | None = None
    """Sign-up's answer where the address has to be verified first: by the class that `custom` names."""
    throttled: Outcome = [Predicate(status=[429])]
    """Too many requests; the suite waits (`Retry-After`) and asks again."""


class Operation(Model):
    """One HTTP operation.

    Placeholders in `path`, `query`, `json`, `form` and `headers`: `{name}`, `{email}`, `{password}`,
    `{new_password}`, `{new_name}`, `{username}`, `{user_id}`, `{refresh_token}`, `{session_id}`, `{task_id}`,
    `{title}`, each where it is known, and `{env:NAME}` for an environment variable.
    """

    method: Method
    """The HTTP method."""
    path: Path
    """The path on `base`, with its exact slashes."""
    base: Base = "web"
    """Which address it is on: `web` (`--base-url`), `api` (`--api-url`), or `auth` (`--auth-url`), where an auth
    server has an address of its own."""
    query: dict[str, str] = {}
    """Query parameters."""
    body: JsonObject | None = Field(default=None, alias="json")
    """The body, sent as JSON."""
    form: dict[str, str] | None = None
    """The body, sent as `application/x-www-form-urlencoded`."""
    headers: dict[HeaderName, HeaderText] = {}
    """Further request headers."""
    credential: Literal["session", "token", "none"] | None = None
    """Which credential it takes. Left out: the session, except for sign-up, sign-in, keys, refresh and a
    request for a new password, which take none. A device's cookies are always sent, as a browser does."""
    outcomes: Outcomes = Outcomes()
    """How its answers are classified, where the profile's own `outcomes` do not say it."""

    def asks_for(self, placeholder: str) -> bool:
        """Whether one of its templates holds that placeholder."""
        templates = json.dumps([self.path, self.query, self.body, self.form, self.headers])
        return f"{{{placeholder}}}" in templates

    @model_validator(mode="after")
    def _one_body(self) -> Operation:
        if self.body is not None and self.form is not None:
            raise ValueError('an operation sends "json" or "form", not both; remove one')
        return self

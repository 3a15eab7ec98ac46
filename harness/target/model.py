"""What profile sections are built from: strict models, checked strings, and predicates on answers."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Base = Literal["web", "api"]
Json = dict[str, Any]


def _is_pointer(value: str) -> str:
    if value and not value.startswith("/"):
        raise ValueError(f'a JSON pointer starts with "/" (RFC 6901); write "/{value}"')
    return value


def _is_path(value: str) -> str:
    if not value.startswith("/"):
        raise ValueError(f'a path starts with "/"; write "/{value}"')
    return value


def _is_regex(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return value


def _is_origin(value: str) -> str:
    if not re.fullmatch(r"https?://[^/?#@\s]+", value):
        raise ValueError(f'"{value}" is not an origin; write it like "https://app.example.com", without a path')
    return value


def _is_variable(value: str) -> str:
    if not re.fullmatch(r"[A-Z_][A-Z0-9_]{0,63}", value):
        raise ValueError(
            "this is the name of an environment variable, and never the secret itself: a profile is committed. "
            'Write a name such as "APP_JWT_SECRET", and set that variable where the suite runs'
        )
    return value


def _is_status(value: object) -> object:
    known = (isinstance(value, int) and 100 <= value <= 599) or (
        isinstance(value, str) and re.fullmatch(r"[1-5]xx", value)
    )
    if not known or isinstance(value, bool):
        raise ValueError('not a status; write a number such as 200, or a class such as "2xx"')
    return value


def as_list(value: object) -> object:
    """A value that may stand alone, as the list that it stands for."""
    return value if isinstance(value, list) else [value]


Pointer = Annotated[str, AfterValidator(_is_pointer)]
Path = Annotated[str, AfterValidator(_is_path)]
Regex = Annotated[str, AfterValidator(_is_regex)]
Origin = Annotated[str, AfterValidator(_is_origin)]
Variable = Annotated[str, AfterValidator(_is_variable)]
StatusPattern = Annotated[int | str, BeforeValidator(_is_status)]


class Model(BaseModel):
    """Strict: a key that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Predicate(Model):
    """One way an answer may look; every condition that is given must hold."""

    status: Annotated[list[StatusPattern], BeforeValidator(as_list)]
    """The status: a number, a class such as `"2xx"`, or a list of these."""
    pointer: Pointer | None = None
    """A place in the JSON body (RFC 6901), for `equals` and `present`."""
    equals: Any = None
    """What stands at `pointer`."""
    present: bool | None = None
    """Whether anything but null stands at `pointer`."""
    null_body: bool = False
    """The body is empty or `null`."""
    contains: Regex | None = None
    """A regular expression that is found in the body's text."""
    location: Regex | None = None
    """A regular expression that is found in the `Location` header."""
    sets_cookie: str | None = None
    """The bare name (without `__Host-` or `__Secure-`) of a cookie that is set to a value."""

    @model_validator(mode="after")
    def _pointer_for_conditions(self) -> Predicate:
        if self.pointer is None and (self.present is not None or self.equals is not None):
            raise ValueError('"equals" and "present" speak of a place in the body; give "pointer" as well')
        if self.pointer is not None and self.present is None and self.equals is None:
            raise ValueError('"pointer" alone says nothing; add "present = true" or "equals = ..."')
        return self


Outcome = Annotated[list[Predicate], BeforeValidator(as_list)]


class Outcomes(Model):
    """How an answer is told apart; each class is one predicate or a list of alternatives.

    An answer that fits `success` is never a refusal, whatever else it fits.
    """

    success: Outcome = [Predicate(status=["2xx"])]
    """It was done."""
    unauthenticated: Outcome = [Predicate(status=[401, 403])]
    """Nobody is signed in, or the credential is worth nothing."""
    forbidden: Outcome = [Predicate(status=[403, 404])]
    """Somebody is signed in and may not, or is not told that there is such a thing."""
    missing: Outcome = [Predicate(status=[404, 410])]
    """There is no such thing (any more)."""
    bad_credentials: Outcome = [Predicate(status=["4xx", 302, 303])]
    """Address or password are wrong."""
    invalid: Outcome = [Predicate(status=["4xx", 302, 303])]
    """What was sent breaks a rule, such as the minimum length of a password."""
    pending_verification: Outcome | None = None
    """Sign-up's answer where the address has to be verified before anything else."""
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
    """Which address it is on: `web` (`--base-url`) or `api` (`--api-url`)."""
    query: dict[str, str] = {}
    """Query parameters."""
    body: Json | None = Field(default=None, alias="json")
    """The body, sent as JSON."""
    form: dict[str, str] | None = None
    """The body, sent as `application/x-www-form-urlencoded`."""
    headers: dict[str, str] = {}
    """Further request headers."""
    credential: Literal["session", "token", "none"] | None = None
    """Which credential it takes. Left out: the session, except for sign-up, sign-in, keys and refresh, which
    take none. A device's cookies are always sent, as a browser does."""
    outcomes: Outcomes = Outcomes()
    """How its answers are told apart, where the profile's own `outcomes` do not say it."""

    def asks_for(self, placeholder: str) -> bool:
        """Whether one of its templates holds that placeholder."""
        templates = json.dumps([self.path, self.query, self.body, self.form, self.headers])
        return f"{{{placeholder}}}" in templates

    @model_validator(mode="after")
    def _one_body(self) -> Operation:
        if self.body is not None and self.form is not None:
            raise ValueError('an operation sends "json" or "form", not both; remove one')
        return self

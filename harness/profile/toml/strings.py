"""Checked strings of a TOML file: paths, pointers, patterns, origins, ..."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from cssselect import HTMLTranslator, SelectorError
from pydantic import AfterValidator, BeforeValidator, TypeAdapter, ValidationError

from harness.core.exchange import origin_of
from harness.wire.cookies import bare_name

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic_core import CoreSchema


def _is_line(value: str) -> str:
    if not value.strip():
        raise ValueError("it is empty; write a text, or remove the line")
    if not value.isprintable():
        raise ValueError("it has a line break or an invisible character; write one line of text")
    return value


def _is_pointer(value: str) -> str:
    if value and not value.startswith("/"):
        raise ValueError(f'a JSON pointer starts with "/" (RFC 6901); write "/{value}"')
    if re.search("~(?![01])", value):
        raise ValueError('in a JSON pointer "~" stands for another character (RFC 6901); write "~0" for it')
    return value


def _is_path(value: str) -> str:
    if not value.startswith("/"):
        raise ValueError(f'a path starts with "/"; write "/{value}"')
    if not value.isprintable() or re.search(r"[\s#]", value):
        raise ValueError('a path has no white space, control character or "#"; write a space as %20')
    return value


def _is_regex(value: str) -> str:
    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return value


def _has_one_group(value: str) -> str:
    if re.compile(value).groups != 1:
        raise ValueError('a pattern has one group, around the value: a part in parentheses such as ([^"]+)')
    return value


def _is_selector(value: str) -> str:
    try:
        HTMLTranslator().css_to_xpath(value)
    except SelectorError as error:
        raise ValueError(f"not a CSS selector: {error}") from error
    return value


def _is_origin(value: str) -> str:
    if not re.fullmatch(r"https?://[^/?#@\s]+", value) or not value.isascii() or not value.isprintable():
        raise ValueError('not an origin; write it like "https://app.example.com", without a path')
    try:
        origin = origin_of(value) if urlsplit(value).hostname else ""
    except ValueError:
        origin = ""
    if not origin:
        raise ValueError('an origin with an impossible host or port; write it like "https://app.example.com"')
    if origin != value:
        raise ValueError(f'not how browsers write this origin; write "{origin}"')
    return value


def _is_plain_http(value: str) -> str:
    if not value.startswith("http://"):
        raise ValueError('not reached over plain http; write it like "http://app.example.com"')
    return value


def _is_variable(value: str) -> str:
    if not re.fullmatch(r"[A-Z_][A-Z0-9_]{0,63}", value):
        raise ValueError(
            "this is the name of an environment variable, and never the secret itself: a profile is committed. "
            'Write a name such as "APP_JWT_SECRET", and set that variable where the suite runs'
        )
    return value


def _is_header_name(value: str) -> str:
    if not re.fullmatch(_FIELD_NAME, value):
        raise ValueError(
            'not the name of a header: letters, digits and "-" (RFC 9110, 5.6.2); write it like "X-Api-Key"'
        )
    return value


def _is_header_text(value: str) -> str:
    if not (value.isascii() and value.isprintable()):
        raise ValueError("a header's value is one line of ASCII characters; remove line breaks, tabs and others")
    if value != value.strip():
        raise ValueError("a header's value has no space before or after it; remove it")
    return value


def _is_cookie_name(value: str) -> str:
    if not value or not value.isprintable() or re.search(r"[;=,\s]", value):
        raise ValueError(
            'not the name of a cookie: without spaces, control characters, ";", "," and "="; write it like "sid"'
        )
    return value


def _is_bare(value: str) -> str:
    if bare_name(value) != value:
        raise ValueError(f'a cookie is named without __Host- and __Secure-; write "{bare_name(value)}"')
    return value


def _is_host(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", value):
        raise ValueError('not a domain; write it like "example.com", and an international one in its ASCII form')
    return value


def _is_status(value: object) -> object:
    known = (isinstance(value, int) and 100 <= value <= 599) or (
        isinstance(value, str) and re.fullmatch(r"[1-5]xx", value)
    )
    if not known or isinstance(value, bool):
        raise ValueError('not a status; write a number such as 200, or a class such as "2xx"')
    return value


def takes(kind: Any, value: object) -> bool:  # noqa: ANN401 - an annotation such as `Path`
    """Whether a value is of one of the kinds below."""
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


def as_list(value: object) -> object:
    """A single value as the list that it stands for."""
    return value if isinstance(value, list) else [value]


@dataclass(frozen=True)
class Form:
    """A kind of string: its name, an example, its JSON Schema."""

    name: str
    example: str | int
    keywords: Mapping[str, Any] = field(hash=False)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The schema of the type with the keywords.

        Pydantic calls this for what it finds in an annotation.
        """
        return {**handler(schema), **self.keywords}


_FIELD_NAME = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
VARIABLE = Form("variable's name", "APP_JWT_SECRET", {"pattern": "^[A-Z_][A-Z0-9_]{0,63}$"})
_CLASSES = ["1xx", "2xx", "3xx", "4xx", "5xx"]
STATUS = Form("status", 200, {"anyOf": [{"type": "integer", "minimum": 100, "maximum": 599}, {"enum": _CLASSES}]})
_ORIGIN = Form("origin", "https://app.example.com", {"pattern": r"^https?://[^/?#@\s]+$"})
_PLAIN_HTTP = Form("http origin", "http://app.example.com", {"pattern": r"^http://[^/?#@\s]+$"})
_REGEX = Form("regular expression", "Wrong password", {"format": "regex"})
_PATTERN = Form("regular expression with one group", 'value="([^"]+)"', {"format": "regex"})
_HOST = Form("domain", "example.com", {"pattern": "^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$"})
_HEADER_TEXT = Form("text", "...", {"pattern": "^([!-~]([ -~]*[!-~])?)?$"})
_BARE_NAME = Form("cookie's bare name", "sid", {"pattern": r"^(?!__(Host|Secure)-)[^;=,\s]+$"})

Line = Annotated[str, AfterValidator(_is_line), Form("text", "...", {"pattern": r"\S"})]

POINTER = Form("JSON pointer", "/data/id", {})
"""What may stand in place of a table with a pointer."""

Pointer = Annotated[str, AfterValidator(_is_pointer), Form("JSON pointer", "/data/id", {"pattern": "^(/|$)"})]

Path = Annotated[str, AfterValidator(_is_path), Form("path", "/login", {"pattern": r"^/[^\s#]*$"})]

Regex = Annotated[str, AfterValidator(_is_regex), _REGEX]

Pattern = Annotated[str, AfterValidator(_is_regex), AfterValidator(_has_one_group), _PATTERN]

Selector = Annotated[str, AfterValidator(_is_selector), Form("CSS selector", "#account .email", {})]

Origin = Annotated[str, AfterValidator(_is_origin), _ORIGIN]

PlainHttp = Annotated[str, AfterValidator(_is_origin), AfterValidator(_is_plain_http), _PLAIN_HTTP]

Variable = Annotated[str, AfterValidator(_is_variable), VARIABLE]

Host = Annotated[str, AfterValidator(_is_host), _HOST]

HeaderName = Annotated[
    str, AfterValidator(_is_header_name), Form("header's name", "X-Api-Key", {"pattern": f"^{_FIELD_NAME}$"})
]

HeaderText = Annotated[str, AfterValidator(_is_header_text), _HEADER_TEXT]

CookieName = Annotated[
    str, AfterValidator(_is_cookie_name), Form("cookie's name", "sid", {"pattern": r"^[^;=,\s]+$"})
]

BareCookieName = Annotated[str, AfterValidator(_is_bare), AfterValidator(_is_cookie_name), _BARE_NAME]

StatusPattern = Annotated[int | str, BeforeValidator(_is_status), STATUS]

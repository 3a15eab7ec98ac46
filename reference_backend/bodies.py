"""Reading request bodies: size and type first, then one strict model each.

Never before authentication.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar
from urllib.parse import parse_qsl

from fastapi import Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from reference_backend.errors import ApiError, invalid

MAX_BYTES = 1_000_000
DRAIN_BYTES = 16_000_000  # read and dropped of a body that is too large, so that its sender hears the answer
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def _no_nul(value: str) -> str:
    if "\0" in value:
        raise ValueError("must not contain NUL")
    return value


def _one_line(value: str) -> str:
    if not value.strip() or not value.isprintable():
        raise ValueError("must be one line of visible text")
    return value


Text = Annotated[str, AfterValidator(_no_nul)]
Line = Annotated[str, Field(max_length=200), AfterValidator(_one_line)]


class Body(BaseModel):
    """Base of all bodies: strict JSON types, unknown fields ignored."""

    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)


BodyT = TypeVar("BodyT", bound=Body)


def json(model: type[BodyT]) -> Callable[[Request], Awaitable[BodyT]]:
    """Return a dependency that reads a JSON body as `model`.

    No body at all counts as `{}`.

    It raises ApiError: 413 too large, 415 not JSON, 400 BAD_REQUEST malformed, 400 VALIDATION_ERROR otherwise.
    """

    async def read(request: Request) -> BodyT:
        raw = await _bytes(request)
        if raw or "content-type" in request.headers:
            _require_type(request, JSON)
        try:
            return model.model_validate_json(raw or b"{}")
        except ValidationError as error:
            if error.errors()[0]["type"] == "json_invalid":
                raise ApiError(400, "BAD_REQUEST", "Invalid JSON in request body") from None
            raise invalid(error, "body") from None

    return read


async def form(request: Request) -> dict[str, str]:
    """Read an urlencoded form.

    Raises ApiError as `json` does. Of a repeated field the last value counts.
    """
    raw = await _bytes(request)
    _require_type(request, FORM)
    try:
        return dict(parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=50))
    except ValueError:
        raise ApiError(400, "BAD_REQUEST", "Invalid form in request body") from None


def _require_type(request: Request, expected: str) -> None:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != expected:
        raise ApiError(415, "UNSUPPORTED_MEDIA_TYPE", f"Content-Type must be {expected}")


async def _bytes(request: Request) -> bytes:
    kept = bytearray()
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= MAX_BYTES:
            kept += chunk
        elif size > DRAIN_BYTES:
            break
    if size > MAX_BYTES:
        raise ApiError(413, "CONTENT_TOO_LARGE", f"The body may have {MAX_BYTES} bytes at most")
    return bytes(kept)

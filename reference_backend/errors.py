"""Errors as clients see them: a status and `{"message", "code"}`.

They repeat nothing that the client sent and show nothing internal.
"""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from reference_backend import headers


class ApiError(Exception):
    """A refusal. `extra` are response headers, such as a challenge or Retry-After."""

    def __init__(self, status: int, code: str, message: str, extra: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.extra = extra or {}


def invalid(error: ValidationError | RequestValidationError, where: str = "") -> ApiError:
    """Turn a validation failure into a 400 without the values."""
    parts = []
    for item in error.errors():
        path = ".".join([where, *map(str, item["loc"])]).strip(".")
        parts.append(f"[{path}] {item['msg'].removeprefix('Value error, ')}")
    return ApiError(400, "VALIDATION_ERROR", "; ".join(parts))


def install(app: FastAPI, routes: list[Route]) -> None:
    """Answer every error of `app` as JSON.

    `routes` are all its routes, for the Allow header of a 405.
    """

    async def api_error(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, ApiError)  # noqa: S101 - registered for this class only
        return _answer(error)

    async def validation(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
        return _answer(invalid(error))

    async def http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
        phrase = HTTPStatus(error.status_code).phrase
        extra = dict(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            extra = {"Allow": _allowed(request, routes)}
        return _answer(ApiError(error.status_code, phrase.upper().replace(" ", "_"), phrase, extra))

    async def crash(request: Request, _error: Exception) -> JSONResponse:
        response = _answer(ApiError(500, "INTERNAL_SERVER_ERROR", "Something went wrong on our side"))
        # This answer is made outside the middleware that adds these to every other one.
        response.headers.update(headers.security(request.app.state.settings))
        return response

    async def conflict(_request: Request, _error: Exception) -> JSONResponse:
        # Something referred to was deleted while the request was under way, such as the account itself.
        return _answer(ApiError(409, "CONFLICT", "Something changed meanwhile. Try again"))

    app.add_exception_handler(ApiError, api_error)
    app.add_exception_handler(RequestValidationError, validation)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(IntegrityError, conflict)
    app.add_exception_handler(Exception, crash)


def _answer(error: ApiError) -> JSONResponse:
    body = {"message": error.message, "code": error.code}
    return JSONResponse(body, status_code=error.status, headers=error.extra)


def _allowed(request: Request, routes: list[Route]) -> str:
    methods: set[str] = set()
    for route in routes:
        if route.matches(request.scope)[0] != Match.NONE:
            methods |= set(route.methods or ())
    return ", ".join(sorted(methods or {"GET", "HEAD"}))  # none of the routes: a static file

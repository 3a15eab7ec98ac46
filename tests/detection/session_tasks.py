"""Shapes in which the session's cookie is all that opens the tasks, as profiles on top of `reference`."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request, Response

from reference_backend import identity
from reference_backend.identity import Services
from reference_backend.models import User
from tests.detection.routes import override

NO_TOKENS = """
[operations]
token = false
jwks = false
refresh = false
[credentials]
token = false
refresh = false
"""
BY_SESSION = "proxy = false\n" + NO_TOKENS + '[tasks]\nbase = "web"\ncredential = "session"\n'
"""One application: the cookie opens the tasks, and there are no tokens."""
FRONT_END_ONLY = "tasks = false\n" + NO_TOKENS
"""The API is out of reach, and the front end leads to it."""

Found = Callable[[Request, Response, Services], User]


def on_caller(change: Callable[[Found, Request, Response, Services], User]) -> None:
    """Let ``change(original, request, response, services)`` say who calls the task API."""
    original = identity.caller

    def caller(request: Request, response: Response, services: identity.UseServices) -> User:
        return change(original, request, response, services)

    override(original, caller)

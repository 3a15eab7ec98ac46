"""A backend that takes requests for a new password, and a profile that names the route."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Body, FastAPI
from fastapi.responses import JSONResponse
from sqlalchemy import select

from reference_backend.models import User
from tests.detection.seams import on_app

PATH = "/api/auth/request-password-reset"
PROFILE = f"""
[operations.request_reset]
method = "POST"
path = "{PATH}"
json = {{ email = "{{email}}" }}
"""
SENT: Any = {"message": "If there is an account, we have written to it."}


def serve_resets(answer: Callable[[str, bool], JSONResponse]) -> None:
    """Answer each request by its address, and by whether that has an account."""

    def add(made: FastAPI) -> None:
        @made.post(PATH)
        def request_reset(email: Annotated[str, Body(embed=True)]) -> JSONResponse:
            with made.state.services.database.begin() as db:
                known = db.scalar(select(User).where(User.email == email.lower())) is not None
            return answer(email, known)

    on_app(add)

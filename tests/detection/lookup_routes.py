"""A backend with routes that look up users, in a profile or in an OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, FastAPI
from sqlalchemy import select

from reference_backend.auth import user_json
from reference_backend.identity import Services
from reference_backend.models import User
from tests.detection.seams import on_app

PROFILE = (
    'user_lookups = ["/api/users", "/api/users?email={email}", "/api/users/{user_id}", "/api/check-email/{email}"]'
)
"""Where the routes are."""


def serve_lookups(routes: Mapping[str, Callable[..., Any]], document: Mapping[str, Any] | None = None) -> None:
    """Serve these handlers by GET, and the paths of an OpenAPI document, if any."""

    def add(made: FastAPI) -> None:
        router = APIRouter()
        for path, handler in routes.items():
            router.add_api_route(path, handler, methods=["GET"])
        if document is not None:
            said = {"openapi": "3.1.0", "paths": {path: {"get": one} for path, one in document.items()}}
            router.add_api_route("/openapi.json", lambda: said, methods=["GET"])
        made.router.routes[:0] = router.routes

    on_app(add)


def all_users(services: Services) -> list[dict[str, Any]]:
    """Every user, as the session tells its own."""
    with services.database.begin() as db:
        return [user_json(user) for user in db.scalars(select(User).order_by(User.created_at))]

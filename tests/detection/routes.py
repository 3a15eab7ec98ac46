"""What faults do to whole routes and to the cookie: another handler, dependency, middleware or attribute."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends, Response
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from reference_backend import cookies
from reference_backend.settings import Settings
from tests.detection.seams import middleware, on_app, replace


def serve(router: APIRouter, handler: str, faulty: Callable[..., Any], *guards: Callable[..., Any]) -> None:
    """Let the route of that handler be answered by ``faulty``, behind no more than these guards."""
    route = next(route for route in router.routes if isinstance(route, APIRoute) and route.name == handler)
    router.routes.remove(route)
    router.add_api_route(
        route.path.removeprefix(router.prefix),
        faulty,
        methods=sorted(route.methods or ()),
        status_code=route.status_code,
        dependencies=[Depends(guard) for guard in guards],
        name=handler,
    )


def wrap_route(router: APIRouter, handler: str, around: Callable[..., Any]) -> None:
    """Let the route of that handler be answered by ``around(handler, *arguments)``; its inputs stay."""
    route = next(route for route in router.routes if isinstance(route, APIRoute) and route.name == handler)
    inner = route.endpoint

    @functools.wraps(inner)
    def outer(*arguments: Any, **named: Any) -> Any:
        return around(inner, *arguments, **named)

    serve(router, handler, outer)


def override(dependency: Callable[..., Any], faulty: Callable[..., Any]) -> None:
    """Give every route that depends on ``dependency`` what ``faulty`` returns."""
    on_app(lambda made: made.dependency_overrides.update({dependency: faulty}))


def on_path(path: str, build: Callable[[ASGIApp], ASGIApp]) -> None:
    """Put a ready-made middleware, given as what builds it, before the requests for one path."""
    built: dict[ASGIApp, ASGIApp] = {}

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if scope["path"] != path:
            await inner(scope, receive, send)
            return
        if inner not in built:
            built[inner] = build(inner)
        await built[inner](scope, receive, send)

    middleware(handle)


def session_cookie(**attributes: object) -> None:
    """Set the session cookie with these arguments of ``Response.set_cookie`` changed."""

    def set_cookie(response: Response, settings: Settings, value: str, max_age: int | None) -> None:
        usual: dict[str, Any] = {"path": "/", "secure": settings.https, "httponly": True, "samesite": "lax"}
        response.set_cookie(cookies.name(settings), value, max_age=max_age, **{**usual, **attributes})

    replace(cookies, "_set", set_cookie)

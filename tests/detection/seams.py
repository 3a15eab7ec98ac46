"""What faults have in common: replacing a function of the backend, and getting between it and its callers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from types import ModuleType
from typing import Any

from fastapi import FastAPI
from jinja2 import BaseLoader, ChoiceLoader, DictLoader
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import reference_backend.__main__
from reference_backend import app, cookies, headers, pages

Middleware = Callable[[Scope, Receive, Send, ASGIApp], Awaitable[None]]


def replace(module: ModuleType | type, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Put ``function`` in the place of ``module.name``, for good; returns what was there."""
    original: Callable[..., Any] = getattr(module, name)
    setattr(module, name, function)
    return original


def wrap(module: ModuleType | type, name: str, around: Callable[..., Any]) -> None:
    """Replace ``module.name`` with ``around(original, *arguments)``."""
    original = getattr(module, name)
    setattr(module, name, lambda *arguments, **named: around(original, *arguments, **named))


def on_app(change: Callable[[FastAPI], None]) -> None:
    """Have the finished application changed before it serves: a middleware, a route, an override."""

    def around(create: Callable[..., FastAPI], *arguments: Any) -> FastAPI:
        made = create(*arguments)
        change(made)
        return made

    create_app = app.create_app
    # The program that serves has its own name for it.
    for module in (app, reference_backend.__main__):
        replace(module, "create_app", lambda *arguments: around(create_app, *arguments))


def middleware(handle: Middleware) -> None:
    """Put ``handle(scope, receive, send, inner)`` outside the whole application, for HTTP requests."""

    class Outside:
        def __init__(self, inner: ASGIApp) -> None:
            self.inner = inner

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                await handle(scope, receive, send, self.inner)
            else:
                await self.inner(scope, receive, send)

    on_app(lambda made: made.add_middleware(Outside))


def change_headers(change: Callable[[Scope, MutableHeaders], None]) -> None:
    """Let ``change(scope, headers)`` edit the headers of every answer."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        async def send_changed(message: Message) -> None:
            if message["type"] == "http.response.start":
                change(scope, MutableHeaders(scope=message))
            await send(message)

        await inner(scope, receive, send_changed)

    middleware(handle)


def edit_template(name: str, was: str, becomes: str) -> None:
    """Put ``becomes`` in the place of ``was`` in a template of the pages. Raises ValueError where it is not."""
    environment = pages.templates.env
    loader = environment.loader or BaseLoader()
    source = loader.get_source(environment, name)[0]
    if was not in source:
        raise ValueError(f"the template {name} does not hold {was!r}: write what the fault replaces in it.")
    environment.loader = ChoiceLoader([DictLoader({name: source.replace(was, becomes)}), loader])


def allow_any_script() -> None:
    """Drop the policy that lets pages run no script but the backend's own, and send forms nowhere else."""

    def security(original: Callable[..., dict[str, str]], settings: object) -> dict[str, str]:
        return {**original(settings), "Content-Security-Policy": "frame-ancestors 'self'"}

    wrap(headers, "security", security)


def request_header(scope: Scope, name: str) -> str | None:
    """A header of the request, or None."""
    wanted = name.lower().encode()
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == wanted), None)


_CURRENT: ContextVar[Scope] = ContextVar("the request being answered")


def know_the_request() -> None:
    """Let `method` and `path` tell about the request being answered, also in functions that don't get it."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        _CURRENT.set(scope)
        await inner(scope, receive, send)

    middleware(handle)


def scope() -> Scope:
    """The request being answered; `know_the_request` comes first."""
    return _CURRENT.get()


def method() -> str:
    """The method of the request being answered; `know_the_request` comes first."""
    return str(_CURRENT.get()["method"])


def path() -> str:
    """The path of the request being answered; `know_the_request` comes first."""
    return str(_CURRENT.get()["path"])


def clear_at_sign_out_only() -> None:
    """Let no answer take the session cookie away but that to a sign-out."""
    know_the_request()

    def clear(genuine: Callable[..., None], *arguments: Any) -> None:
        if path().endswith(("/sign-out", "/signout")):
            genuine(*arguments)

    wrap(cookies, "clear", clear)

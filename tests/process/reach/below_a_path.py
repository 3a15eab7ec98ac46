"""The notice board below a path, as a reverse proxy serves an application among others."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.process.server_rendered.board import Board

BASE = "/apps/board"


class Below:
    """Serves an application below the path: its links, its redirects and its cookies are there as well."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.beside: list[str] = []
        """What was asked for outside of the path."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if not path.startswith(f"{BASE}/"):
            self.beside.append(path)
            await PlainTextResponse("Another application", 404)(scope, receive, send)
            return
        inner = {**scope, "path": path.removeprefix(BASE), "raw_path": None}
        head: list[Message] = []

        async def moved(message: Message) -> None:
            if message["type"] == "http.response.start":
                head.append(message)
                return
            body = message.get("body", b"")
            for name in (b"href", b"action"):
                body = body.replace(b"%s=/" % name, b"%s=%s/" % (name, BASE.encode()))
                body = body.replace(b'%s="/' % name, b'%s="%s/' % (name, BASE.encode()))
            for start in head:
                start["headers"] = [_moved(name, value, len(body)) for name, value in start["headers"]]
                await send(start)
            head.clear()
            await send({**message, "body": body})

        await self.app(inner, receive, moved)


def _moved(name: bytes, value: bytes, size: int) -> tuple[bytes, bytes]:
    match name.lower():
        case b"location" if value.startswith(b"/"):
            return name, BASE.encode() + value
        case b"set-cookie":
            return name, value.replace(b"Path=/", b"Path=" + BASE.encode())
        case b"content-length":
            return name, str(size).encode()
        case _:
            return name, value


class BoardBelowAPath(Board):
    """The board below the path."""

    below: Below

    def app(self) -> Starlette:
        self.below = Below(super().app())
        outer = Starlette()
        outer.mount("/", self.below)
        return outer

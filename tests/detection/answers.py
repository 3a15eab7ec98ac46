"""A backend whose whole answers are others: status, headers and body, made from outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reference_backend.settings import Settings
from tests.detection.seams import middleware


@dataclass
class Exchanged:
    """A request and its answer; ``status``, ``headers`` and ``body`` may be changed."""

    method: str
    path: str
    sent: Headers
    content: bytes
    settings: Settings
    status: int
    headers: MutableHeaders
    body: bytes

    @property
    def text(self) -> str:
        """The answer's body."""
        return self.body.decode()

    @property
    def cookie(self) -> str:
        """The session cookie of the request, or empty."""
        pairs = [pair.strip().partition("=") for pair in self.sent.get("cookie", "").split(";")]
        return next((value for name, _, value in pairs if "auth.session_token" in name), "")

    @property
    def bearer(self) -> str:
        """The token of the request, or empty."""
        return self.sent.get("authorization", "").removeprefix("Bearer ")

    def says(self, text: str) -> None:
        """Put the text into a JSON error's message, or at the end of a page."""
        quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        changed = self.text.replace('{"message":"', f'{{"message":"{quoted} ', 1)
        self.body = (changed if changed != self.text else self.text.replace("</main>", f"{text}</main>")).encode()


async def collected(inner: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
    """The start of the backend's answer, and its whole body."""
    started: Message = {}
    whole = bytearray()

    async def collect(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.update(message)
        else:
            whole.extend(message.get("body", b""))

    await inner(scope, receive, collect)
    return started, bytes(whole)


def change_answers(change: Callable[[Exchanged], None]) -> None:
    """Let ``change(exchanged)`` edit every answer before it is sent."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        content = bytearray()

        async def read() -> Message:
            message = await receive()
            content.extend(message.get("body", b""))
            return message

        started, body = await collected(inner, scope, read)
        headers = MutableHeaders(raw=list(started["headers"]))
        settings: Settings = scope["app"].state.settings
        exchanged = Exchanged(
            scope["method"],
            scope["path"],
            Headers(scope=scope),
            bytes(content),
            settings,
            started["status"],
            headers,
            body,
        )
        change(exchanged)
        if exchanged.status not in (204, 304):
            headers["content-length"] = str(len(exchanged.body))
        await send({**started, "status": exchanged.status, "headers": headers.raw})
        await send({"type": "http.response.body", "body": exchanged.body})

    middleware(handle)

"""The notice board behind a gate, which lets through who has its header and its password."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.process.server_rendered.board import Board

BYPASS, USER, PASSWORD = "bypass-of-the-preview", "gatekeeper", "password-of-the-gate"
ENVIRONMENT = {"BYPASS": BYPASS, "GATE_USER": USER, "GATE_PASSWORD": PASSWORD}
REACH = """
[reach]
headers = { X-Bypass = "{env:BYPASS}" }
basic = "{env:GATE_USER}:{env:GATE_PASSWORD}"
"""
_BASIC = f"Basic {base64.b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"


@dataclass
class Gate:
    """Counts whom it let through, and whom not."""

    app: ASGIApp
    passed: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        asked = f"{scope['method']} {scope['path']}"
        if headers.get("x-bypass") != BYPASS:
            self.refused.append(asked)
            await PlainTextResponse("A preview", 403)(scope, receive, send)
        elif headers.get("authorization") != _BASIC:
            self.refused.append(asked)
            refused = PlainTextResponse("A password", 401, {"WWW-Authenticate": 'Basic realm="Preview"'})
            await refused(scope, receive, send)
        else:
            self.passed.append(asked)
            await self.app(scope, receive, send)


class GatedBoard(Board):
    """The board behind the gate."""

    gate: Gate

    def app(self) -> Starlette:
        app = super().app()
        self.gate = Gate(app)
        outer = Starlette()
        outer.mount("/", self.gate)
        return outer


class KnowsNoPassword(GatedBoard):
    """Any password opens an account."""

    def password_fits(self, member: object, password: str) -> bool:
        return True

"""The backend over plain http as well, at a port that a profile can name beforehand."""

from __future__ import annotations

import threading
from collections.abc import Callable

from fastapi import FastAPI
from starlette.types import ASGIApp
from uvicorn import Server
from uvicorn.config import Config

from tests.detection.seams import on_app


def profile_at(port: int) -> str:
    """The profile whose http address has that port, below those that systems give out."""
    return f'plain_http = "http://127.0.0.1:{port}"\n'


def serve_in_clear(port: int, build: Callable[[ASGIApp], ASGIApp] = lambda app: app) -> None:
    """Serve the application, or what is built on it, over plain http until the process ends."""

    def start(made: FastAPI) -> None:
        # `uvicorn.Config` itself may be made to serve TLS.
        config = Config(build(made), host="127.0.0.1", port=port, lifespan="off", log_level="error")
        threading.Thread(target=Server(config).run, daemon=True).start()

    on_app(start)

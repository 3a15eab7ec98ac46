"""`python -m reference_backend [--host H] [--port P]`: serve until stopped.

Prints one line on stdout once it accepts requests: `{"ready": true, "url": "http://127.0.0.1:PORT"}`. The log goes
to stderr. Exit code 2 and one sentence on stderr mean that it can't start.
"""

import argparse
import json
import logging
import socket
import sys

import uvicorn
from sqlalchemy.exc import SQLAlchemyError

from reference_backend.app import create_app
from reference_backend.settings import Settings, SettingsError, confidential, load

GRACEFUL_SECONDS = 1


class Server(uvicorn.Server):
    """A server that says on stdout when it is ready."""

    def __init__(self, config: uvicorn.Config, url: str) -> None:
        super().__init__(config)
        self.url = url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to accept requests, then print the ready line."""
        await super().startup(sockets=sockets)
        sys.stdout.write(json.dumps({"ready": True, "url": self.url}) + "\n")
        sys.stdout.flush()


def main() -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m reference_backend", description="Serve the reference backend."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    try:
        _serve(load(), arguments.host, arguments.port)
    except SettingsError as error:
        return _refuse(str(error))
    except SQLAlchemyError as error:
        return _refuse(
            f"REFERENCE_DATABASE_URL leads to no usable Postgres ({_reason(error)}): start it or correct the URL."
        )
    except KeyboardInterrupt:
        return 130
    return 0


def _serve(settings: Settings, host: str, port: int) -> None:
    with _listen(host, port) as listener:
        # Bound before anything else, so that the default base URL can name the port.
        url = f"http://{host}:{listener.getsockname()[1]}"
        app = create_app(settings.model_copy(update={"base_url": settings.base_url or _own(url)}))
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,  # any client can write X-Forwarded-For
            timeout_graceful_shutdown=GRACEFUL_SECONDS,
        )
        Server(config, url).run(sockets=[listener])


def _own(url: str) -> str:
    try:
        return confidential(url)
    except ValueError as error:
        raise SettingsError(f"REFERENCE_BASE_URL is not set, and {url} can't be used: {error}.") from None


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio sets TCP_NODELAY only then; without it every answer is 40 ms late.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)
    except (OSError, OverflowError) as error:
        listener.close()
        raise SettingsError(
            f"--host {host} --port {port} can't be listened on ({error}): choose another."
        ) from None
    return listener


def _reason(error: SQLAlchemyError) -> str:
    """Return the first line of what the driver said.

    It holds the host and the user, never the password.
    """
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().splitlines()[0]


def _refuse(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())

"""A run's Postgres: a given URL, a container, or its own server.

One server a run: the controller opens it and hands ``admin_url`` to the workers, which open it by URL.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, Literal

from harness.core import processes
from harness.reference.postgres import cleanup
from harness.reference.postgres.embedded import open_embedded
from harness.reference.postgres.server import Kind, PostgresServer, PostgresUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Kind", "Mode", "PostgresServer", "PostgresUnavailable", "open_server"]

Mode = Literal["auto", "url", "docker", "embedded"]
IMAGE = "postgres:16-alpine"
IMAGE_VARIABLE = "AUTH_CONFORMANCE_POSTGRES_IMAGE"


@contextlib.contextmanager
def open_server(mode: Mode = "auto", url: str | None = None, image: str = IMAGE) -> Iterator[PostgresServer]:
    """Give a Postgres server for as long as the context lasts.

    Args:
        mode: "auto" takes the URL if there is one, else a container if an engine answers and has or gets the
            image, else an embedded server. The others force one.
        url: ``postgresql://user:password@host:port/database`` of a user who may create databases or schemas;
            else the environment variable AUTH_CONFORMANCE_POSTGRES_URL.
        image: what a container is made of; the environment variable AUTH_CONFORMANCE_POSTGRES_IMAGE goes before.

    Raises:
        PostgresUnavailable: the forced one, or in "auto" the last one, can't be had.

    """
    url = url or os.environ.get(cleanup.URL_VARIABLE)
    image = os.environ.get(IMAGE_VARIABLE) or image
    with contextlib.ExitStack() as stack:
        yield _open(stack, mode, url, image)


def _open(stack: contextlib.ExitStack, mode: Mode, url: str | None, image: str) -> PostgresServer:
    if mode == "url" or (mode == "auto" and url):
        return stack.enter_context(_open_url(url))
    if mode in ("auto", "docker"):
        # Imported late: the Docker library costs more to import than the embedded server to start.
        from harness.reference.postgres.container import open_container

        try:
            return stack.enter_context(open_container(image))
        except PostgresUnavailable:
            if mode == "docker":
                raise
    return stack.enter_context(open_embedded())


@contextlib.contextmanager
def _open_url(url: str | None) -> Iterator[PostgresServer]:
    """Use the user's own server, and leave nothing on it."""
    if not url:
        raise PostgresUnavailable(
            f"--postgres url needs the URL of a server: set {cleanup.URL_VARIABLE} to "
            "postgresql://USER:PASSWORD@HOST:PORT/DATABASE."
        )
    server = PostgresServer("url", url, "given by URL")
    environment = {**os.environ, cleanup.URL_VARIABLE: server.admin_url}
    drop = [sys.executable, "-P", cleanup.__file__, "databases", server.token]
    # Stopping the guard runs the clean-up, and so does the death of this process.
    with processes.guard(name="the guard of the databases", cleanup_command=drop, env=environment):
        yield server

"""Postgres in a container, by testcontainers, where a Docker engine answers."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import docker
import psycopg
from docker.errors import APIError, DockerException, ImageNotFound

from harness.core import processes
from harness.reference.postgres import cleanup
from harness.reference.postgres.server import PostgresServer, PostgresUnavailable, local_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from testcontainers.community.postgres import PostgresContainer

LABEL = "auth-conformance"
ENGINE_SECONDS = 2
PULL_SECONDS = 120.0
PULL_SILENCE_SECONDS = 30
START_SECONDS = 60
CONNECT_SECONDS = 10.0
POLL_SECONDS = 0.1
PORT = 5432
DATA = "/var/lib/postgresql/data"
# Docker's Python library lets errors of the HTTP library through, which are OSErrors.
ENGINE_ERRORS = (DockerException, OSError)


@contextlib.contextmanager
def open_container(image: str) -> Iterator[PostgresServer]:
    """Run a container of the image on a loopback port.

    Remove it at the end or when this process is gone.

    Raises PostgresUnavailable when no engine answers, the image can't be had, or it does not start.
    """
    _require_engine()
    _sweep()
    _require_image(image)
    name = f"auth-conformance-postgres-{secrets.token_hex(4)}"
    remove = [sys.executable, "-P", cleanup.__file__, "container", name]
    # The guard is there before the container is, so that there is no moment at which a kill would leave it.
    with processes.guard(name=f"the guard of the container {name}", cleanup_command=remove):
        try:
            container = _container(image, name).start()
            url = _reachable_url(container)
            container.get_docker_client().client.close()
        except (*ENGINE_ERRORS, RuntimeError) as error:
            raise PostgresUnavailable(
                f"A container of the image {image} did not start: {_first_line(error)}. Look at the "
                "engine's log, or use --postgres embedded."
            ) from None
        yield PostgresServer("docker", url, f"container {name} of {image}")


def _require_engine() -> None:
    try:
        client = docker.from_env(timeout=ENGINE_SECONDS)
        try:
            client.ping()
        finally:
            client.close()
    except ENGINE_ERRORS:
        raise PostgresUnavailable(
            f"No Docker engine answers at {os.environ.get('DOCKER_HOST') or 'the default socket'}. Start one or "
            "set DOCKER_HOST, or use --postgres embedded, which needs none."
        ) from None


def _require_image(image: str) -> None:
    """Find the image on the engine or pull it, in bounded time."""
    client = docker.from_env(timeout=PULL_SILENCE_SECONDS)
    try:
        if not _is_local(client, image):
            _pull(client, image)
    finally:
        client.close()


def _is_local(client: docker.DockerClient, image: str) -> bool:
    try:
        client.images.get(image)
    except ImageNotFound:
        return False
    return True


def _pull(client: docker.DockerClient, image: str) -> None:
    deadline = time.monotonic() + PULL_SECONDS
    problem = ""
    # Without a tag the engine would pull all of them.
    reference = image if "@" in image or ":" in image.rpartition("/")[2] else f"{image}:latest"
    try:
        for event in client.api.pull(reference, stream=True, decode=True):
            problem = cast("dict[str, Any]", event).get("error", problem)
            if time.monotonic() > deadline:
                problem = f"it took longer than {PULL_SECONDS:g} s"
                break
    except ENGINE_ERRORS as error:
        problem = _first_line(error)
    if problem:
        raise PostgresUnavailable(
            f"The image {image} is not on the Docker engine and could not be pulled: {problem}. Name one "
            "that is there with AUTH_CONFORMANCE_POSTGRES_IMAGE, or use --postgres embedded."
        )


def _container(image: str, name: str) -> PostgresContainer:
    from testcontainers.community.postgres import PostgresContainer
    from testcontainers.core.config import testcontainers_config

    # Our guardian removes the container; testcontainers' own way needs one more image.
    testcontainers_config.ryuk_disabled = True
    testcontainers_config.sleep_time = POLL_SECONDS
    testcontainers_config.max_tries = int(START_SECONDS / POLL_SECONDS)
    container = PostgresContainer(
        image, username="postgres", password=secrets.token_urlsafe(18), dbname="postgres", driver=None
    )
    container.with_name(name)
    container.with_kwargs(labels={LABEL: _owner(os.getpid())})
    container.with_tmpfs_mount(DATA, "size=512m")
    container.with_env("PGDATA", f"{DATA}/pgdata")
    container.with_command("postgres -c fsync=off -c synchronous_commit=off -c full_page_writes=off")
    if _engine_is_local(container):
        # Not on every interface, the engine's default. The Docker library takes this, the declared type does not.
        cast("dict[str, object]", container.ports)[str(PORT)] = ("127.0.0.1",)
    return container


def _engine_is_local(container: PostgresContainer) -> bool:
    return container.get_docker_client().client.api.base_url.startswith("http+docker://")


def _reachable_url(container: PostgresContainer) -> str:
    """Return the first of the possible addresses that answers.

    Which one does depends on whether this process is in a container itself, and of which engine: guessing
    that from files goes wrong, connecting does not.
    """
    inner = container.get_wrapped_container()
    inner.reload()
    network = inner.attrs["NetworkSettings"]
    mapped = int(network["Ports"][f"{PORT}/tcp"][0]["HostPort"])
    addresses = [(container.get_container_host_ip(), mapped)]
    if _engine_is_local(container):
        inside = [(item["IPAddress"], PORT) for item in network["Networks"].values() if item["IPAddress"]]
        addresses = [("127.0.0.1", mapped), *inside, *addresses]
    deadline = time.monotonic() + CONNECT_SECONDS
    while True:
        for host, port in addresses:
            url = local_url(host, port, container.username, container.password, container.dbname)
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(url, connect_timeout=2).close()
                return url
        if time.monotonic() > deadline:
            tried = ", ".join(f"{host}:{port}" for host, port in addresses)
            raise RuntimeError(f"it runs, but nothing answered at {tried} within {CONNECT_SECONDS:g} s")


def _owner(pid: int) -> str:
    """Name a process among all that may use the same engine.

    An id is unique in its namespace only.
    """
    namespace = Path("/proc/self/ns/pid")
    return f"{socket.gethostname()}/{namespace.readlink() if namespace.is_symlink() else 'host'}/{pid}"


def _sweep() -> None:
    """Remove containers of dead runs on this machine."""
    client = docker.from_env(timeout=PULL_SILENCE_SECONDS)
    try:
        for container in client.containers.list(all=True, filters={"label": LABEL}, ignore_removed=True):
            owner = container.labels[LABEL]
            pid = int(owner.rpartition("/")[2])
            if owner == _owner(pid) and not _is_alive(pid) and container.id:
                cleanup.remove_container(container.id)
    except ENGINE_ERRORS as error:
        raise PostgresUnavailable(
            f"The Docker engine could not list its containers: {_first_line(error)}. Use --postgres embedded."
        ) from None
    finally:
        client.close()


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _first_line(error: BaseException) -> str:
    text = error.explanation if isinstance(error, APIError) and error.explanation else str(error)
    return (text.splitlines() or [type(error).__name__])[0].rstrip(".")
